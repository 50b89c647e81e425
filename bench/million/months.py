"""Who sends a return for which month, when, and with how many rows: organisations differ in size as trusts do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from app.periods.calendar import Period

LAST = Period(2026, 10)
_MISSING, _LATE = 0.04, 0.08  # shares of the returns
_SENT_BACK = 0.03  # rows that go back, beside those that are taken


@dataclass(frozen=True)
class Sending:
    """One return: so many new debts, so many rows sent back; nil where there is neither."""

    organisation: str
    period: Period
    at: datetime
    debts: int
    sent_back: int


def sendings(chance: Random, organisations: Sequence[str], months: int, debts: int) -> Iterator[Sending]:
    """In the order in which they were sent. What a month is missing of comes in the
    next, so that together they have exactly so many debts."""
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(organisations))))
    share = [weight / weights[-1] for weight in weights]
    left = dict.fromkeys(organisations, 0)
    for number, period in enumerate(Period.span(LAST.plus(1 - months), LAST)):
        of_month = debts * (number + 1) // months - debts * number // months
        edges = [0, *(round(of_month * part) for part in share)]
        found = []
        for code, first, last in zip(organisations, edges, edges[1:], strict=False):
            left[code] += last - first
            if chance.random() >= _MISSING or period == LAST:
                found.append(_sending(chance, code, period, left[code]))
                left[code] = 0
        yield from sorted(found, key=lambda one: one.at)


def _sending(chance: Random, organisation: str, period: Period, debts: int) -> Sending:
    begins = datetime.combine(period.next().first_day, datetime.min.time(), UTC)
    days = 20 + chance.random() * 2 if chance.random() < _LATE else chance.random() * 18
    sent_back = sum(chance.random() < _SENT_BACK for _ in range(min(debts, 400)))
    return Sending(organisation, period, begins + timedelta(days=days), debts, sent_back)
