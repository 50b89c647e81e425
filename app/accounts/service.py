"""Accounts: adding people and roles, bearer tokens, and who stands behind a token at this moment."""

from collections.abc import Iterable
from datetime import timedelta

from sqlmodel import Session, col, select

from app.accounts import grants, keys, passwords
from app.accounts.access import Actor
from app.accounts.models import ApiToken, RoleGrant, User
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.addresses import email_address
from app.core.errors import NotFound, NotSignedIn, Refused
from app.organisations import service as organisations

TOKEN_DAYS = 90
PREFIX = "dr_"  # so that a leaked token is recognised by scanners


def add_user(
    db: Session, actor: Actor, email: str, role: str, organisation: str | None = None, password: str | None = None
) -> User:
    """Adds a person with a role, or one more role to a person who is there; a password replaces the one before.

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
    token = PREFIX + keys.new_token()
    now = clock.real_now()
    expires_at = now + timedelta(days=TOKEN_DAYS)
    db.add(ApiToken(digest=keys.digest(token), user_id=user.id, created_at=now, expires_at=expires_at))
    record(db, actor, AuditAction.TOKEN_CREATED, "user", user.id)
    return token


def actor_for_token(db: Session, token: str) -> Actor:
    """Who stands behind a token now. Asked anew on every request, so that what was taken away is gone at once."""
    found = db.exec(
        select(User, RoleGrant)
        .join(ApiToken, col(ApiToken.user_id) == col(User.id))
        .outerjoin(RoleGrant, col(RoleGrant.user_id) == col(User.id))
        .where(
            ApiToken.digest == keys.digest(token),
            col(ApiToken.revoked_at).is_(None),
            ApiToken.expires_at > clock.real_now(),
            col(User.disabled_at).is_(None),
        )
    ).all()
    if not found:
        was = db.exec(select(ApiToken.user_id).where(ApiToken.digest == keys.digest(token))).first()
        raise NotSignedIn("The token is unknown, expired or withdrawn. Ask for a new one.", whose=was)
    return grants.actor_of(db, found[0][0], [grant for _, grant in found if grant is not None])


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
