"""Moving a month's due date and taking that back: what it does to who is late, and the audit of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import take_turns
from app.core.errors import Refused
from app.periods import service as periods
from app.periods.calendar import Period
from app.periods.service import Actor
from app.submissions.reasons import check_reason
from app.submissions.rules.state import ON_TIME, RECEIVED, State
from app.submissions.standings import Submission, standings

MONTHS_BACK, MONTHS_AHEAD = 12, 3


@dataclass(frozen=True)
class Effect:
    """How many organisations would stand otherwise for the month: late before, on time now; and so on."""

    becomes_on_time: int
    becomes_late: int
    becomes_missing: int
    no_longer_missing: int

    @property
    def number(self) -> int:
        return self.becomes_on_time + self.becomes_late + self.becomes_missing + self.no_longer_missing


def looked_after(today: date) -> list[Period]:
    """The months whose due dates are looked after: the current one, a year back and the next three, newest first."""
    now = Period.containing(today)
    return sorted(Period.span(now.plus(-MONTHS_BACK), now.plus(MONTHS_AHEAD)), reverse=True)


def effect(db: Session, period: Period, due: date) -> Effect:
    """What another due date would do to where organisations stand today."""
    found = Counter(word for cell in standings(db, None, [period]) for word in _changes(cell, due, clock.today()))
    return Effect(**{name: found[name] for name in Effect.__dataclass_fields__})


def move(db: Session, actor: Actor, period: Period, due: date, reason: str) -> Effect:
    """Moves the due date. Raises Refused (422) as `check` does, and without a reason."""
    take_turns(db, [_turn(period)])
    check(db, period, due, reason)
    before, changed = periods.due_on(db, period), effect(db, period, due)
    periods.set_due_on(db, actor, period, due, reason)
    _record(db, actor, AuditAction.DUE_DATE_MOVED, period, before, due, changed)
    return changed


def take_back(db: Session, actor: Actor, period: Period) -> Effect:
    """Lets the usual due date hold again. Raises Conflict (409) when nobody moved it."""
    take_turns(db, [_turn(period)])
    before, changed = periods.due_on(db, period), effect(db, period, periods.usual_due_on(period))
    after = periods.reset(db, period)
    _record(db, actor, AuditAction.DUE_DATE_TAKEN_BACK, period, before, after, changed)
    return changed


def check(db: Session, period: Period, due: date, reason: str) -> None:
    """Raises Refused (422) for a day inside the period or after its closing, and for what holds already."""
    periods.check_due_on(period, due)
    check_reason(reason)
    override = periods.moved(db, [period]).get(period)
    if due == periods.due_on(db, period) and (override is None or override.reason == reason.strip()):
        raise Refused(f"{period.label} is due on that day already. Choose another day.", field="due-day")


def _changes(cell: Submission, due: date, today: date) -> Iterator[str]:
    if cell.state in RECEIVED and cell.submitted_at is not None:
        was_on_time, is_on_time = cell.state in ON_TIME, clock.uk_date(cell.submitted_at) <= due
        if was_on_time is not is_on_time:
            yield "becomes_on_time" if is_on_time else "becomes_late"
    elif cell.state is State.MISSING and today <= due:
        yield "no_longer_missing"
    elif cell.state is State.NOT_DUE and due < today:
        yield "becomes_missing"


def _record(
    db: Session, actor: Actor, action: AuditAction, period: Period, before: date, after: date, changed: Effect
) -> None:
    record(
        db, actor, action, "period", str(period),
        begins=before.isoformat(), ends=after.isoformat(), organisations=changed.number,
    )  # fmt: skip


def _turn(period: Period) -> str:
    return f"due date {period}"
