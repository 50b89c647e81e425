"""Sessions of browsers: begun, found again on every request, rotated, ended. By the real clock, on the server's side."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, delete, or_, select, update

from app.accounts import grants, keys, rate_limits, second_factor
from app.accounts.access import Actor
from app.accounts.models import BrowserSession, RateCount, RoleGrant, Step, User
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.errors import NotSignedIn

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
ON_THE_WAY = timedelta(minutes=15)  # between the password and the code
NOTED_AFTER = timedelta(minutes=1)  # uses closer together are not written down
KEPT = timedelta(days=1)

__all__ = [
    "Found", "Standing", "Step", "end", "end_all", "end_all_but", "find", "hold", "over", "promote", "standing",
    "start", "touch",
]  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A session that is good now. `actor` may do nothing before the step IN; `ends_at` is the end however busy."""

    user: User
    actor: Actor
    step: Step
    needs_touch: bool
    digest: str
    ends_at: datetime


@dataclass(frozen=True)
class Standing:
    """One browser in which a person is signed in now."""

    started_at: datetime
    last_used_at: datetime
    is_this: bool


def hold(db: Session, user_id: str) -> None:
    """From here to the end of the transaction nobody else begins or ends sessions of this person, or signs in with what is
    being replaced: two at once come one after the other, and the second sees what the first has done.
    """
    db.exec(select(User.id).where(User.id == user_id).with_for_update(key_share=True)).one_or_none()


def start(db: Session, user: User, step: Step) -> str:
    """A new session's token, which is kept as a digest only. With the step IN this is the person's sign-in."""
    hold(db, user.id)
    token, now = keys.new_token(), clock.real_now()
    ends_at = now + (LONGEST if step is Step.IN else ON_THE_WAY)
    db.exec(delete(BrowserSession).where(over(now)))
    db.exec(delete(RateCount).where(rate_limits.over(now)))
    session = BrowserSession(
        digest=keys.digest(token), user_id=user.id, step=step, started_at=now, last_used_at=now, ends_at=ends_at
    )
    if step is Step.ENROL:  # so that the page which shows it only reads
        session.totp_proposal, session.totp_proposed_at = second_factor.new_secret(), now
    db.add(session)
    if step is Step.IN:
        user.last_sign_in_at = now
        record(db, Actor(user.id, user.name), AuditAction.USER_SIGNED_IN, "user", user.id)
    db.add(user)
    db.flush()
    return token


def find(db: Session, token: str) -> Found | None:
    """Who is behind this token now: asked anew on every request, so that what was taken away is gone at once."""
    now = clock.real_now()
    may = and_(col(RoleGrant.user_id) == col(User.id), col(BrowserSession.step) == Step.IN)
    rows = db.exec(
        select(BrowserSession, User, RoleGrant)
        .join(User, col(User.id) == col(BrowserSession.user_id))
        .outerjoin(RoleGrant, may)
        .where(BrowserSession.digest == keys.digest(token), *_alive(now), col(User.disabled_at).is_(None))
    ).all()
    if not rows:
        return None
    session, user = rows[0][:2]
    actor = grants.actor_of(db, user, [grant for _, _, grant in rows if grant is not None])
    needs_touch = now - session.last_used_at > NOTED_AFTER
    return Found(user, actor, Step(session.step), needs_touch, session.digest, session.ends_at)


def touch(db: Session, digest: str) -> None:
    """Notes that the session was used just now, if it is still good."""
    now = clock.real_now()
    db.exec(update(BrowserSession).where(col(BrowserSession.digest) == digest, *_alive(now)).values(last_used_at=now))


def promote(db: Session, token: str, step: Step) -> str:
    """A new session one step further in place of this one. Raises NotSignedIn (401) when this one is over."""
    now = clock.real_now()
    this = col(BrowserSession.digest) == keys.digest(token)
    user = db.exec(
        select(User).join(BrowserSession, col(BrowserSession.user_id) == col(User.id)).where(this, *_alive(now))
    ).one_or_none()
    if user is not None:
        hold(db, user.id)
    ended = db.exec(update(BrowserSession).where(this, *_alive(now)).values(ended_at=now))
    if user is None or user.disabled_at is not None or ended.rowcount != 1:
        raise NotSignedIn("Your sign-in took too long or was ended. Sign in again.")
    return start(db, user, step)


def end(db: Session, actor: Actor, token: str) -> None:
    """Signs out: the token is good for nothing from here on."""
    this = (col(BrowserSession.digest) == keys.digest(token), col(BrowserSession.ended_at).is_(None))
    ended = db.exec(update(BrowserSession).where(*this).values(ended_at=clock.real_now()))
    if ended.rowcount:
        record(db, actor, AuditAction.USER_SIGNED_OUT, "user", actor.id)


def end_all(db: Session, user_id: str) -> None:
    """Ends every session of a person, for example when the password is changed or the account disabled."""
    hold(db, user_id)
    theirs = (col(BrowserSession.user_id) == user_id, col(BrowserSession.ended_at).is_(None))
    db.exec(update(BrowserSession).where(*theirs).values(ended_at=clock.real_now()))


def end_all_but(db: Session, user_id: str, token: str) -> None:
    """Signs a person out of every browser but the one that asks, also where signing in had only begun.

    Raises NotSignedIn (401) when the one that asks was signed out meanwhile.
    """
    hold(db, user_id)
    asks = (col(BrowserSession.digest) == keys.digest(token), *_alive(clock.real_now()))
    if db.exec(select(BrowserSession.digest).where(*asks)).one_or_none() is None:
        raise NotSignedIn
    others = (
        col(BrowserSession.user_id) == user_id,
        col(BrowserSession.digest) != keys.digest(token),
        col(BrowserSession.ended_at).is_(None),
    )
    db.exec(update(BrowserSession).where(*others).values(ended_at=clock.real_now()))


def standing(db: Session, actor: Actor, token: str) -> list[Standing]:
    """Where a person is signed in now, the newest sign-in first; `token` is the browser that asks."""
    theirs = (BrowserSession.user_id == actor.id, BrowserSession.step == Step.IN)
    query = select(BrowserSession).where(*theirs, *_alive(clock.real_now()))
    return [
        Standing(one.started_at, one.last_used_at, one.digest == keys.digest(token))
        for one in db.exec(query.order_by(col(BrowserSession.started_at).desc()))
    ]


def _alive(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(BrowserSession.ended_at).is_(None),
        col(BrowserSession.ends_at) > now,
        col(BrowserSession.last_used_at) > now - IDLE,
    )


def over(now: datetime) -> ColumnElement[bool]:
    """Sessions that ended long enough ago to be forgotten."""
    return or_(col(BrowserSession.ended_at) < now - KEPT, col(BrowserSession.ends_at) < now - KEPT)
