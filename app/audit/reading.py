"""Finds audit events, the newest first: by who, what, about what, whose, with which outcome and when. Who may: the caller."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, select, text
from sqlmodel import Session, col

from app.audit.models import AuditEvent
from app.core import clock
from app.core.errors import Refused
from app.core.paging import NO_CURSOR, Page, cut, from_cursor

_AT_ONCE = 1000
DONE = "done"


@dataclass(frozen=True)
class Wanted:
    """Filters; what is empty asks for nothing. `first` and `last` are UK days, both included."""

    who: str = ""
    action: str = ""
    subject: str = ""
    subject_id: str = ""
    organisation: str = ""
    outcome: str = ""
    first: date | None = None
    last: date | None = None


def page(db: Session, wanted: Wanted, limit: int, cursor: str | None) -> Page[AuditEvent]:
    """Raises Refused (422) for a cursor that we never gave."""
    query = _found(wanted).limit(limit + 1)
    if last := from_cursor(cursor, "audit"):
        if not (last.isascii() and last.isdecimal() and len(last) <= 18):
            raise Refused(NO_CURSOR)
        query = query.where(col(AuditEvent.id) < int(last))
    return cut(db.execute(query).scalars().all(), limit, lambda event: str(event.id), "audit")


def every(db: Session, wanted: Wanted) -> Iterator[AuditEvent]:
    """All of them, a thousand at a time in memory."""
    for event in db.execute(_found(wanted).execution_options(yield_per=_AT_ONCE)).scalars():
        db.expunge(event)
        yield event


def _found(wanted: Wanted) -> Select[AuditEvent]:
    return select(AuditEvent).where(*_terms(wanted)).order_by(col(AuditEvent.id).desc())


def _terms(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    for column, value in (
        (AuditEvent.actor, wanted.who), (AuditEvent.action, wanted.action), (AuditEvent.subject_type, wanted.subject),
        (AuditEvent.subject_id, wanted.subject_id), (AuditEvent.organisation_code, wanted.organisation),
        (AuditEvent.outcome, wanted.outcome),
    ):  # fmt: skip
        if value:
            yield col(column) == value.replace("\0", "\N{REPLACEMENT CHARACTER}")
    if wanted.outcome and wanted.outcome != DONE:
        yield text("outcome <> 'done'")  # type: ignore[misc]  # by this the small index of them is found
    if wanted.first is not None:
        yield col(AuditEvent.at) >= _start_of(wanted.first)
    if wanted.last is not None:
        yield col(AuditEvent.at) < _start_of(wanted.last + timedelta(days=1))


def _start_of(day: date) -> datetime:
    if not 1900 < day.year < 2300:
        raise Refused("That is no day of this service. Write one like 2026-10-31.")
    return datetime.combine(day, time(), clock.UK)
