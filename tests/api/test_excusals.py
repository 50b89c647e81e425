"""Excusing months by the API."""

import pytest

from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.periods.calendar import Period
from app.submissions.obligations import set_obligation
from tests.api.conftest import PERIOD, Person, row, workbook

CALL = "/organisations/RJ1/excusals"
BODY = {"period": PERIOD, "reason": "Its finance system was being replaced."}


@pytest.fixture
def manager(person, database) -> Person:
    """The manager of RJ1, which owes from October 2026 on, as RYJ does."""
    with database.writing() as db:
        set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ"], Period(2026, 10))
    return person(Role.LPM, "RJ1")


def state(person: Person) -> str:
    return {one["organisation"]: one["state"] for one in person.get("/submissions", period=PERIOD).json()["items"]}[
        "RJ1"
    ]


def test_a_month_is_excused_and_owed_again(manager):
    answer = manager.post(CALL, BODY)
    assert (answer.status_code, answer.json()) == (201, {"organisation": "RJ1", "state": "excused"} | BODY)
    assert state(manager) == "excused"
    assert manager.post(CALL, BODY).status_code == 409
    answer = manager.post(f"{CALL}/{PERIOD}/end")
    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (200, "missing", None)
    assert manager.post(f"{CALL}/{PERIOD}/end").status_code == 409


def test_a_return_that_arrives_all_the_same_counts(manager, ovm):
    manager.post(CALL, BODY)
    assert ovm.upload(workbook(row(1))).status_code == 201
    assert state(manager) == "submitted_late"
    assert manager.post(f"{CALL}/{PERIOD}/end").json()["state"] == "submitted_late"
    assert manager.post(CALL, BODY).json()["detail"].startswith("The return for October 2026 has been received")


def test_outside_the_portfolio_it_is_forbidden_and_nowhere_it_is_not_found(manager):
    assert manager.post("/organisations/RYJ/excusals", BODY).status_code == 403
    assert manager.post(f"/organisations/RYJ/excusals/{PERIOD}/end").status_code == 403
    assert manager.post("/organisations/XXX/excusals", BODY).status_code == 404
    assert manager.post(f"{CALL}/october/end").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"period": "2026-13"}, {"reason": ""}, {"reason": " "}, {"reason": "x" * 501}, {"reason": "a\0b"}, {"more": "x"}],
)
def test_what_cannot_be_taken_is_refused(manager, changes):
    assert manager.post(CALL, BODY | changes).status_code == 422
    assert state(manager) == "missing"
