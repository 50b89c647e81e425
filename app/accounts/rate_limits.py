"""How often one account or one network address may do what costs us something, counted for all processes together.

By the library `limits`, whose windows begin with the first try; its storage is a table of ours, in the caller's session.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select, update

from app.accounts import failures, keys
from app.accounts.models import RateCount
from app.core import clock
from app.core.db import take_turns
from app.core.errors import TooMany
from app.core.spans import span

ITS_NETWORK = "There were too many tries from your network. Wait {} and try again."


@dataclass(frozen=True)
class Rate:
    """How often, and the sentence for whoever comes more often, with a place for how long to wait."""

    item: RateLimitItem
    words: str


# Generous for people, of whom a hospital has many at one address.
SIGN_INS = Rate(RateLimitItemPerMinute(300, namespace="sign-ins"), ITS_NETWORK)  # right ones too: each costs us a hash
RESETS = Rate(RateLimitItemPerHour(20, namespace="resets"), ITS_NETWORK)  # asked for from an address, of whomever
RESETS_OF_ONE = Rate(RateLimitItemPerHour(3, namespace="resets-of-one"), "")  # nobody is told: it would tell of others
WRONG_TOKENS = Rate(
    RateLimitItemPerMinute(30, 15, namespace="wrong-tokens"),
    "There were too many unknown tokens from your network. Wait {}, then send one that is good.",
)
INVITATIONS = Rate(
    RateLimitItemPerHour(200, namespace="invitations"), "You have sent very many links of late. Wait {} and try again."
)


def api_calls(a_minute: int) -> Rate:
    return Rate(
        RateLimitItemPerMinute(a_minute, namespace="api"),
        f"This account has made more than {a_minute} calls in a minute, which is the limit. Wait {{}} and go on.",
    )


class Counts(Storage):
    """The library's counters in the table `rate_counts`. One session's alone: nothing of it is kept."""

    STORAGE_SCHEME = None

    def __init__(self, db: Session) -> None:
        super().__init__()
        self._db = db

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        return ()  # the database's own errors have words already

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Counts in turn: what two do at once is counted twice."""
        take_turns(self._db, [f"rate:{key}"])
        now = clock.real_now()
        running = update(RateCount).where(col(RateCount.key) == key, ~over(now))
        if not self._db.exec(running.values(count=col(RateCount.count) + amount)).rowcount:
            self.clear(key)
            self._db.add(RateCount(key=key, count=amount, until=now + timedelta(seconds=expiry)))
            self._db.flush()
        return self.get(key)

    def get(self, key: str) -> int:
        this = (RateCount.key == key, ~over(clock.real_now()))
        return self._db.exec(select(RateCount.count).where(*this)).one_or_none() or 0

    def get_expiry(self, key: str) -> float:
        until = self._db.exec(select(RateCount.until).where(RateCount.key == key)).one_or_none()
        return (until or clock.real_now()).timestamp()

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        return self._db.exec(delete(RateCount)).rowcount

    def clear(self, key: str) -> None:
        self._db.exec(delete(RateCount).where(col(RateCount.key) == key))


def allows(db: Session, rate: Rate, who: str, times: int = 1) -> bool:
    """Counts so many times more, and says whether they are still within the rate."""
    return FixedWindowRateLimiter(Counts(db)).hit(rate.item, keys.keyed_digest(who), cost=times)


def hit(db: Session, rate: Rate, who: str, times: int = 1) -> None:
    """The same, but raises TooMany (429) beyond the rate: then nothing of it is counted, the transaction being undone."""
    if not allows(db, rate, who, times):
        raise _too_many(db, rate, who)


def look(db: Session, rate: Rate, who: str) -> None:
    """Raises TooMany (429) if one more would be beyond the rate. Counts nothing, so a reading session will do."""
    if not FixedWindowRateLimiter(Counts(db)).test(rate.item, keys.keyed_digest(who)):
        raise _too_many(db, rate, who)


def of_address(address: str) -> str:
    """Who stands behind a network address, as wrong passwords are counted too."""
    return failures.address_key(address)


def over(now: datetime) -> ColumnElement[bool]:
    """Counts whose window has ended."""
    return col(RateCount.until) <= now


def _too_many(db: Session, rate: Rate, who: str) -> TooMany:
    ends = FixedWindowRateLimiter(Counts(db)).get_window_stats(rate.item, keys.keyed_digest(who)).reset_time
    seconds = max(1, round(ends - clock.real_now().timestamp()))
    return TooMany(rate.words.format(span(seconds)), seconds)
