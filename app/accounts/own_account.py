"""What people do with their own account: a new password and codes, which ask for the password again, and the phone."""

from sqlmodel import Session

from app.accounts import links, passwords, sign_in, ways_in
from app.accounts.access import Actor
from app.accounts.models import User
from app.audit.models import AuditAction
from app.audit.service import record
from app.core.addresses import phone_number
from app.core.errors import NotSignedIn

NOT_YOURS = "That is not your password, or there were too many tries. After many tries, wait 15 minutes"


def account_of(db: Session, actor: Actor) -> User:
    """Raises NotSignedIn (401) for who has no account here, such as the command line."""
    if (user := db.get(User, actor.id)) is None:
        raise NotSignedIn
    return user


def knows_password(db: Session, user: User, password: str, address: str) -> bool:
    """Asked of somebody who is signed in already: a wrong one counts like a wrong sign-in, so the caller commits."""
    return sign_in.by_password(db, user.email, password, address).user is not None


def change_password(db: Session, actor: Actor, token: str, password: str) -> None:
    """Sets the password and signs the person out everywhere else, programs with tokens too.

    Raises Refused (422) for a password that is not good enough, NotSignedIn (401) for who was signed out meanwhile.
    """
    user = account_of(db, actor)
    user.password_hash = passwords.hash_of(password, user.email)
    db.add(user)
    links.end_all(db, user.id)
    ways_in.close_others(db, actor, user.id, token)
    record(db, actor, AuditAction.PASSWORD_SET, "user", user.id)


def sign_out_elsewhere(db: Session, actor: Actor, token: str) -> None:
    """Ends every session but the one that asks, and every token."""
    ways_in.close_others(db, actor, actor.id, token)
    record(db, actor, AuditAction.SESSIONS_ENDED, "user", actor.id)


def change_phone(db: Session, actor: Actor, text: str) -> None:
    """The number under which trusts reach their manager; an empty text takes it away. Raises Refused (422)."""
    user, phone = account_of(db, actor), phone_number(text) if text.strip() else None
    if user.phone != phone:
        user.phone = phone
        db.add(user)
        record(db, actor, AuditAction.PHONE_CHANGED, "user", user.id)
