"""Undoes what one return did to the register, as new events, wherever nothing later rests on it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.core import clock
from app.core.db import among
from app.debts.grouping import Person, place_corrected
from app.debts.models import Debt, DebtEvent, RegisterImport
from app.debts.posting import UNDONE, Source
from app.debts.register import from_json
from app.debts.rules import matching
from app.periods.calendar import Period
from app.return_template.choices import Status

PeriodOf = Callable[[str], str | None]


@dataclass
class Undone:
    """How many changes were undone, on which debts and persons, and which were left with the reason in words."""

    count: int = 0
    debt_ids: set[str] = field(default_factory=set)
    digests: set[str] = field(default_factory=set)
    people: list[Person] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)


def undo_return(db: Session, source: Source, return_id: str, period_of: PeriodOf) -> Undone:
    """Undoes the return's status changes and its changes of particulars, each if it is the newest of its kind.

    What the Warnings Index is told of these debts rests on their holds as well, so that is settled after those.
    """
    undone = Undone()
    touched = set(db.execute(select(col(DebtEvent.debt_id)).where(col(DebtEvent.return_id) == return_id)).scalars())
    debts = db.execute(select(Debt).where(among(db, col(Debt.id), touched)).order_by(col(Debt.id))).scalars().all()
    events: dict[str, list[DebtEvent]] = {}
    query = select(DebtEvent).where(among(db, col(DebtEvent.debt_id), touched)).order_by(col(DebtEvent.id))
    for event in db.execute(query).scalars():
        events.setdefault(event.debt_id, []).append(event)
    for debt in debts:
        _undo(db, source, debt, events[debt.id], return_id, period_of, undone)
    db.flush()
    place_corrected(db, undone.people, source.at)
    return undone


def _undo(db: Session, source: Source, debt: Debt, history: Sequence[DebtEvent], return_id: str, period_of: PeriodOf,
          undone: Undone) -> None:  # fmt: skip
    undone.debt_ids.add(debt.id)
    undone.digests |= _digests(debt)
    status, particulars = standing(history)
    later = [event for event in (*status, *particulars) if event.return_id != return_id]
    if history[0].return_id == return_id and later:
        _leave(undone, debt, "first report", later[0])
        return
    done = 0
    if any(event.return_id == return_id for event in status):
        done += _undo_status(db, source, debt, status, return_id, period_of, undone)
    if any(event.return_id == return_id for event in particulars) and not debt.report_undone:
        first_stated = _first_stated(db, history[0], period_of)
        done += _undo_particulars(db, source, debt, particulars, return_id, undone, first_stated)
    if done:
        others = (event for event in (*status, *particulars) if event.return_id != return_id)
        before = [event for event in others if event.return_id or event.import_id]
        newest = max(before, key=lambda event: event.id or 0, default=None)
        if newest is not None:
            debt.return_id, debt.return_row = newest.return_id, newest.return_row
        debt.changed_at, debt.to_compare = source.at, True
        db.add(debt)
        undone.digests |= _digests(debt)  # whose debt it is may have been undone too
    undone.count += done


def _digests(debt: Debt) -> set[str]:
    return {digest for digest in (debt.name_match, debt.passport_match) if digest}


def standing(history: Sequence[DebtEvent]) -> tuple[list[DebtEvent], list[DebtEvent]]:
    """The status events and the particulars events that no earlier withdrawal of a return has undone."""
    undone = [event for event in history if event.kind == UNDONE]
    status = {event.return_id for event in undone if event.status is not None}
    particulars = {event.return_id for event in undone if event.particulars}
    return (
        [event for event in history if event.status is not None and event.return_id not in status],
        [event for event in history if event.particulars and event.return_id not in particulars],
    )


def _undo_status(db: Session, source: Source, debt: Debt, events: Sequence[DebtEvent], return_id: str,
                 period_of: PeriodOf, undone: Undone) -> int:  # fmt: skip
    if events[-1].return_id != return_id:
        _leave(undone, debt, "status", events[-1])
        return 0
    earlier = [event for event in events if event.return_id != return_id]
    was = debt.status
    if not earlier:
        debt.status, debt.withdrawal_reason, debt.report_undone = Status.WITHDRAWN.value, "raised_in_error", True
        debt.status_from, debt.status_period, debt.as_at, debt.status_date = was, None, source.day, source.day
    else:
        before = earlier[-1]
        debt.status, debt.status_date = before.status or was, before.status_date
        debt.amount_outstanding = before.amount_outstanding or 0
        debt.as_at, debt.status_from = before.as_at, before.status_from
        debt.withdrawal_reason = before.reason if debt.status == Status.WITHDRAWN else None
        debt.status_period = period_of(before.return_id) if before.return_id else None
    _record(db, source, debt, status_from=was, status=debt.status, status_date=debt.status_date, as_at=debt.as_at,
            amount_outstanding=debt.amount_outstanding, reason=debt.withdrawal_reason)  # fmt: skip
    return 1


def _first_stated(db: Session, report: DebtEvent, period_of: PeriodOf) -> date:
    """The day of which the first report stated the particulars: its return's reporting day, or that of the old register."""
    if report.import_id is not None:
        return db.get_one(RegisterImport, report.import_id).as_at
    period, day = period_of(report.return_id or ""), clock.uk_date(report.at)
    return min(day, Period.parse(period).last_day) if period else day


