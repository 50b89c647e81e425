"""A release by API from its sample to its files, by two people of the Debtors Team."""

import pytest

from app.accounts.permissions import Role
from tests.api.conftest import row, workbook

MONTHLY = {"scope": "full", "recipient": "MIDAS", "purpose": "Monthly load"}


@pytest.fixture
def made(ovm, team):
    ovm.upload(workbook(row(1), row(2), row(3)))
    return team.post("/releases", MONTHLY).json()


def test_two_people_bring_a_release_out_and_the_wrong_line_stays_behind(made, team, person):
    at, second = f"/releases/{made['id']}", person(Role.DEBTORS_TEAM)
    for line in (1, 2):
        assert team.post(f"{at}/sample/{line}", {"correct": True}).json()["correct"] is True
    early = second.post(f"{at}/approve")
    assert (early.status_code, early.json()["detail"].split(".")[0]) == (
        409,
        "1 line of the sample of 3 still waits to be compared with the source",
    )
    wrong = team.post(f"{at}/sample/3", {"correct": False, "reason": "amount_differs"})
    assert (wrong.status_code, wrong.json()["reason"]) == (200, "amount_differs")
    own = team.post(f"{at}/approve")
    assert own.status_code == 403 and "You prepared release 1" in own.json()["detail"]
    assert second.post(f"{at}/release").status_code == 409
    assert second.post(f"{at}/approve").json()["state"] == "approved"
    told = second.post(f"{at}/release").json()
    assert (told["state"], [line["reason"] for line in told["taken_out"]]) == ("released", ["marked_wrong"])
    assert {file["name"]: file["rows"] for file in told["files"]}["midas.csv"] == 2
    assert team.get(at).json() == told
    assert second.post(f"{at}/release").status_code == 409


def test_a_release_is_abandoned_with_a_reason_and_the_next_can_be_prepared(made, team):
    at = f"/releases/{made['id']}"
    assert team.post(f"{at}/abandon", {"reason": " "}).status_code == 422
    told = team.post(f"{at}/abandon", {"reason": "The wrong recipient."}).json()
    assert (told["state"], told["abandoned_because"]) == ("abandoned", "The wrong recipient.")
    assert team.post("/releases", MONTHLY).status_code == 201


@pytest.mark.parametrize(
    ("line", "judgement", "status"),
    [
        (1, {"correct": False}, 422),
        (1, {"correct": False, "reason": "odd"}, 422),
        (1, {"reason": "other"}, 422),
        (4, {"correct": True}, 404),
        (0, {"correct": True}, 404),
        (10**12, {"correct": True}, 404),
    ],
)
def test_a_judgement_is_of_a_line_of_the_sample_and_names_what_is_wrong(made, team, line, judgement, status):
    assert team.post(f"/releases/{made['id']}/sample/{line}", judgement).status_code == status
