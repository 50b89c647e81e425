"""The contact log over the API: for managers of the portfolio and the Debtors Team. Today is 22 November 2026."""

import pytest

from app.accounts.permissions import Role

ENTRY = {
    "kind": "call", "on": "2026-11-20", "outcome": "agreed_date", "note": "October follows on Friday.",
    "next_step": "Check that October has arrived", "by_when": "2026-11-27",
}  # fmt: skip
LOG = "/organisations/RJ1/contact-log"


@pytest.fixture
def manager(person):
    return person(Role.LPM, "RJ1")


def test_a_contact_is_logged_and_read(manager, team):
    made = manager.post(LOG, ENTRY)
    assert made.status_code == 201
    shown = made.json()
    assert {key: shown[key] for key in ENTRY} == ENTRY
    assert (shown["organisation"], shown["done_at"], shown["changed_at"]) == ("RJ1", None, None)
    assert manager.get(LOG).json() == team.get(LOG).json() == {"items": [shown], "next": None}


def test_pages_follow_one_another(manager):
    for day in ("2026-11-18", "2026-11-20", "2026-11-19"):
        manager.post(LOG, ENTRY | {"on": day})
    first = manager.get(LOG, limit=2).json()
    second = manager.get(LOG, limit=2, cursor=first["next"]).json()
    assert [one["on"] for one in first["items"] + second["items"]] == ["2026-11-20", "2026-11-19", "2026-11-18"]
    assert second["next"] is None
    assert manager.get(LOG, cursor="bm90LWEtZGF5").status_code == 422


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"kind": "fax"}, "kind"), ({"on": "2026-11-23"}, "future"), ({"note": "DOB 1 2 1980"}, "never about patients"),
     ({"note": "x" * 501}, "note"), ({"patient": "x"}, "patient")],
)  # fmt: skip
def test_what_cannot_be_kept_is_422_and_says_why(manager, changes, words):
    answer = manager.post(LOG, ENTRY | changes)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert manager.get(LOG).json()["items"] == []


def test_another_managers_organisation_is_403_with_the_way_out_and_one_that_is_none_is_404(manager):
    for code, status in (("RYJ", 403), ("NOPE", 404), ("rj1", 404)):
        for answer in (manager.get(f"/organisations/{code}/contact-log"),
                       manager.post(f"/organisations/{code}/contact-log", ENTRY)):  # fmt: skip
            assert answer.status_code == status, (code, answer.text)
    assert "not in your portfolio" in manager.get("/organisations/RYJ/contact-log").json()["detail"]
