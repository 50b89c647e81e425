"""The Warnings Index feed: which debts show a flag there, and the gap-free list of events that says so (ICIBI 6.154).

An addition waits for the release that carries the debt, unless the setting says at once; a removal never waits.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, literal, or_, select, true, update
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import wall
from app.core.db import Instant, among, take_turns
from app.core.many_rows import insert_rows
from app.debts.models import Debt, WarningsIndexEvent
from app.return_template.choices import Status
from app.settings import get_settings

ADD, REMOVE = "add", "remove"
SHOWN = (Status.OUTSTANDING, Status.DEFAULTED)
IDENTITY = ("family_name", "given_names", "date_of_birth", "nationality", "passport_number")
_CARRIED = ("reference", "organisation_code", "invoice_number", *IDENTITY)
_EVENTS: Any = WarningsIndexEvent.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_WHAT = [getattr(Debt, name) for name in ("id", "status", "held", "flagged", *_CARRIED)]


def belongs() -> ColumnElement[bool]:
    """The debts that belong on the Warnings Index: outstanding or defaulted, and not held."""
    return and_(col(Debt.status).in_([status.value for status in SHOWN]), col(Debt.held).is_(False))


def settle(db: Session, now: datetime, debt_ids: Collection[str]) -> None:
    """After any change of these debts: removes the flags that no longer hold, and adds at once where the setting says so.

    A flag whose person was corrected is removed as it was added; nothing is said where nothing changed.
    """
    if not debt_ids:
        return
    at_once = _at_once()
    concerned = or_(col(Debt.flagged), belongs()) if at_once else col(Debt.flagged)
    debts = db.execute(select(*_WHAT).where(among(db, col(Debt.id), debt_ids), concerned).order_by(col(Debt.id))).all()
    added = _last_additions(db, [debt.id for debt in debts if debt.flagged])
    events: list[dict[str, Any]] = []
    for debt in debts:
        shown = _belongs(debt)
        if debt.flagged and not (shown and _is_as_added(debt, added[debt.id])):
            events.append(_event(debt.id, REMOVE, now, added[debt.id]))
        if shown and at_once and (not debt.flagged or not _is_as_added(debt, added[debt.id])):
            events.append(_event(debt.id, ADD, now, debt._asdict()))
    _emit(db, events)


def settle_new(db: Session, now: datetime, debt_ids: Collection[str]) -> None:
    """Debts reported for the first time show no flag, so there is something to do only where additions do not wait."""
    if _at_once():
        settle(db, now, debt_ids)


def carried(db: Session, now: datetime, debt_ids: Collection[str]) -> int:
    """A release that carries these debts is released: adds the flags of those that belong and show none. How many."""
    return _add(db, now, debt_ids, belongs())


def note_imported(db: Session, now: datetime, debt_ids: Collection[str]) -> int:
    """These debts were on the list before the service began: one addition each, so that the feed alone tells it all."""
    return _add(db, now, debt_ids, true())


def untold(db: Session, debt_ids: Collection[str]) -> set[str]:
    """Those of these debts of which the feed has told nothing yet."""
    if not debt_ids:
        return set()
    told = db.execute(select(_EVENTS.c.debt_id).where(among(db, _EVENTS.c.debt_id, debt_ids))).scalars()
    return set(debt_ids) - set(told)


def remove_unseen(db: Session, now: datetime, debt_id: str) -> None:
    """A debt that was reported before the service began has ended: its removal is sent although no flag is known here."""
    debt = db.execute(select(*_WHAT).where(col(Debt.id) == debt_id)).one()
    if not debt.flagged:
        _emit(db, [_event(debt.id, REMOVE, now, debt._asdict())])


def events_after(db: Session, actor: Actor, after: int, limit: int) -> Sequence[WarningsIndexEvent]:
    """The feed in its order, from the event that follows `after`, as far as this person sees."""
    query = select(WarningsIndexEvent).where(col(WarningsIndexEvent.id) > after)
    if (codes := actor.scope(Permission.WARNINGS_INDEX_READ)) is not None:
        query = query.where(col(WarningsIndexEvent.organisation_code).in_(codes))
    return db.execute(query.order_by(col(WarningsIndexEvent.id)).limit(limit)).scalars().all()


def last_event_of(db: Session, debt_id: str) -> WarningsIndexEvent | None:
    """The newest event about one debt: what a patient can be told."""
    query = select(WarningsIndexEvent).where(col(WarningsIndexEvent.debt_id) == debt_id)
    return db.execute(query.order_by(col(WarningsIndexEvent.id).desc()).limit(1)).scalar_one_or_none()


def _at_once() -> bool:
    return get_settings().warnings_index_adds == "at_once"


def _add(db: Session, now: datetime, debt_ids: Collection[str], condition: ColumnElement[bool]) -> int:
    """Adds the flags of those of these debts that show none and meet the condition. How many: the first release of a
    register adds one for nearly every debt while its writers wait, so the database does it by itself.
    """
    if not debt_ids:
        return 0
    take_turns(db, ["register"])
    last = _last(db)
    lacking = and_(among(db, col(Debt.id), debt_ids), col(Debt.flagged).is_(False), condition)
    number = func.row_number().over(order_by=col(Debt.id)) + last
    carried_ = [getattr(Debt, key) for key in _CARRIED]
    events = select(number, col(Debt.id), literal(ADD), literal(now, Instant), literal(0), *carried_).where(lacking)
    keys = ["id", "debt_id", "action", "at", "attempts", *_CARRIED]
    db.execute(insert(_EVENTS).from_select(keys, events, include_defaults=False))
    shown = update(Debt).where(lacking).values(flagged=True)
    done: Any = db.execute(shown, execution_options={"synchronize_session": False})
    return int(done.rowcount)


def _belongs(debt: Any) -> bool:
    return debt.status in SHOWN and not debt.held


def _is_as_added(debt: Any, added: Mapping[str, Any]) -> bool:
    return all(getattr(debt, key) == added[key] for key in IDENTITY)


def _last_additions(db: Session, debt_ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """What the newest addition of each of these debts carried: what the recipient holds."""
    if not debt_ids:
        return {}
    newest = (
        select(func.max(_EVENTS.c.id))
        .where(among(db, _EVENTS.c.debt_id, debt_ids), _EVENTS.c.action == ADD)
        .group_by(_EVENTS.c.debt_id)
    )
    query = select(_EVENTS).where(_EVENTS.c.id.in_(newest))
    return {event.debt_id: event._asdict() for event in db.execute(query)}


def _event(debt_id: str, action: str, now: datetime, source: Mapping[str, Any]) -> dict[str, Any]:
    return {"debt_id": debt_id, "action": action, "at": now} | {key: source[key] for key in _CARRIED}


def _emit(db: Session, events: Sequence[dict[str, Any]]) -> None:
    """Numbers the events without a gap: writers of the register take turns, so none can commit before a lower number."""
    if not events:
        return
    take_turns(db, ["register"])
    last = _last(db)
    insert_rows(db, _EVENTS, [event | {"id": last + n, "attempts": 0} for n, event in enumerate(events, start=1)])
    final = {event["debt_id"]: event["action"] == ADD for event in events}
    for flagged in (True, False):
        _set_flag(db, flagged, [debt_id for debt_id, shown in final.items() if shown is flagged])


def _last(db: Session) -> int:
    """The number of the newest event of anybody's: a trust's own newest is behind it, and the next number is taken."""
    with wall.across(db, wall.Across.NEXT_OF_THE_FEED):
        return db.execute(select(func.max(_EVENTS.c.id))).scalar() or 0


def _set_flag(db: Session, flagged: bool, debt_ids: Iterable[str]) -> None:
    if ids := list(debt_ids):
        db.execute(
            update(Debt).where(among(db, col(Debt.id), ids)).values(flagged=flagged),
            execution_options={"synchronize_session": False},
        )
