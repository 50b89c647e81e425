"""Spans of months in which an organisation owes returns, and what becomes of them when a new one is set."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.periods.calendar import Period


@dataclass(frozen=True)
class Span:
    """From month to month, both included; without an end it goes on."""

    first: Period
    last: Period | None = None

    def covers(self, period: Period) -> bool:
        return self.first <= period and (self.last is None or period <= self.last)

    def says_already(self, new: "Span") -> bool:
        """Whether setting `new` would change nothing: it begins inside this span and ends with it."""
        return self.first <= new.first and self.last == new.last

    def is_before(self, other: "Span") -> bool:
        return self.last is not None and self.last < other.first


def kept_of(span: Span, new: Span) -> Span | None:
    """What remains of a span when a new one is set: all of it if they do not meet, else the months before the new one.

    The new span says how it goes on from its first month, so the old one's later months go.
    """
    if span.is_before(new) or new.is_before(span):
        return span
    return Span(span.first, new.first.previous()) if span.first < new.first else None


def covered(spans: Iterable[Span], period: Period) -> bool:
    return any(span.covers(period) for span in spans)
