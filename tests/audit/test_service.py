"""An audit event says who did what to what, when by the real clock, in the transaction of what it speaks of."""

from datetime import UTC, datetime, timedelta

from sqlmodel import select

from app.accounts.access import COMMAND_LINE
from app.audit.models import AuditAction, AuditEvent
from app.audit.service import record
from app.core import clock


def test_an_event_keeps_who_what_whose_and_the_numbers(db):
    record(
        db, COMMAND_LINE, AuditAction.RETURN_SUBMITTED, "return", "1", "RJ1", "done", rows=3, codes=["R02"], gone=None
    )
    event = db.exec(select(AuditEvent)).one()
    assert (event.actor, event.action, event.organisation_code) == ("command line", "return:submit", "RJ1")
    assert event.detail == {"rows": 3, "codes": ["R02"]}


def test_an_event_carries_the_real_time_even_while_the_demo_plays_another_day(db):
    with clock.at(datetime(2025, 1, 31, tzinfo=UTC)):
        event = record(db, COMMAND_LINE, AuditAction.RETURN_NIL, "return", "1")
    assert abs(event.at - clock.real_now()) < timedelta(seconds=5)


def test_an_event_of_what_did_not_happen_does_not_stay(database):
    try:
        with database.writing() as db:
            record(db, COMMAND_LINE, AuditAction.RETURN_NIL, "return", "1")
            raise KeyError
    except KeyError:
        pass
    with database.reading() as db:
        assert db.exec(select(AuditEvent)).all() == []
