"""Reminders over the API: who was and will be reminded, and reminding by hand. Today is 23 November 2026."""

import pytest
from sqlmodel import select

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.core.outbox import Message
from app.periods.calendar import Period
from app.settings import get_settings
from app.submissions import service as submissions
from tests.api.conftest import PERIOD, row, workbook


@pytest.fixture(autouse=True)
def october(client, database, monkeypatch) -> None:
    """RJ1 and RYJ owe October, which was due on the 20th. RYJ has an officer, RJ1 two."""
    monkeypatch.setenv("DEBTOR_RETURNS_TODAY", "2026-11-23")
    get_settings.cache_clear()
    with database.writing() as db:
        submissions.set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ", "7A1"], Period(2026, 10))
        for email, code in (("a@rj1.example", "RJ1"), ("b@rj1.example", "RJ1"), ("c@ryj.example", "RYJ")):
            accounts.add_user(db, COMMAND_LINE, email, Role.TRUST, code)


def states(somebody) -> dict[tuple[str, str], tuple[str, int]]:
    found = somebody.get("/reminders", period=PERIOD)
    assert found.status_code == 200
    return {(one["organisation"], one["occasion"]): (one["state"], one["to"]) for one in found.json()["items"]}


def test_the_list_says_what_is_due_what_is_to_come_and_whom_nobody_can_reach(team):
    assert states(team) == {
        ("RJ1", "late_3"): ("due", 2),
        ("RJ1", "late_10"): ("planned", 2),
        ("RYJ", "late_3"): ("due", 1),
        ("RYJ", "late_10"): ("planned", 1),
        ("7A1", "late_3"): ("nobody_to_write_to", 0),
        ("7A1", "late_10"): ("nobody_to_write_to", 0),
    }


def test_sending_says_who_was_reminded_and_why_others_were_not(team, ovm):
    ovm.upload(workbook(row(1)))
    answer = team.post("/reminders", {"period": PERIOD, "organisations": ["RYJ", "RJ1", "7A1"]})
    assert answer.status_code == 201
    assert answer.json() == {
        "sent": ["RYJ"],
        "mails": 1,
        "skipped": [
            {"organisation": "7A1", "reason": "nobody_to_write_to"},
            {"organisation": "RJ1", "reason": "received"},
        ],
    }
    assert states(team)["RYJ", "by_hand"] == ("kept", 1)
    again = team.post("/reminders", {"period": PERIOD})
    assert (again.status_code, again.json()["sent"]) == (201, [])
    assert {"organisation": "RYJ", "reason": "reminded_today"} in again.json()["skipped"]


def test_a_manager_without_the_trust_is_403_for_it_and_reaches_the_own_by_leaving_names_out(person):
    manager = person(Role.LPM, "RJ1")
    answer = manager.post("/reminders", {"period": PERIOD, "organisations": ["RYJ", "RJ1"]})
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("Not in your portfolio: RYJ Trust (RYJ). Nobody was reminded.")
    assert manager.post("/reminders", {"period": PERIOD}).json()["sent"] == ["RJ1"]
    assert {code for code, _ in states(manager)} == {"RJ1", "RYJ", "7A1"}


@pytest.mark.parametrize("code", ["ZZ9", "rj1", "\0", "R J1", "x" * 300])
def test_an_organisation_that_is_not_there_is_404_and_nobody_is_reminded(team, database, code):
    assert team.post("/reminders", {"period": PERIOD, "organisations": ["RJ1", code]}).status_code == 404
    with database.reading() as db:
        assert db.exec(select(Message)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [{}, {"period": "2026-13"}, {"period": "2026-11"}, {"period": "2024-01"}, {"period": PERIOD, "send": True},
     {"period": PERIOD, "organisations": "RJ1"}],
)  # fmt: skip
def test_what_cannot_be_meant_is_422(team, wrong):
    assert team.post("/reminders", wrong).status_code == 422


def test_the_list_comes_in_pages_without_gap_or_repeat(team):
    team.post("/reminders", {"period": PERIOD, "organisations": ["RJ1"]})
    seen, cursor = [], None
    while True:
        found = team.get("/reminders", period=PERIOD, limit=2, **({"cursor": cursor} if cursor else {})).json()
        seen += [(one["organisation"], one["occasion"]) for one in found["items"]]
        if (cursor := found["next"]) is None:
            break
    assert len(seen) == len(set(seen)) == 6


def test_no_address_and_no_debtor_is_in_the_list_or_the_mails(team, ovm, database):
    ovm.upload(workbook(row(1, date_of_birth="?")))  # went back whole, so the month is still owed
    answer = team.post("/reminders", {"period": PERIOD, "organisations": ["RJ1"]})
    listed = team.get("/reminders", period=PERIOD)
    with database.reading() as db:
        letters = [mail.subject + mail.body for mail in db.exec(select(Message).where(Message.kind == "reminder"))]
    assert answer.json()["mails"] == 3 and len(letters) == 3
    for text in (answer.text, listed.text, *letters):
        assert not any(word in text for word in ("Okonkwo", "INV0", "A0000001", "case 1"))
    assert "@" not in answer.text + listed.text
