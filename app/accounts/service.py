"""Accounts: adding people and roles, bearer tokens, and who stands behind a token at this moment."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta

from argon2 import PasswordHasher
from sqlmodel import Session, col, select

from app.accounts.access import Actor, Grant
from app.accounts.models import ApiToken, RoleGrant, User
from app.accounts.permissions import REACH, Permission, Reach, Role
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.errors import NotFound, NotSignedIn, Refused
from app.organisations import service as organisations
from app.organisations.models import Organisation

TOKEN_DAYS = 90
PREFIX = "dr_"  # so that a leaked token is recognised by scanners
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 500
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
# 19 MiB, two passes, one lane: OWASP's minimum for argon2id, 0.05 s here where the library's default takes 0.47 s.
_PASSWORDS = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def add_user(
    db: Session, actor: Actor, email: str, role: str, organisation: str | None = None, password: str | None = None
) -> User:
    """Adds a person with a role, or one more role to a person who is there; a password replaces the one before.

    `organisation` is a code for a trust or an LPM's portfolio, a nation's name for a health department, else None.
    """
    email = _email(email)
    granted, code, nation = _grant(db, role, organisation)
    user = db.exec(select(User).where(User.email == email)).one_or_none()
    if user is None:
        user = User(email=email, name=email, created_at=clock.real_now())
    if user.disabled_at is not None:
        raise Refused(f"The account {email} is disabled. Enable it before giving it a role.")
    if password is not None:
        user.password_hash = _password_hash(password)
    db.add(user)
    db.flush()
    if not _holds(db, user, granted, code, nation):
        db.add(
            RoleGrant(user_id=user.id, role=granted, organisation_code=code, nation=nation, granted_at=clock.real_now())
        )
    record(db, actor, AuditAction.USER_ADDED, "user", user.id, code, role=granted.value, nation=nation)
    return user


def has_account(db: Session, email: str) -> bool:
    return db.exec(select(User.id).where(User.email == _email(email))).first() is not None


def create_token(db: Session, actor: Actor, email: str) -> str:
    """A new bearer token in plain text, which nobody can see again: only its digest is kept."""
    user = db.exec(select(User).where(User.email == _email(email))).one_or_none()
    if user is None:
        raise Refused(f"There is no account {email}. Add it first with: debtor-returns users add {email} --role ROLE")
    if user.disabled_at is not None:
        raise Refused(f"The account {email} is disabled. Enable it before making a token for it.")
    token = PREFIX + secrets.token_urlsafe(32)
    now = clock.real_now()
    db.add(
        ApiToken(digest=_digest(token), user_id=user.id, created_at=now, expires_at=now + timedelta(days=TOKEN_DAYS))
    )
    record(db, actor, AuditAction.TOKEN_CREATED, "user", user.id)
    return token


def actor_for_token(db: Session, token: str) -> Actor:
    """Who stands behind a token now. Asked anew on every request, so that what was taken away is gone at once."""
    found = db.exec(
        select(User, RoleGrant)
        .join(ApiToken, col(ApiToken.user_id) == col(User.id))
        .outerjoin(RoleGrant, col(RoleGrant.user_id) == col(User.id))
        .where(
            ApiToken.digest == _digest(token),
            col(ApiToken.revoked_at).is_(None),
            ApiToken.expires_at > clock.real_now(),
            col(User.disabled_at).is_(None),
        )
    ).all()
    if not found:
        raise NotSignedIn("The token is unknown, expired or withdrawn. Ask for a new one.")
    user = found[0][0]
    return Actor(user.id, user.name, tuple(_as_granted(db, grant) for _, grant in found if grant is not None))


def actor_for_user(db: Session, user: User) -> Actor:
    grants = db.exec(select(RoleGrant).where(RoleGrant.user_id == user.id)).all()
    return Actor(user.id, user.name, tuple(_as_granted(db, grant) for grant in grants))


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


def _as_granted(db: Session, grant: RoleGrant) -> Grant:
    return Grant(Role(grant.role), grant.organisation_code, frozenset(_codes(db, grant)))


def _codes(db: Session, grant: RoleGrant) -> Sequence[str]:
    if grant.nation is not None:
        return db.exec(select(Organisation.code).where(Organisation.nation == grant.nation)).all()
    if grant.organisation_code is None:
        return ()
    return organisations.family(db, grant.organisation_code, clock.today())


def _grant(db: Session, role: str, organisation: str | None) -> tuple[Role, str | None, str | None]:
    """The role with its organisation or nation. Raises Refused for what does not go together."""
    if role not in set(Role):
        raise Refused(f'There is no role "{role}". The roles are {", ".join(Role)}.')
    known = Role(role)
    if REACH[known] is Reach.NATION:
        nations = db.exec(select(Organisation.nation).distinct().order_by(Organisation.nation)).all()
        if organisation not in nations:
            raise Refused(f"A {role} needs its nation as the organisation: one of {', '.join(nations) or 'none yet'}.")
        return known, None, organisation
    if organisation is None:
        if REACH[known] is Reach.ORGANISATION:
            raise Refused(f"The role {role} needs an organisation. Name its code, for example --organisation RJ1.")
        return known, None, None
    if known not in {Role.TRUST, Role.LPM}:
        raise Refused(f"The role {role} is not tied to one organisation. Leave the organisation out.")
    if not organisation.isprintable() or organisations.organisation(db, organisation) is None:
        raise Refused(f'There is no organisation "{organisation}". Check the code: upper and lower case matter.')
    return known, organisation, None


def _holds(db: Session, user: User, role: Role, code: str | None, nation: str | None) -> bool:
    held = db.exec(select(RoleGrant).where(RoleGrant.user_id == user.id, RoleGrant.role == role)).all()
    return any((grant.organisation_code, grant.nation) == (code, nation) for grant in held)


def _email(text: str) -> str:
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or len(email) > 254 or not email.isprintable():
        raise Refused("That is not an e-mail address. Write it like name@hospital.example.")
    return email


def _password_hash(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refused(f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters. Choose another.")
    return _PASSWORDS.hash(password)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
