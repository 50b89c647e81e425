"""When periods open, fall due and close: the settings, and the due dates that somebody moved."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from sqlmodel import Session, col, select

from app.core import clock
from app.core.errors import Refused
from app.periods.calendar import Period
from app.periods.models import DueDate
from app.settings import get_settings


class Actor(Protocol):
    """Who acts: a person, or the command line, which is `unlimited` and no user."""

    @property
    def id(self) -> str: ...
    @property
    def unlimited(self) -> bool: ...


def due_on(db: Session, period: Period) -> date:
    """The day at whose end (24:00 UK time) the period's returns are due."""
    return due_dates(db, [period])[period]


def due_dates(db: Session, periods: Iterable[Period]) -> dict[Period, date]:
    """The due date of each period, in one query."""
    wanted = list(periods)
    if not wanted:
        return {}
    within = col(DueDate.period).between(str(min(wanted)), str(max(wanted)))
    moved = {found.period: found.due_on for found in db.exec(select(DueDate).where(within))}
    due_day = get_settings().due_day
    return {period: moved.get(str(period)) or period.default_due_on(due_day) for period in wanted}


def moved(db: Session, period: Period) -> DueDate | None:
    """The due date that somebody gave the period, with the reason; None where the usual day holds."""
    return db.get(DueDate, str(period))


def is_late(db: Session, period: Period, moment: datetime) -> bool:
    """Whether an instant lies after the end of the due date in the UK."""
    return clock.uk_date(moment) > due_on(db, period)


def is_open(period: Period, today: date) -> bool:
    """Whether the period takes returns on this day."""
    return period.takes_returns(today, get_settings().open_period_months)


def open_periods(today: date) -> list[Period]:
    """The periods that take returns on this day, oldest first."""
    current = Period.containing(today)
    earliest = current.plus(-get_settings().open_period_months - 1)
    return [period for period in Period.span(earliest, current) if is_open(period, today)]


def set_due_on(db: Session, actor: Actor, period: Period, due: date, reason: str) -> DueDate:
    """Moves a period's due date. Raises Refused (422) without a reason or for a day before the period has ended."""
    reason = reason.strip()
    if not reason or len(reason) > 500:
        raise Refused("Give a reason of 1 to 500 characters for moving the due date.")
    if due <= period.last_day:
        raise Refused(
            f"{period.label} cannot be due before it has ended. Choose a day after {period.last_day:%-d %B %Y}."
        )
    moved = db.get(DueDate, str(period)) or DueDate(period=str(period), due_on=due, reason=reason, set_at=clock.now())
    moved.due_on, moved.reason, moved.set_at = due, reason, clock.now()
    moved.set_by = None if actor.unlimited else actor.id
    db.add(moved)
    db.flush()
    return moved
