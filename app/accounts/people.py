"""People as an administrator sees them: their roles, when they last came, and whether they can come at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session, col, or_, select

from app.accounts import failures, second_factor
from app.accounts.access import Actor
from app.accounts.models import Identity, RoleGrant, User
from app.accounts.permissions import Permission, Role
from app.core.db import among
from app.core.errors import Forbidden, NotFound
from app.core.paging import Page, cut, from_cursor


class State(StrEnum):
    INVITED = "invited"  # has not chosen yet how to sign in
    ACTIVE = "active"
    LOCKED = "locked"  # after wrong tries; unlocks by itself
    DISABLED = "disabled"


@dataclass(frozen=True)
class Person:
    """One account. `grants` in one order always; `identities` are those of identity providers."""

    id: str
    email: str
    name: str
    state: State
    grants: Sequence[RoleGrant]
    identities: Sequence[Identity]
    last_sign_in_at: datetime | None
    has_password: bool
    has_second_factor: bool
    phone: str | None = None


def people(
    db: Session,
    actor: Actor,
    q: str = "",
    limit: int = 50,
    cursor: str | None = None,
    *,
    role: Role | None = None,
    state: State | None = None,
) -> Page[Person]:
    """Accounts by e-mail address; `q` is searched in address and name, taken literally. Raises Forbidden (403).

    The cursor is an id: an address must not stand in an address.
    """
    may_manage(actor)
    query = select(User).order_by(User.email)
    if role is not None:
        query = query.where(col(User.id).in_(select(RoleGrant.user_id).where(RoleGrant.role == role)))
    if state is None:  # a state is known only once a person is seen whole
        query = query.limit(limit + 1)
    if last := from_cursor(cursor, "people"):
        query = query.where(User.email > select(User.email).where(User.id == last).scalar_subquery())
    for word in q.replace("\0", "").encode(errors="replace").decode().split()[:10]:
        query = query.where(
            or_(*(column.icontains(word, autoescape=True) for column in (col(User.email), col(User.name))))
        )
    found = [one for one in _seen(db, db.exec(query).all()) if state is None or one.state is state]
    return cut(found[: limit + 1], limit, lambda person: person.id, "people")


def person(db: Session, actor: Actor, user_id: str) -> Person:
    """Raises Forbidden (403) or NotFound (404)."""
    return _seen(db, [user_to_manage(db, actor, user_id)])[0]


@dataclass(frozen=True)
class Contact:
    """Somebody who looks after an organisation: in it, or as its Local Partnership Manager."""

    id: str
    name: str
    email: str
    role: Role
    phone: str | None = None


def contacts(db: Session, code: str) -> list[Contact]:
    """Who may come in today for this organisation, by role and name."""
    return contacts_of_each(db, [code]).get(code, [])


def contacts_of_each(db: Session, codes: Collection[str]) -> dict[str, list[Contact]]:
    """The same for several at once."""
    query = (
        select(RoleGrant, User)
        .join(User, col(RoleGrant.user_id) == col(User.id))
        .where(among(db, RoleGrant.organisation_code, codes), col(User.disabled_at).is_(None))
        .order_by(RoleGrant.role, User.name, User.email)
    )
    found: dict[str, list[Contact]] = {}
    for grant, user in db.exec(query):
        contact = Contact(user.id, user.name, user.email, Role(grant.role), user.phone)
        found.setdefault(grant.organisation_code or "", []).append(contact)
    return found


def may_manage(actor: Actor) -> None:
    if not actor.may(Permission.USER_MANAGE):
        raise Forbidden


def user_to_manage(db: Session, actor: Actor, user_id: str) -> User:
    """Raises Forbidden (403) or NotFound (404)."""
    may_manage(actor)
    if not user_id.isprintable() or (user := db.get(User, user_id, populate_existing=True)) is None:
        raise NotFound
    return user


def _seen(db: Session, users: Sequence[User]) -> list[Person]:
    """The same users with what belongs to each, in three questions however many they are."""
    ids = [user.id for user in users]
    keys = {key: user.id for user in users for key in (failures.account_key(user.email), failures.codes_key(user.id))}
    locked = {keys[key] for key in failures.locked_among(db, list(keys))}
    order = (RoleGrant.role, col(RoleGrant.organisation_code), col(RoleGrant.id))
    grants = db.exec(select(RoleGrant).where(among(db, RoleGrant.user_id, ids)).order_by(*order)).all()
    identities = db.exec(select(Identity).where(among(db, Identity.user_id, ids)).order_by(Identity.id)).all()
    return [
        Person(
            id=user.id,
            email=user.email,
            name=user.name,
            state=_state(user, user.id in locked, any(one.user_id == user.id for one in identities)),
            grants=[grant for grant in grants if grant.user_id == user.id],
            identities=[one for one in identities if one.user_id == user.id],
            last_sign_in_at=user.last_sign_in_at,
            has_password=user.password_hash is not None,
            has_second_factor=second_factor.has(user),
            phone=user.phone,
        )
        for user in users
    ]


def _state(user: User, locked: bool, bound: bool) -> State:
    if user.disabled_at is not None:
        return State.DISABLED
    if locked:
        return State.LOCKED
    waiting = user.invited_at is not None and user.password_hash is None and not bound
    return State.INVITED if waiting else State.ACTIVE
