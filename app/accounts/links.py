"""One-time links in mails: an invitation, or a forgotten password. Each lets its reader choose a password once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from app.accounts import failures, keys, letters, passwords, rate_limits, ways_in
from app.accounts.access import Actor
from app.accounts.models import OneTimeLink, Purpose, User
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock, outbox
from app.core.db import Database, take_turns
from app.core.errors import Conflict

LASTING = {Purpose.INVITE: timedelta(days=7), Purpose.RESET: timedelta(hours=1)}

__all__ = [
    "Link", "LinkEnded", "Purpose", "ask_reset", "end", "end_all", "find", "invite", "send_asked", "send_if_known",
    "send_reset", "use",
]  # fmt: skip


class LinkEnded(Conflict):
    title = "This link does not work any more"

    def __init__(self) -> None:
        super().__init__(
            "This link was used before, is too old, or a newer one was sent. Use the newest one, or ask for another."
        )


@dataclass(frozen=True)
class Link:
    """A link that is good now."""

    user: User
    purpose: Purpose
    expires_at: datetime


def invite(db: Session, actor: Actor, user: User, base_url: str) -> str:
    """Puts an invitation into the outbox and gives its link, which nobody can see again once it is used."""
    user.invited_at = clock.real_now()
    db.add(user)
    record(db, actor, AuditAction.USER_INVITED, "user", user.id)
    return _make(db, user, Purpose.INVITE, base_url)


def ask_reset(db: Session, email: str) -> bool:
    """Notes that a link was asked for, and says whether one may be sent, if anybody is there: a few an hour.

    The same for every address, so that neither the answer nor its time tells who has an account.
    """
    who = failures.account_key(email.strip().lower()[:254])
    may = rate_limits.allows(db, rate_limits.RESETS_OF_ONE, who)
    outcome = "done" if may else "refused"
    record(db, Actor(who, ""), AuditAction.PASSWORD_RESET_ASKED, "account", who, outcome=outcome)
    return may


def send_asked(store: Database, email: str, base_url: str) -> None:
    """`send_if_known` in a transaction of its own: for when the answer has gone."""
    with store.writing() as db:
        send_if_known(db, email, base_url)


def send_if_known(db: Session, email: str, base_url: str) -> None:
    """Puts a link into the outbox if this is the address of somebody with a password.

    Who signs in through an identity provider, or was invited and has not come yet, gets none: the link would let a
    mailbox stand in for the provider.
    """
    email = email.strip().lower()[:254]
    user = email.isprintable() and db.exec(select(User).where(User.email == email)).one_or_none()
    if user and user.disabled_at is None and user.password_hash is not None:
        send_reset(db, Actor(user.id, user.name), user, base_url)


def send_reset(db: Session, actor: Actor, user: User, base_url: str) -> str:
    """A link for a new password, which an administrator sends or the person asked for; gives it like `invite`."""
    record(db, actor, AuditAction.PASSWORD_RESET_ASKED, "user", user.id)
    return _make(db, user, Purpose.RESET, base_url)


def find(db: Session, token: str) -> Link | None:
    """The link while it is good: not used, replaced or too old, and its person not disabled."""
    this = (OneTimeLink.digest == keys.digest(token), col(User.disabled_at).is_(None))
    joined = select(OneTimeLink, User).join(User, col(User.id) == col(OneTimeLink.user_id))
    found = db.exec(joined.where(*this, *_good(clock.real_now()))).one_or_none()
    return Link(found[1], Purpose(found[0].purpose), found[0].expires_at) if found else None


def use(db: Session, token: str, password: str) -> User:
    """Sets the password, ends every session and token of the person and lifts a lock-out.

    Raises Refused (422) for a password that is not good enough, which leaves the link good, and LinkEnded (409).
    """
    link = find(db, token)
    if link is None:
        raise LinkEnded
    user = link.user
    kept = passwords.hash_of(password, user.email)
    end(db, token)
    user.password_hash = kept
    db.add(user)
    end_all(db, user.id)
    themself = Actor(user.id, user.name)
    ways_in.close(db, themself, user.id)
    failures.forget_user(db, user)
    record(db, themself, AuditAction.PASSWORD_SET, "user", user.id, link=link.purpose.value)
    return user


def end(db: Session, token: str) -> None:
    """Spends the link. Raises LinkEnded (409) when somebody else was quicker."""
    now = clock.real_now()
    this = (col(OneTimeLink.digest) == keys.digest(token), *_good(now))
    if db.exec(update(OneTimeLink).where(*this).values(ended_at=now)).rowcount != 1:
        raise LinkEnded
    outbox.blank(db, db.get_one(OneTimeLink, keys.digest(token)).message_id)


def end_all(db: Session, user_id: str, purpose: Purpose | None = None) -> None:
    """Ends the person's links, of one purpose or all, and takes them out of the outbox."""
    theirs = [col(OneTimeLink.user_id) == user_id, col(OneTimeLink.ended_at).is_(None)]
    if purpose is not None:
        theirs.append(col(OneTimeLink.purpose) == purpose)
    for link in db.exec(select(OneTimeLink).where(*theirs)).all():
        link.ended_at = clock.real_now()
        outbox.blank(db, link.message_id)
    db.flush()


def _make(db: Session, user: User, purpose: Purpose, base_url: str) -> str:
    """A new link in a letter in the outbox; the older ones of its purpose end."""
    token, now = keys.new_token(), clock.real_now()
    take_turns(db, [f"links:{user.id}"])
    end_all(db, user.id, purpose)
    expires_at = now + LASTING[purpose]
    letter = letters.WRITTEN[purpose](base_url.rstrip("/"), token, expires_at)
    message = outbox.put(db, user.email, letter.subject, letter.body, purpose.value)
    assert message is not None  # it has no reason that stands once
    message.blank_when_sent = True
    db.add(
        OneTimeLink(
            digest=keys.digest(token),
            user_id=user.id,
            purpose=purpose,
            message_id=message.id,
            created_at=now,
            expires_at=expires_at,
        )
    )
    db.flush()
    return letter.link


def _good(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (col(OneTimeLink.ended_at).is_(None), col(OneTimeLink.expires_at) > now)
