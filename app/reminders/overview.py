"""The reminders of a month in one list, as programs read it: what was sent and with which outcome, then what is to come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.paging import Page, cut, from_cursor
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.reminders.planning import Planned, plan
from app.reminders.sent import Sent, sent

PLANNED, DUE, NOBODY = "planned", "due", "nobody_to_write_to"


@dataclass(frozen=True)
class Line:
    """One reminder of one organisation: `on` its day, `at` when it was put into the outbox, `to` how many recipients.

    `state` is what became of its mails, or that it is planned, due now, or that there is nobody to write to.
    """

    organisation: str
    name: str
    occasion: str
    on: date
    at: datetime | None
    to: int
    state: str
    trouble: str | None = None

    @property
    def key(self) -> str:
        return f"{self.organisation} {self.on} {self.occasion} {'' if self.at is None else 'sent'}"


def overview(
    db: Session, actor: Actor, period: Period, today: date, limit: int, cursor: str | None = None
) -> Page[Line]:
    """By organisation, then day. No address of anybody."""
    after, scope = from_cursor(cursor, "reminders"), actor.scope(Permission.REMINDER_READ)
    names = organisations.names(db, scope)
    lines = [_sent(one, names) for one in sent(db, period, scope)]
    lines += [line for one in plan(db, period, today, scope) for line in _to_come(one, today)]
    found = sorted((line for line in lines if line.key > after), key=lambda line: line.key)
    return cut(found[: limit + 1], limit, lambda line: line.key, "reminders")


def _sent(one: Sent, names: dict[str, str]) -> Line:
    name = names.get(one.organisation, one.organisation)
    return Line(one.organisation, name, one.occasion.code, one.on, one.at, one.to, one.outcome, one.trouble)


def _to_come(one: Planned, today: date) -> Iterator[Line]:
    code, name = one.organisation, one.cell.name
    if one.now is not None and (one.to_reach or not one.recipients):
        to = len(one.to_reach)
        yield Line(code, name, one.now.code, today, None, to, DUE if to else NOBODY)
    if one.next is not None:
        occasion, day = one.next
        to = len(one.recipients)
        yield Line(code, name, occasion.code, day, None, to, PLANNED if to else NOBODY)
