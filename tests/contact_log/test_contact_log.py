"""Keeping the contact log: for one's own portfolio, corrected by the writer, steps ticked off. Today is 22 November 2026."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event
from sqlmodel import select

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE, Actor
from app.audit.models import AuditEvent
from app.contact_log import queries, service
from app.contact_log.models import ContactEntry
from app.contact_log.rules.entry import Details
from app.contact_log.service import NotLogged
from app.core import clock
from app.core.errors import Conflict, Forbidden, NotFound, Refused
from app.organisations.models import Organisation

TODAY = date(2026, 11, 22)
CALL = Details("call", TODAY, "left_word", "Nobody in the office", "Call again", date(2026, 11, 24))


@pytest.fixture(autouse=True)
def trusts(db) -> None:
    for code in ("RJ1", "RYJ", "7A1"):
        db.add(Organisation(code=code, name=code, nation="England", region="London", organisation_type="NHS Trust"))
    db.flush()


def person(db, role: str, code: str | None = None, email: str = "") -> Actor:
    user = accounts.add_user(db, COMMAND_LINE, email or f"{role}@nhs.example", role, code)
    return accounts.actor_for_user(db, user)


@pytest.fixture
def manager(db) -> Actor:
    """Looks after RJ1 and 7A1."""
    person(db, "lpm", "7A1")
    return person(db, "lpm", "RJ1")


@pytest.fixture
def team(db) -> Actor:
    return person(db, "debtors_team")


def logged(db, actor: Actor, code: str = "RJ1", **changes) -> ContactEntry:
    values = {"kind": "call", "day": TODAY, "outcome": "left_word"} | changes
    return service.log(db, actor, code, Details(**values))


def test_an_entry_says_who_wrote_it_and_the_audit_says_no_word_of_it(db, manager):
    entry = service.log(db, manager, "RJ1", CALL)
    assert (entry.by, entry.note, entry.due_on, entry.done_at) == (manager.id, CALL.note, CALL.due_on, None)
    noted = db.exec(select(AuditEvent).where(AuditEvent.action == "contact-log:add")).one()
    assert (noted.subject_id, noted.organisation_code) == (entry.id, "RJ1")
    assert noted.detail == {"kind": "call", "came_of": "left_word"}


def test_a_manager_keeps_the_log_of_the_portfolio_and_the_team_everybodys(db, manager, team):
    entry = logged(db, team, "RYJ")
    assert queries.entries(db, team, "RYJ").items == [entry]
    for forbidden in (
        lambda: logged(db, manager, "RYJ"),
        lambda: queries.entries(db, manager, "RYJ"),
        lambda: service.entry(db, manager, "RYJ", entry.id),
        lambda: service.tick_off(db, manager, "RYJ", entry.id),
    ):
        with pytest.raises(Forbidden, match="not in your portfolio"):
            forbidden()
    with pytest.raises(NotFound):
        logged(db, manager, "NOPE")
    with pytest.raises(NotFound):
        service.entry(db, manager, "RJ1", entry.id)


def test_a_trust_does_not_read_what_is_said_of_it(db, manager):
    logged(db, manager)
    officer = person(db, "trust", "RJ1")
    with pytest.raises(Forbidden):
        queries.entries(db, officer, "RJ1")
    assert queries.last_of(db, officer, ["RJ1"]) == {}
    assert queries.newest(db, officer, ["RJ1"], 5) == queries.open_steps(db, officer, ["RJ1"], TODAY) == []


def test_all_faults_of_an_entry_are_told_at_once(db, manager):
    with pytest.raises(NotLogged) as error:
        logged(db, manager, kind="", outcome="")
    assert [field for field, _ in error.value.faults] == ["kind", "outcome"]


def test_the_writer_corrects_an_entry_for_thirty_days_and_the_audit_names_the_fields(db, manager, team):
    entry = service.log(db, manager, "RJ1", CALL)
    put_right = Details("visit", TODAY, "spoke_to_officer", "Nobody in the office", "Call again", CALL.due_on)
    with pytest.raises(Forbidden, match="Only the person who wrote"):
        service.correct(db, team, "RJ1", entry.id, put_right)
    with clock.at(datetime(2026, 12, 22, 23, 59, tzinfo=UTC)):
        assert service.correct(db, manager, "RJ1", entry.id, put_right) == ["kind", "outcome"]
        assert service.correct(db, manager, "RJ1", entry.id, put_right) == []
    with clock.at(datetime(2026, 12, 23, 0, 0, tzinfo=UTC)), pytest.raises(Conflict, match="for 30 days"):
        service.correct(db, manager, "RJ1", entry.id, CALL)
    noted = db.exec(select(AuditEvent).where(AuditEvent.action == "contact-log:change")).one()
    assert noted.detail == {"fields": ["kind", "outcome"]}


def test_a_step_is_ticked_off_once_by_anybody_who_keeps_the_log_and_another_step_is_open_again(db, manager, team):
    entry = service.log(db, manager, "RJ1", CALL)
    service.tick_off(db, team, "RJ1", entry.id)
    service.tick_off(db, manager, "RJ1", entry.id)
    assert (entry.done_by, queries.open_steps(db, manager, ["RJ1"], TODAY)) == (team.id, [])
    service.correct(db, manager, "RJ1", entry.id, Details("call", TODAY, "left_word", CALL.note, "Visit", None))
    assert [one.id for one in queries.open_steps(db, manager, ["RJ1"], TODAY)] == [entry.id]
    with pytest.raises(Conflict, match="no next step"):
        service.tick_off(db, manager, "RJ1", logged(db, manager).id)


def test_steps_come_overdue_first_then_by_date_and_last_without_one(db, manager):
    day = date(2026, 11, 1)
    for step, due in (("c", None), ("b", date(2026, 11, 22)), ("a", date(2026, 11, 21)), ("d", date(2026, 11, 23))):
        logged(db, manager, day=day, next_step=step, due_on=due)
    found = queries.open_steps(db, manager, ["RJ1", "RYJ"], TODAY)
    assert [(one.next_step, queries.is_overdue(one, TODAY)) for one in found] == [
        ("a", True), ("b", False), ("d", False), ("c", False),
    ]  # fmt: skip


def test_the_last_contact_of_each_organisation_is_one_question(db, manager, team):
    for code in ("RJ1", "7A1", "RYJ"):
        logged(db, team, code, day=date(2026, 10, 1))
    newest = logged(db, manager, day=date(2026, 11, 3))
    logged(db, manager, day=date(2026, 11, 2))
    asked: list[str] = []
    count = lambda *given: asked.append(given[2])  # noqa: E731
    event.listen(db.get_bind(), "before_cursor_execute", count)
    found = queries.last_of(db, manager, ["RJ1", "7A1", "RYJ", "NOPE"])
    event.remove(db.get_bind(), "before_cursor_execute", count)
    assert ({code: one.day for code, one in found.items()}, found["RJ1"].id) == (
        {"RJ1": newest.day, "7A1": date(2026, 10, 1)}, newest.id,
    )  # fmt: skip
    assert len(asked) == 1


def test_the_log_is_read_in_pages_the_newest_first(db, manager):
    made = [logged(db, manager, day=date(2026, 11, day)) for day in (3, 1, 3, 2, 3)]
    wanted = sorted(made, key=lambda one: (one.day, one.id), reverse=True)
    seen, cursor = [], None
    while True:
        part = queries.entries(db, manager, "RJ1", 2, cursor)
        seen += part.items
        if (cursor := part.next) is None:
            break
    assert seen == wanted
    with pytest.raises(Refused):
        queries.entries(db, manager, "RJ1", 2, "bm90LWEtZGF5")