def _undo_particulars(db: Session, source: Source, debt: Debt, events: Sequence[DebtEvent], return_id: str,
                      undone: Undone, first_stated: date) -> int:  # fmt: skip
    """Puts back each key that no later event has changed again."""
    restored: dict[str, Any] = {}
    later_keys: dict[str, DebtEvent] = {}
    for event in reversed(events):
        for key, (was, now) in (event.particulars or {}).items():
            if event.return_id != return_id:
                later_keys.setdefault(key, event)
            elif key in later_keys:
                _leave(undone, debt, key, later_keys[key])
            else:
                restored[key] = [restored[key][0] if key in restored else now, was]
    if not restored:
        return 0
    for key, (_, was) in restored.items():
        setattr(debt, key, from_json(key, was))
    before = debt.name_match, debt.passport_match
    debt.name_match, debt.passport_match = matching.name_match(debt), matching.passport_match(debt)
    if (debt.name_match, debt.passport_match) != before:
        undone.people.append(Person(debt.name_match, debt.passport_match, debt.debtor_id, debt.id))
    earlier = [event for event in events if event.return_id != return_id]
    debt.particulars_on = earlier[-1].as_at if earlier else first_stated
    _record(db, source, debt, particulars=restored, as_at=debt.particulars_on)
    return 1


def _record(db: Session, source: Source, debt: Debt, **what: Any) -> None:
    event = DebtEvent(
        debt_id=debt.id, at=source.at, actor=source.actor, kind=UNDONE, return_id=source.return_id, **what
    )
    db.add(event)


def _leave(undone: Undone, debt: Debt, what: str, later: DebtEvent) -> None:
    undone.left.append(
        {
            "debt_id": debt.id,
            "invoice_number": debt.invoice_number,
            "what": what,
            "because_of": later.return_id,
            "on": later.as_at.isoformat(),
        }
    )


def set_confirmed(db: Session, spoken: Collection[str], confirmed_on: Mapping[str, date], withdrawn_day: date) -> None:
    """Debts that were last confirmed on the withdrawn return's day go back to the given day, else to that of their status.

    An imported debt goes back no further than to the day of which the old register spoke.
    """
    where = (among(db, col(Debt.id), spoken), col(Debt.confirmed_on) == withdrawn_day)
    query = select(Debt, col(RegisterImport.as_at)).outerjoin(RegisterImport, col(RegisterImport.id) == Debt.import_id)
    for debt, imported_as_at in db.execute(query.where(*where)):
        debt.confirmed_on = max(confirmed_on.get(debt.id, debt.as_at), imported_as_at or date.min)
        db.add(debt)
    db.flush()
