"""Wrong tries: counted per account and per address, how they slow the next, and the lock-out that ends by itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, delete, or_, select

from app.accounts import keys
from app.accounts.models import SignInFailures, User
from app.core import clock
from app.core.db import among

WINDOW = LOCKED = timedelta(minutes=15)
ACCOUNT_TRIES = 10
ADDRESS_TRIES = 20  # a hospital's people share one address, so it takes more than one account's share to lock it
SLOWED_FROM = 3
DOUBLINGS = 7  # so an account's waits are 1, 2, 4 … 64 seconds, an address's 1 second for long and 64 at the end


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


def wait(db: Session, names: Sequence[str]) -> int:
    """For how many seconds no try of these is looked at; 0 when one may be made now."""
    now = clock.real_now()
    until = col(SignInFailures.locked_until)
    query = select(SignInFailures.locked_until).where(until > now, among(db, SignInFailures.key, names))
    return max((-((now - each) // timedelta(seconds=1)) for each in db.exec(query).all() if each), default=0)


def locked_among(db: Session, names: Sequence[str]) -> set[str]:
    """Those of these accounts that are locked now, not merely slowed."""
    locked = (col(SignInFailures.locked_until) > clock.real_now(), col(SignInFailures.count) >= ACCOUNT_TRIES)
    return set(db.exec(select(SignInFailures.key).where(*locked, among(db, SignInFailures.key, names))).all())


def count(db: Session, tries: Iterable[tuple[str, int]]) -> None:
    """Counts one try for each key: wrong, or made before the wait for the one before was over.

    From the third on the next try must wait, each time for longer, and after the allowed number for a quarter of an
    hour, which further tries do not prolong.
    """
    now = clock.real_now()
    for key, allowed in sorted(tries):
        failures = db.get(SignInFailures, key, populate_existing=True)
        if failures is None or _starts_anew(failures, allowed, now):
            failures = db.merge(SignInFailures(key=key, count=0, first_at=now, locked_until=None))
        if failures.count < allowed:
            failures.count += 1
            failures.locked_until = now + _pause(failures.count, allowed)
    db.flush()
    db.exec(delete(SignInFailures).where(over(now)))


def _starts_anew(failures: SignInFailures, allowed: int, now: datetime) -> bool:
    """A lock that is over, or a first try so long ago that nothing of it counts."""
    if failures.locked_until is not None and failures.locked_until > now:
        return False
    return failures.count >= allowed or failures.first_at <= now - WINDOW


def _pause(count: int, allowed: int) -> timedelta:
    """After so many wrong tries: nothing at first, then a second, doubled with each of the last ones, then the lock."""
    if count >= allowed:
        return LOCKED
    return timedelta(seconds=2 ** max(0, count - allowed + DOUBLINGS)) if count >= SLOWED_FROM else timedelta()


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
