"""Bearer tokens for the HTTP API: made, found again on every call, listed, and ended. Shown once, kept as digests."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from app.accounts import grants, keys, second_factor
from app.accounts.access import Actor
from app.accounts.models import ApiToken, Identity, RoleGrant, User
from app.audit.models import AuditAction
from app.audit.service import Who, record
from app.core import clock
from app.core.errors import NotFound, NotSignedIn

TOKEN_DAYS = 90
PREFIX = "dr_"  # so that a leaked token is recognised by scanners
_ID = 32  # of a digest's characters: enough to name it by, of no use to a thief


@dataclass(frozen=True)
class Token:
    """A token that lets its person in now. `id` names it on pages and in commands; the token cannot be had from it."""

    id: str
    email: str
    created_at: datetime
    expires_at: datetime


class UnknownToken(NotSignedIn):
    """`whose`: the id of the person whose it was, if it was anybody's."""

    def __init__(self, whose: str | None = None) -> None:
        super().__init__("The token is unknown, expired or withdrawn. Ask for a new one.", whose=whose)


def issue(db: Session, actor: Actor, user: User) -> str:
    """A new bearer token in plain text, which nobody can see again: only its digest is kept."""
    token = PREFIX + keys.new_token()
    now = clock.real_now()
    expires_at = now + timedelta(days=TOKEN_DAYS)
    db.add(ApiToken(digest=keys.digest(token), user_id=user.id, created_at=now, expires_at=expires_at))
    record(db, actor, AuditAction.TOKEN_CREATED, "user", user.id)
    return token


def actor_for_token(db: Session, token: str) -> Actor:
    """Who stands behind a token now. Asked anew on every request, so that what was taken away is gone at once.

    Raises UnknownToken (401), or NotSignedIn (401) while the person must set up codes first.
    """
    found = db.exec(
        select(User, RoleGrant)
        .join(ApiToken, col(ApiToken.user_id) == col(User.id))
        .outerjoin(RoleGrant, col(RoleGrant.user_id) == col(User.id))
        .where(ApiToken.digest == keys.digest(token), *_good(), col(User.disabled_at).is_(None))
    ).all()
    if not found:
        raise UnknownToken(db.exec(select(ApiToken.user_id).where(ApiToken.digest == keys.digest(token))).first())
    user = found[0][0]
    if _has_not_come_yet(db, user):
        words = "Sign in on the website first and set up your one-time codes. After that the token works."
        raise NotSignedIn(words, whose=user.id)
    return grants.actor_of(db, user, [grant for _, grant in found if grant is not None])


def standing(db: Session, user_id: str | None = None) -> list[Token]:
    """The tokens that let in now, of one person or of everybody, the newest first."""
    query = select(ApiToken, User.email).join(User, col(User.id) == col(ApiToken.user_id)).where(*_good())
    if user_id is not None:
        query = query.where(ApiToken.user_id == user_id)
    in_order = query.order_by(col(ApiToken.created_at).desc(), col(ApiToken.digest))
    return [Token(one.digest[:_ID], email, one.created_at, one.expires_at) for one, email in db.exec(in_order)]


def end(db: Session, actor: Actor, token_id: str, user_id: str | None = None) -> None:
    """Ends one token, of this person if one is named. Raises NotFound (404) for one that lets nobody in."""
    if not re.fullmatch(rf"[0-9a-f]{{{_ID}}}", token_id):
        raise NotFound
    theirs = () if user_id is None else (col(ApiToken.user_id) == user_id,)
    named = select(ApiToken).where(col(ApiToken.digest).startswith(token_id), *_good(), *theirs)
    if (token := db.exec(named).one_or_none()) is None:
        raise NotFound
    token.revoked_at = clock.real_now()
    db.add(token)
    db.flush()
    record(db, actor, AuditAction.TOKEN_REVOKED, "user", token.user_id, tokens=1)


def end_all(db: Session, actor: Who, user_id: str) -> int:
    """Ends every token of a person, and gives how many there were."""
    theirs = (col(ApiToken.user_id) == user_id, *_good())
    number = db.exec(update(ApiToken).where(*theirs).values(revoked_at=clock.real_now())).rowcount
    if number:
        record(db, actor, AuditAction.TOKEN_REVOKED, "user", user_id, tokens=number)
    return number


def _good() -> Sequence[ColumnElement[bool]]:
    return (col(ApiToken.revoked_at).is_(None), col(ApiToken.expires_at) > clock.real_now())


def _has_not_come_yet(db: Session, user: User) -> bool:
    """Whoever needs codes uses no token before they are set up. An account without any way to sign in is a program's."""
    if second_factor.has(user) or not second_factor.is_needed(user):
        return False
    if user.password_hash is not None:
        return True
    bound = select(Identity.id).where(Identity.user_id == user.id).limit(1)
    return user.invited_at is not None and db.exec(bound).first() is None
