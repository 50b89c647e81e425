"""When each trust sends its return for each month, and which file it sends wrong first: the year's plan."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from app.core import clock
from app.demo.dice import dice, weighted
from app.demo.trusts import FIRST, Habit, Trust
from app.periods.calendar import Period

_USUALLY = {Habit.NEVER: 0.0, Habit.IRREGULAR: 0.36, Habit.REGULAR: 0.76}
_LARGE = 0.94
_EFFORT = (0.88, 1.16)  # at the year's beginning and end: returns grew from about 65 to about 100 a month
_WRONG_FILE, _AND_NO_OTHER = 0.05, 0.5
# Days after the month's end with their weights: most before the 20th, then a late tail.
_DAYS = (*((day, 2.0) for day in range(3, 11)), *((day, 4.5) for day in range(11, 17)),
         *((day, 8.0) for day in range(17, 21)), *((day, 1.1) for day in range(21, 41)))  # fmt: skip


@dataclass(frozen=True, order=True)
class Sending:
    """One file on its way: at which moment, from whom, for which month; `is_wrong`: a file that is refused whole."""

    at: datetime
    trust: str
    period: Period
    is_wrong: bool = False

    @property
    def is_planned(self) -> bool:
        """From the diary itself, and not an answer to what came back."""
        return True


def diary(trusts: Sequence[Trust], periods: Sequence[Period], now: datetime) -> list[Sending]:
    """All that was sent until now, in the order of time."""
    found = (sending for trust in trusts for sending in _of_trust(trust, periods))
    return sorted(sending for sending in found if sending.at < now)


def _of_trust(trust: Trust, periods: Sequence[Period]) -> Iterator[Sending]:
    for place, period in enumerate(periods):
        chance = dice("diary", trust.code, period)
        if not _returns(trust, period, place / max(len(periods) - 1, 1), chance, is_last=period == periods[-1]):
            continue
        at = _working_hour(chance, period)
        if chance.random() < _WRONG_FILE and not trust.is_large:
            yield Sending(at - timedelta(minutes=chance.randrange(5, 90)), trust.code, period, is_wrong=True)
            if chance.random() < _AND_NO_OTHER:
                continue
        yield Sending(at, trust.code, period)


def _returns(trust: Trust, period: Period, progress: float, chance: Random, *, is_last: bool) -> bool:
    if trust.code == FIRST:
        return not is_last  # it is the tour's to send
    if trust.is_large:
        return chance.random() < _LARGE
    effort = (_EFFORT[0] + (_EFFORT[1] - _EFFORT[0]) * progress) * dice("effort", period).uniform(0.93, 1.07)
    return chance.random() < _USUALLY[trust.habit] * effort


def _working_hour(chance: Random, period: Period) -> datetime:
    day = period.last_day + timedelta(days=weighted(chance, _DAYS))
    return _at_work(day, chance)


def _at_work(day: date, chance: Random) -> datetime:
    while day.weekday() >= 5:
        day += timedelta(days=1)
    minutes = timedelta(minutes=chance.randrange(30, 550), seconds=chance.randrange(60))
    return datetime.combine(day, time(8), clock.UK) + minutes


def some_days_later(moment: datetime, chance: Random) -> datetime:
    """When a trust gets round to mending what came back."""
    return _at_work(clock.uk_date(moment) + timedelta(days=chance.randrange(1, 9)), chance)
