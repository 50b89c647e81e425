"""Wrong tries: counted per account and per address, and the lock-out that follows and ends by itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, delete, or_, select

from app.accounts import keys
from app.accounts.models import SignInFailures, User
from app.core import clock
from app.core.db import among, take_turns

WINDOW = LOCKED = timedelta(minutes=15)
ACCOUNT_TRIES = 10
ADDRESS_TRIES = 20  # a hospital's people share one address, so it takes more than one account's share to lock it


def account_key(email: str) -> str:
    return keys.keyed_digest(f"account:{email}")


def codes_key(user_id: str) -> str:
    """Codes are counted apart: a right password, which is given before each, must not wipe out wrong codes."""
    return keys.keyed_digest(f"codes:{user_id}")


def address_key(address: str) -> str:
    """One key for an IPv4 address; one for an IPv6 network of /64, which is what one household or office has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return keys.keyed_digest(f"address:{address}")
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or ip_network((parsed, 64), strict=False).network_address
    return keys.keyed_digest(f"address:{parsed}")


def locked_out(db: Session, names: Sequence[str]) -> bool:
    """Whether one of these is locked now. Holds them until the transaction ends, so that tries are counted in turn."""
    take_turns(db, names)
    return bool(locked_among(db, names))


def locked_among(db: Session, names: Sequence[str]) -> set[str]:
    """Those of these that are locked now."""
    locked = col(SignInFailures.locked_until) > clock.real_now()
    return set(db.exec(select(SignInFailures.key).where(locked, among(db, SignInFailures.key, names))).all())


def count(db: Session, tries: Iterable[tuple[str, int]]) -> None:
    """Counts one wrong try for each key, and locks it when it has had so many within the window."""
    now = clock.real_now()
    for key, allowed in tries:
        failures = db.get(SignInFailures, key, populate_existing=True)
        if failures is None or failures.locked_until is not None or failures.first_at <= now - WINDOW:
            failures = db.merge(SignInFailures(key=key, count=0, first_at=now, locked_until=None))
        failures.count += 1
        if failures.count >= allowed:
            failures.locked_until = now + LOCKED
    db.flush()
    db.exec(delete(SignInFailures).where(over(now)))


def over(now: datetime) -> ColumnElement[bool]:
    """Wrong tries that count no more."""
    return and_(
        col(SignInFailures.first_at) <= now - WINDOW,
        or_(col(SignInFailures.locked_until).is_(None), col(SignInFailures.locked_until) <= now),
    )


def forget(db: Session, names: Sequence[str]) -> None:
    """Starts anew for these, because their person has shown who they are."""
    db.exec(delete(SignInFailures).where(among(db, SignInFailures.key, names)))


def forget_user(db: Session, user: User) -> None:
    forget(db, (account_key(user.email), codes_key(user.id)))
