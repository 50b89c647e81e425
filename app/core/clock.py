"""The only reader of the clock. The domain's calendar is the UK's; instants are UTC with zone.

`today` and `now` are the domain's clock, which demo and test may pin; `real_now` is for sessions, tokens and audit.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from app.settings import get_settings

UK = ZoneInfo("Europe/London")
_pinned: ContextVar[datetime | None] = ContextVar("pinned", default=None)


def real_now() -> datetime:
    return datetime.now(UTC)


def now() -> datetime:
    """The domain's instant: as pinned by `at`, else the date of DEBTOR_RETURNS_TODAY at this time of day, else now."""
    if (moment := _pinned.get()) is not None:
        return moment
    if (day := get_settings().today) is not None:
        return datetime.combine(day, real_now().astimezone(UK).time(), UK).astimezone(UTC)
    return real_now()


def today() -> date:
    """Today in the UK."""
    return uk_date(now())


def uk_date(moment: datetime) -> date:
    return moment.astimezone(UK).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Everything inside happens at this instant: how the demo gives each past upload its own clock."""
    token = _pinned.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pinned.reset(token)
