"""Spans of months in which an organisation owes returns, and what becomes of them when a new one is set."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.periods.calendar import Period


@dataclass(frozen=True)
class Span:
    """From month to month, both included; without an end it goes on."""

    first: Period
    last: Period | None = None

    def covers(self, period: Period) -> bool:
        return self.first <= period and (self.last is None or period <= self.last)

    def is_before(self, other: "Span") -> bool:
        return self.last is not None and self.last < other.first


def kept_of(span: Span, new: Span) -> Span | None:
    """What remains of a span when a new one is set: its months before the new one, none if it begins no earlier."""
    if span.is_before(new):
        return span
    return Span(span.first, new.first.previous()) if span.first < new.first else None


def settled(held: Iterable[Span], new: Span) -> list[Span]:
    """The spans once a new one is set, which says how it goes on from its first month."""
    return [*(kept for span in held if (kept := kept_of(span, new)) is not None), new]


def covered(spans: Iterable[Span], period: Period) -> bool:
    return any(span.covers(period) for span in spans)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same months in as few spans as they need, in order of time."""
    made: list[Span] = []
    for span in sorted(spans, key=lambda one: one.first):
        before = made[-1] if made else None
        if before is None or (before.last is not None and before.last.next() < span.first):
            made.append(span)
        else:
            ends = None if before.last is None or span.last is None else max(before.last, span.last)
            made[-1] = Span(before.first, ends)
    return tuple(made)


def without(spans: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """The months of these spans that are not among the others'."""
    left = list(joined(spans))
    for other in others:
        left = [piece for span in left for piece in _cut(span, other)]
    return tuple(left)


def _cut(span: Span, other: Span) -> Iterator[Span]:
    if span.is_before(other) or other.is_before(span):
        yield span
        return
    if span.first < other.first:
        yield Span(span.first, other.first.previous())
    if other.last is not None and (span.last is None or other.last < span.last):
        yield Span(other.last.next(), span.last)
