"""What of the Warnings Index feed has arrived: acknowledged by its recipient, or waiting, and how that stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true, update
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.delivering import LONGEST
from app.core.errors import Conflict, Refused
from app.core.paging import Numbered, offset_of
from app.debts.models import WarningsIndexEvent

A_LONG_WAIT, MANY_ATTEMPTS = timedelta(days=1), 3
_WAITING = col(WarningsIndexEvent.acknowledged_at).is_(None)


@dataclass(frozen=True)
class Standing:
    """The newest event, how many are not acknowledged, and the oldest of those, for which the others wait."""

    newest: WarningsIndexEvent | None
    waiting: int
    head: WarningsIndexEvent | None

    def is_concern(self, now: datetime) -> bool:
        """Whether somebody should look: an event has waited longer than a day, or was refused time and again."""
        return self.head is not None and (now - self.head.at > A_LONG_WAIT or self.head.attempts > MANY_ATTEMPTS)


def acknowledge(db: Session, actor: Actor, through: int) -> WarningsIndexEvent:
    """The recipient has taken every event up to this one. Said again, nothing changes. Gives the event.

    Raises Refused (422) for an id that is not in the feed.
    """
    event = db.get(WarningsIndexEvent, through) if 0 < through < 2**63 else None
    if event is None:
        newest = db.execute(select(func.max(col(WarningsIndexEvent.id)))).scalar() or 0
        raise Refused(f"There is no event {through} in the feed. The newest is {newest}.", field="through")
    taken = update(WarningsIndexEvent).where(_within(actor, Permission.WARNINGS_INDEX_ACKNOWLEDGE), _WAITING)
    changed = db.execute(
        taken.where(col(WarningsIndexEvent.id) <= through)
        .values(acknowledged_at=clock.now(), next_try_at=None, trouble=None)
        .returning(col(WarningsIndexEvent.id)),
        execution_options={"synchronize_session": False},
    ).all()
    if changed:
        record(db, actor, AuditAction.WARNINGS_INDEX_ACKNOWLEDGED, "warnings-index", str(through), events=len(changed))
    db.refresh(event)
    return event


def standing(db: Session, actor: Actor) -> Standing:
    """How the feed stands, as far as this person sees."""
    seen = _within(actor, Permission.WARNINGS_INDEX_READ)
    newest = select(WarningsIndexEvent).where(seen).order_by(col(WarningsIndexEvent.id).desc()).limit(1)
    waiting = select(func.count()).select_from(WarningsIndexEvent).where(seen, _WAITING)
    return Standing(
        db.execute(newest).scalar_one_or_none(),
        db.execute(waiting).scalar_one(),
        db.execute(_undelivered().where(seen).limit(1)).scalar_one_or_none(),
    )


def undelivered(db: Session, actor: Actor, number: int, size: int = 50) -> Numbered[WarningsIndexEvent]:
    """One numbered page of the events that are not acknowledged, in the order in which they go out."""
    seen = _within(actor, Permission.WARNINGS_INDEX_READ)
    total = db.execute(select(func.count()).select_from(WarningsIndexEvent).where(seen, _WAITING)).scalar_one()
    found = db.execute(_undelivered().where(seen).offset(offset_of(number, size)).limit(size))
    return Numbered(found.scalars().all(), number, size, total)


def head(db: Session) -> WarningsIndexEvent | None:
    """The oldest event that is not acknowledged."""
    return db.execute(_undelivered().limit(1)).scalar_one_or_none()


def is_due(event: WarningsIndexEvent, now: datetime) -> bool:
    """A pause that ends later than any can be is one from before the clock was set back."""
    return event.next_try_at is None or not now < event.next_try_at <= now + 2 * LONGEST


def try_again(db: Session, actor: Actor) -> WarningsIndexEvent:
    """Ends the pause of the event on which the others wait. Raises Conflict (409) when nothing pauses."""
    found, now = head(db), clock.now()
    if found is None or is_due(found, now):
        raise Conflict("No event is waiting for its next try, so there is nothing to send again.")
    found.next_try_at = now
    db.add(found)
    record(db, actor, AuditAction.WARNINGS_INDEX_RETRIED, "warnings-index", str(found.id), attempts=found.attempts)
    return found


def _undelivered() -> Select[Any]:
    return select(WarningsIndexEvent).where(_WAITING).order_by(col(WarningsIndexEvent.id))


def _within(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    codes = actor.scope(permission)
    return true() if codes is None else col(WarningsIndexEvent.organisation_code).in_(codes)
