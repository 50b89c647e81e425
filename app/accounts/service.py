"""Accounts: adding people and roles from the command line, finding them by address, and what they may see."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from app.accounts import grants, links, passwords, tokens, ways_in
from app.accounts.access import Actor
from app.accounts.models import User
from app.accounts.permissions import Permission
from app.accounts.tokens import TOKEN_DAYS, actor_for_token
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.addresses import email_address
from app.core.errors import NotFound, Refused
from app.organisations import service as organisations

__all__ = [
    "TOKEN_DAYS", "actor_for_token", "actor_for_user", "add_user", "create_token", "has_account", "names", "user_by_email",
    "visible_organisation",
]  # fmt: skip


def add_user(
    db: Session, actor: Actor, email: str, role: str, organisation: str | None = None, password: str | None = None
) -> User:
    """Adds a person with a role, or one more role to a person who is there; a password replaces the one before, and
    ends whatever the person came in by.

    `organisation` is a code for a trust or an LPM's portfolio, a nation's name for a health department, else None.
    """
    email = email_address(email)
    grant = grants.wanted(db, role, organisation)
    user = user_by_email(db, email)
    if user is None:
        user = User(email=email, name=email, created_at=clock.real_now())
    if user.disabled_at is not None:
        raise Refused(f"The account {email} is disabled. Enable it before giving it a role.")
    if password is not None:
        user.password_hash = passwords.hash_of(password, email)
        links.end_all(db, user.id)
        ways_in.close(db, actor, user.id)
    db.add(user)
    db.flush()
    code, nation = grant.organisation_code, grant.nation
    grants.give(db, user, grant)
    record(db, actor, AuditAction.USER_ADDED, "user", user.id, code, role=role, nation=nation)
    return user


def user_by_email(db: Session, email: str) -> User | None:
    return db.exec(select(User).where(User.email == email_address(email))).one_or_none()


def has_account(db: Session, email: str) -> bool:
    return user_by_email(db, email) is not None


def create_token(db: Session, actor: Actor, email: str) -> str:
    """A new bearer token in plain text, which nobody can see again: only its digest is kept."""
    user = user_by_email(db, email)
    if user is None:
        address = email_address(email)
        raise Refused(
            f"There is no account {address}. Add it first with: debtor-returns users add {address} --role ROLE"
        )
    if user.disabled_at is not None:
        raise Refused(f"The account {user.email} is disabled. Enable it before making a token for it.")
    return tokens.issue(db, actor, user)


def actor_for_user(db: Session, user: User) -> Actor:
    return grants.actor_of(db, user, grants.of_user(db, user.id))


def visible_organisation(db: Session, actor: Actor, permission: Permission, code: str) -> str:
    """The code itself if it is an organisation within the actor's scope, else NotFound: real or not, the same words."""
    if not actor.sees(permission, code) or not code.isprintable() or organisations.organisation(db, code) is None:
        raise NotFound
    return code


def names(db: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """What to show for the people behind these ids."""
    wanted = {id_ for id_ in ids if id_}
    if not wanted:
        return {}
    return dict(db.exec(select(User.id, User.name).where(col(User.id).in_(wanted))).all())
