"""Checked returns: kept for 24 hours, for the person who sent them, without a reference."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import NotFound
from app.policy.in_force import policy_in_force
from app.returns.models import Lifecycle, Return, ReturnPart, RuleCount


def own_check(db: Session, actor: Actor, return_id: str) -> Return:
    """A return that this person checked, whether submitted meanwhile or not. Raises NotFound (404)."""
    found = db.get(Return, return_id)
    if found is None or not actor.sees(Permission.RETURN_UPLOAD, found.organisation_code):
        raise NotFound
    if found.lifecycle == Lifecycle.CHECKED and not is_shown(found, actor):
        raise NotFound
    return found


def kept_check(db: Session, return_id: str) -> Return:
    """It once more, as it is now; nobody deletes it until this transaction ends. Raises NotFound (404)."""
    found = db.get(Return, return_id, populate_existing=True, with_for_update=True)
    if found is None:
        raise NotFound
    return found


def is_shown(found: Return, actor: Actor) -> bool:
    """Whether a checked return is this person's and still kept."""
    return found.checked_by == actor.id and found.checked_at is not None and found.checked_at > _kept_since()


def _kept_since() -> datetime:
    return clock.now() - timedelta(hours=policy_in_force().numbers.checked_return_hours)


def forget_old(db: Session, organisation: str) -> None:
    """Deletes this organisation's checks that are older than 24 hours, with all that was kept of them."""
    forget(
        db, db.execute(select(col(Return.id)).where(col(Return.organisation_code) == organisation, over())).scalars()
    )


def over() -> ColumnElement[bool]:
    """Checks that were kept long enough."""
    return and_(col(Return.lifecycle) == Lifecycle.CHECKED, col(Return.checked_at) < _kept_since())


def forget(db: Session, return_ids: Iterable[str]) -> int:
    """Deletes checks with all that was kept of them; gives how many. One that is submitted meanwhile stays."""
    if not (named := list(return_ids)):
        return 0
    still = select(col(Return.id)).where(col(Return.id).in_(named), col(Return.lifecycle) == Lifecycle.CHECKED)
    if not (ids := db.execute(still.order_by(col(Return.id)).with_for_update()).scalars().all()):
        return 0
    for table in (ReturnPart, RuleCount):
        db.execute(delete(table).where(col(table.return_id).in_(ids)))
    db.execute(delete(Return).where(col(Return.id).in_(ids)))
    return len(ids)
