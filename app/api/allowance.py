"""How many calls each account has made of late, so that one program that runs wild does not slow everybody."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Lock

from app.accounts import rate_limits
from app.core import clock
from app.core.db import Database
from app.core.errors import TooMany, Unavailable
from app.core.spans import span

MINUTE = timedelta(minutes=1)
PORTIONS = 10


class Allowance:
    """Counts in this process and tells the others in portions, a tenth of the limit each: most callers never write.

    So with several processes an account may have up to one portion for each of them beyond the limit.
    """

    def __init__(self, a_minute: int) -> None:
        self._rate = rate_limits.api_calls(a_minute)
        self._portion = max(1, a_minute // PORTIONS)
        self._lock = Lock()
        self._ends = datetime.min.replace(tzinfo=UTC)
        self._calls: dict[str, int] = {}
        self._shut: dict[str, datetime] = {}

    def spend(self, store: Database, account: str) -> None:
        """Counts one call. Raises TooMany (429)."""
        now = clock.real_now()
        calls = self._counted(account, now)
        if (until := self._shut.get(account, now)) > now or calls > self._rate.item.amount:
            raise self._too_many((until if until > now else self._ends) - now)
        if calls % self._portion:
            return
        with suppress(Unavailable), store.writing() as db:  # what cannot be written to can still be read
            try:
                rate_limits.hit(db, self._rate, account, self._portion)
            except TooMany as error:
                self._shut[account] = now + timedelta(seconds=error.retry_after)
                raise

    def _counted(self, account: str, now: datetime) -> int:
        with self._lock:
            if now >= self._ends or now < self._ends - MINUTE:  # also when the clock was set back
                self._ends = now + MINUTE
                self._calls.clear()
                self._shut = {each: until for each, until in self._shut.items() if now < until <= now + MINUTE}
            self._calls[account] = self._calls.get(account, 0) + 1
            return self._calls[account]

    def _too_many(self, left: timedelta) -> TooMany:
        seconds = max(1, -(-left // timedelta(seconds=1)))
        return TooMany(self._rate.words.format(span(seconds)), seconds)
