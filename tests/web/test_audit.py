"""The audit as an auditor reads it, on the page, as a file and by the API: filters, the chain's state, and nobody's data."""

import csv
import io
import re

import pytest
from sqlmodel import select

from app.accounts.models import User
from app.accounts.permissions import Role
from app.audit import sealing
from app.audit.models import AuditEvent
from app.core.db import Database
from app.web import audit
from tests.web.conftest import Browser, row, said
from tests.web.test_debts import report

__all__ = ["report"]


@pytest.fixture
def auditor(visitor, report) -> Browser:
    """After a trust has sent a debt, looked at it, and tried what it may not."""
    (debt,) = report(row(1))
    officer = visitor(Role.TRUST)
    officer.get(f"/debts/{debt}")
    officer.get("/users")
    return visitor(Role.AUDITOR)


def rows(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_page_tells_who_did_what_and_where_the_chain_stands(auditor, database: Database):
    page = said(auditor.get("/audit"))
    assert "Sealed Nothing yet" in page and "Head None yet" in page
    assert "Return: submit" in page and "trust@rj1.example" in page and "not sealed yet" in page
    number = sealing.seal(database)
    with database.reading() as db:
        head = sealing.head(db).digest
    page = said(auditor.get("/audit"))
    assert f"Head {head}" in page and "Not sealed yet 0 events" in page
    assert f"Up to event {number:,}" in page


def test_looking_at_the_audit_stands_in_it_too(auditor, database):
    auditor.get("/audit")
    auditor.get("/audit", outcome="refused")
    page = said(auditor.get("/audit", action="audit:view"))
    assert "route: GET /audit; asked outcome: refused" in page


def test_what_was_refused_is_found_by_its_outcome(auditor):
    page = said(auditor.get("/audit", outcome="refused"))
    assert "Access: refuse status: 403; route: GET /users" in page
    assert "Return: submit" not in page.split("Event ", 1)[1]


def test_somebody_is_found_by_an_address_that_stands_in_no_address(auditor, database):
    answer = auditor.post("/audit", {"who": "Trust@RJ1.example", "action": "personal-data:view", "from-day": "1",
                                     "from-month": "1", "from-year": "2020"})  # fmt: skip
    with database.reading() as db:
        id_ = db.exec(select(User).where(User.email == "trust@rj1.example")).one().id
    assert answer.headers["location"] == f"/audit?action=personal-data%3Aview&who={id_}&from=2020-01-01"
    assert "GET /debts/{debt_id}" in said(auditor.follow(answer))
    assert "Nobody here has that e-mail address" in said(auditor.post("/audit", {"who": "nobody@rj1.example"}))
    assert "The last day must be a real date" in said(
        auditor.post("/audit", {"to-day": "31", "to-month": "2", "to-year": "2026"})
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"organisation": "RJ1"}, True), ({"organisation": "RYJ"}, False), ({"subject": "debt"}, True),
        ({"subject": "dispute"}, False), ({"from": "2020-01-01", "to": "2199-12-31"}, True), ({"to": "2020-01-01"}, False),
        ({"from": "2199-01-01"}, False), ({"who": "nobody"}, False), ({"subject_id": "x"}, False), ({"action": "\0"}, False),
        ({"action": "return:submit"}, True), ({"outcome": "done"}, True), ({"outcome": "%"}, False),
    ],
)  # fmt: skip
def test_each_filter_asks_for_what_it_says(auditor, asked, found):
    assert bool(auditor.get("/api/v1/audit", **asked).json()["items"]) == found
    page = auditor.get("/audit", **asked)
    assert page.status_code == 200
    assert ("No event is like that." in said(page)) != found


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "yesterday"},
        {"to": "0001-01-01"},
        {"from": "9999-12-31"},
        {"cursor": "x"},
        {"cursor": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"},
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(auditor, asked):
    for path in ("/audit", "/api/v1/audit"):
        assert auditor.get(path, **asked).status_code == 422, path


def test_the_api_gives_all_events_in_pages_that_neither_repeat_nor_skip(auditor, database):
    sealing.seal(database)
    first = auditor.get("/api/v1/audit", limit=3).json()
    assert first["chain"]["unsealed"] == 0 and len(first["chain"]["head"]) == 64
    assert all(one["sealed"] for one in first["items"])
    ids, cursor = [one["id"] for one in first["items"]], first["next"]
    while cursor:
        answer = auditor.get("/api/v1/audit", limit=3, cursor=cursor).json()
        ids, cursor = ids + [one["id"] for one in answer["items"]], answer["next"]
    with database.reading() as db:
        known = [event.id for event in db.exec(select(AuditEvent)) if event.action != "audit:view"]
    assert sorted(ids) == sorted(known)
    assert ids == sorted(ids, reverse=True)


def test_the_file_holds_what_was_asked_for_and_taking_it_is_recorded(auditor, database):
    found = rows(auditor.get("/audit.csv", outcome="refused"))
    assert [(one["Action"], one["Name"], one["Sealed"]) for one in found] == [
        ("access:refuse", "trust@rj1.example", "no")
    ]
    everything = rows(auditor.get("/api/v1/audit.csv"))
    taken = [one for one in everything if one["Action"] == "audit:export"]
    assert [one["Detail"] for one in taken] == ["events: 1; asked outcome: refused"]
    with database.reading() as db:
        assert len(db.exec(select(AuditEvent)).all()) == len(everything) + 1


def test_a_long_audit_has_older_pages(auditor, monkeypatch):
    monkeypatch.setattr(audit, "A_PAGE", 2)
    first = auditor.get("/audit")
    assert "Newest" not in said(first)
    older = auditor.get(re.findall(r'href="(/audit\?cursor=[^"]+)"', first.text)[0])
    assert "Newest" in said(older) and "Every event, older ones" in said(older)
