"""People as identity providers know them. Bound through an invitation only, never matched by e-mail address."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.accounts import keys, links, ways_in
from app.accounts.access import Actor
from app.accounts.links import LinkEnded, Purpose
from app.accounts.models import Identity, User
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.errors import Conflict, Forbidden, NotFound


def user_for(db: Session, issuer: str, subject: str) -> User | None:
    """The person behind an identity, if it is bound and the account is not disabled."""
    joined = select(User).join(Identity, col(Identity.user_id) == col(User.id))
    known = (Identity.issuer == issuer, Identity.subject == subject)
    return db.exec(joined.where(*known, col(User.disabled_at).is_(None))).one_or_none()


def turned_away(db: Session, issuer: str, subject: str) -> None:
    """Records that somebody came whom nobody here knows, by a digest that only we can make of who it was."""
    who = keys.keyed_digest(f"identity:{issuer} {subject}")
    record(db, Actor(who, ""), AuditAction.USER_SIGNED_IN, "identity", who, outcome="refused", why="unknown")


def of_user(db: Session, user_id: str) -> Sequence[Identity]:
    return db.exec(select(Identity).where(Identity.user_id == user_id).order_by(Identity.id)).all()


def bind(db: Session, actor: Actor | None, link_token: str, issuer: str, subject: str) -> User:
    """Binds an identity to the person of an invitation, which is spent with it. Nobody is signed in yet: no actor
    means the invited person. Raises LinkEnded (409), or Conflict (409) when the identity is somebody else's.
    """
    link = links.find(db, link_token)
    if link is None or link.purpose is not Purpose.INVITE:
        raise LinkEnded
    taken = db.exec(select(Identity).where(Identity.issuer == issuer, Identity.subject == subject)).one_or_none()
    if taken is not None:
        raise Conflict(
            "This sign-in belongs to an account already. Sign in with it, or use another one for this invitation."
        )
    links.end(db, link_token)
    user = link.user
    identity = Identity(user_id=user.id, issuer=issuer, subject=subject, bound_at=clock.real_now())
    db.add(identity)
    db.flush()
    who = actor or Actor(user.id, user.name)
    record(db, who, AuditAction.IDENTITY_BOUND, "user", user.id, identity=identity.id)
    return user


def unbind(db: Session, actor: Actor, identity_id: str) -> None:
    """Takes an identity from its account and signs its person out, tokens too. Raises Forbidden (403) or NotFound (404)."""
    if not actor.may(Permission.USER_MANAGE):
        raise Forbidden
    if (identity := db.get(Identity, identity_id)) is None:
        raise NotFound
    db.delete(identity)
    db.flush()
    ways_in.close(db, actor, identity.user_id)
    record(db, actor, AuditAction.IDENTITY_UNBOUND, "user", identity.user_id, identity=identity.id)
