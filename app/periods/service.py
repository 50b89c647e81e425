"""When periods open, fall due and close: the settings, and the due dates that somebody moved."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from sqlmodel import Session, col, select

from app.core import clock
from app.core.errors import Conflict, Refused
from app.periods.calendar import Period
from app.periods.models import DueDate
from app.settings import get_settings

LONGEST_REASON = 500


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
    overrides = {found.period: found.due_on for found in db.exec(select(DueDate).where(within))}
    return {period: overrides.get(str(period)) or usual_due_on(period) for period in wanted}


def is_late(db: Session, period: Period, moment: datetime) -> bool:
    """Whether an instant lies after the end of the due date in the UK."""
    return clock.uk_date(moment) > due_on(db, period)


def is_open(period: Period, today: date) -> bool:
    """Whether the period takes returns on this day."""
    return period.takes_returns(today, get_settings().open_period_months)


def closes_on(period: Period) -> date:
    """The last day on which the period takes returns."""
    return period.closes_on(get_settings().open_period_months)


def open_periods(today: date) -> list[Period]:
    """The periods that take returns on this day, oldest first."""
    current = Period.containing(today)
    earliest = current.plus(-get_settings().open_period_months - 1)
    return [period for period in Period.span(earliest, current) if is_open(period, today)]


def moved(db: Session, periods: Iterable[Period]) -> dict[Period, DueDate]:
    """The due dates among these periods that somebody moved."""
    wanted = [str(period) for period in periods]
    query = select(DueDate).where(col(DueDate.period).in_(wanted))
    return {Period.parse(found.period): found for found in db.exec(query)}


def usual_due_on(period: Period) -> date:
    """The due date as it is unless somebody moves it."""
    return period.default_due_on(get_settings().due_day)


def check_due_on(period: Period, due: date) -> None:
    """Raises Refused (422) for a day before the period has ended or after it has closed to returns."""
    if due <= period.last_day:
        raise Refused(
            f"{period.label} cannot be due before it has ended. Choose a day after {_day(period.last_day)}.",
            field="due-day",
        )
    if due > (last := closes_on(period)):
        raise Refused(
            f"{period.label} takes returns until {_day(last)}. Choose that day or an earlier one.", field="due-day"
        )


def set_due_on(db: Session, actor: Actor, period: Period, due: date, reason: str) -> DueDate:
    """Moves a period's due date. Raises Refused (422) without a reason or for a day that `check_due_on` refuses."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Refused(f"Give a reason of 1 to {LONGEST_REASON} characters for moving the due date.", field="reason")
    check_due_on(period, due)
    made = db.get(DueDate, str(period)) or DueDate(period=str(period), due_on=due, reason=reason, set_at=clock.now())
    made.due_on, made.reason, made.set_at = due, reason, clock.now()
    made.set_by = None if actor.unlimited else actor.id
    db.add(made)
    db.flush()
    return made


def reset(db: Session, period: Period) -> date:
    """Lets the usual due date hold again, and gives it. Raises Conflict (409) when nobody moved it."""
    found = db.get(DueDate, str(period))
    if found is None:
        raise Conflict(f"The due date of {period.label} is not moved, so there is nothing to take back.")
    db.delete(found)
    db.flush()
    return usual_due_on(period)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
