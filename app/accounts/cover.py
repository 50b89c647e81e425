"""Holiday cover: one manager looks after another's portfolio from day to day, and it ends by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, or_, select

from app.accounts.access import Actor
from app.accounts.models import PortfolioCover, RoleGrant, User
from app.accounts.permissions import Permission, Role
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import take_turns
from app.core.errors import Conflict, Forbidden, NotFound, Refused

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Cover:
    """One cover with both people. `first_day` and `last_day` are UK dates, both included."""

    id: str
    away: User
    covering: User
    first_day: date
    last_day: date

    def is_on(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def covered_by(db: Session, user_id: str, today: date) -> dict[str, str]:
    """The organisations that this manager looks after today for others, each with the id of whose portfolio it is in."""
    query = (
        select(RoleGrant.organisation_code, RoleGrant.user_id)
        .join(PortfolioCover, col(PortfolioCover.away_id) == col(RoleGrant.user_id))
        .where(PortfolioCover.covering_id == user_id, RoleGrant.role == Role.LPM, _in_force(today))
    )
    return {code: away for code, away in db.exec(query) if code is not None}


def on_day(db: Session, day: date) -> dict[str, Cover]:
    """The covers in force on a day, by the id of who is away."""
    return {one.away.id: one for one in _covers(db, _in_force(day))}


def now_and_later(db: Session, user_id: str, today: date) -> list[Cover]:
    """Those of a person, away or covering, that are not over, the first to begin first."""
    of_them = or_(col(PortfolioCover.away_id) == user_id, col(PortfolioCover.covering_id) == user_id)
    return _covers(db, of_them, _not_over(today))


def others(db: Session, user_id: str) -> Sequence[User]:
    """Everybody else who is a manager today, by name: who could cover."""
    managers = select(RoleGrant.user_id).where(RoleGrant.role == Role.LPM)
    query = select(User).where(col(User.id).in_(managers), User.id != user_id, col(User.disabled_at).is_(None))
    return db.exec(query.order_by(User.name, User.email)).all()


def set_cover(db: Session, actor: Actor, user_id: str, covering_id: str, first: date, last: date) -> PortfolioCover:
    """A manager names who covers for them, or an administrator does. Raises Refused (422) or Conflict (409)."""
    away = _portfolio_of(db, actor, user_id)
    covering = next((one for one in others(db, user_id) if one.id == covering_id), None)
    if covering is None:
        raise Refused("Choose another Local Partnership Manager, who covers.", field="covering")
    _possible(first, last, clock.today())
    take_turns(db, ["portfolio-covers"])
    for other in _covers(db, _not_over(first), col(PortfolioCover.first_day) <= last):
        _not_both(other, away, covering)
    made = PortfolioCover(
        away_id=away.id, covering_id=covering.id, first_day=first, last_day=last, set_by=actor.id, set_at=clock.real_now()
    )  # fmt: skip
    db.add(made)
    db.flush()
    days = {"begins": first.isoformat(), "ends": last.isoformat()}
    record(db, actor, AuditAction.COVER_SET, "user", away.id, cover=made.id, covering=covering.id, **days)
    return made


def end_cover(db: Session, actor: Actor, user_id: str, cover_id: str) -> None:
    """Ends a cover of this person's portfolio before its time; one that has ended stays as it is. Raises NotFound (404)."""
    away = _portfolio_of(db, actor, user_id)
    found = db.get(PortfolioCover, cover_id) if cover_id.isprintable() else None
    if found is None or found.away_id != away.id:
        raise NotFound
    if found.ended_at is None and found.last_day >= clock.today():
        found.ended_at = clock.real_now()
        db.add(found)
        record(db, actor, AuditAction.COVER_ENDED, "user", away.id, cover=found.id, covering=found.covering_id)


def _portfolio_of(db: Session, actor: Actor, user_id: str) -> User:
    """The manager, if this person may say who covers. Raises Forbidden (403), NotFound (404) or Conflict (409)."""
    is_own = actor.id == user_id and actor.may(Permission.PORTFOLIO_COVER)
    if not is_own and not actor.may(Permission.USER_MANAGE):
        raise Forbidden
    if not user_id.isprintable() or (user := db.get(User, user_id)) is None:
        raise NotFound
    held = select(RoleGrant.id).where(RoleGrant.user_id == user.id, RoleGrant.role == Role.LPM)
    if db.exec(held.limit(1)).first() is None:
        raise Conflict(f"{user.name} is no Local Partnership Manager, so there is nothing to cover.")
    return user


def _possible(first: date, last: date, today: date) -> None:
    if first < today:
        raise Refused("A cover cannot begin before today. Choose today or a later day.", field="first")
    if last < first:
        raise Refused("The last day is before the first. Swap the two days.", field="last")
    if last - first > LONGEST:
        raise Refused(
            "A cover lasts a year at most. For longer, an administrator moves the portfolio to another person.",
            field="last",
        )


def _not_both(other: Cover, away: User, covering: User) -> None:
    """Nobody has two who cover, and nobody covers while being away. Raises Conflict (409)."""
    span = f"from {_words(other.first_day)} to {_words(other.last_day)}"
    if other.away.id == away.id:
        raise Conflict(f"{other.covering.name} covers {span} already. End that cover first, or choose other days.")
    if other.away.id == covering.id:
        raise Conflict(f"{covering.name} is away {span}. Choose somebody else, or other days.")
    if other.covering.id == away.id:
        raise Conflict(
            f"{away.name} covers for {other.away.name} {span}. Let somebody else cover there first, or choose other days."
        )


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _covers(db: Session, *conditions: ColumnElement[bool]) -> list[Cover]:
    """With both people; the conditions may speak of the cover and of the user who covers."""
    query = (
        select(PortfolioCover, User)
        .join(User, col(User.id) == col(PortfolioCover.covering_id))
        .where(*conditions)
        .order_by(col(PortfolioCover.first_day), col(PortfolioCover.id))
    )
    found = db.exec(query).all()
    ids = {one.away_id for one, _ in found}
    away = {user.id: user for user in db.exec(select(User).where(col(User.id).in_(ids)))} if ids else {}
    return [Cover(one.id, away[one.away_id], covering, one.first_day, one.last_day) for one, covering in found]


def _not_over(day: date) -> ColumnElement[bool]:
    return col(PortfolioCover.ended_at).is_(None) & (col(PortfolioCover.last_day) >= day)


def _in_force(day: date) -> ColumnElement[bool]:
    return _not_over(day) & (col(PortfolioCover.first_day) <= day)
