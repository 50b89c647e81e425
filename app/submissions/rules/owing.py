"""What is owed of a span, since nobody owes before opening or after closing, and how people read spans."""

from collections.abc import Iterable
from datetime import date

from app.periods.calendar import Period
from app.submissions.rules.spans import Span


def owed(span: Span, opened: date | None, closed: date | None) -> Span | None:
    """The months of the span on whose last day the organisation is open; None if there are none."""
    first = span.first if opened is None else max(span.first, Period.containing(opened))
    last = _last_owed(closed)
    if last is None or (span.last is not None and span.last < last):
        last = span.last
    return None if last is not None and last < first else Span(first, last)


def owed_in_words(span: Span, opened: date | None, closed: date | None, successor: str | None = None) -> str:
    """“from October 2025 to March 2026, closed on 31 March 2026”: says so where opening or closing cuts the span short."""
    kept = owed(span, opened, closed)
    why: list[str] = []
    if opened is not None and span.first < Period.containing(opened):
        why.append(f"opened on {_day(opened)}")
    last = _last_owed(closed)
    if closed is not None and last is not None and (span.last is None or last < span.last):
        why.append(f"closed on {_day(closed)}" + (f", followed by {successor}" if successor else ""))
    return ", ".join(["no month" if kept is None else in_words(kept), *why])


def in_words(span: Span) -> str:
    """“from October 2026 on”, “from October 2026 to March 2027”, “October 2026 only”."""
    if span.last is None:
        return f"from {span.first.label} on"
    return f"{span.first.label} only" if span.first == span.last else f"from {span.first.label} to {span.last.label}"


def all_in_words(spans: Iterable[Span]) -> str:
    return "; ".join(map(in_words, spans)) or "no month"


def _last_owed(closed: date | None) -> Period | None:
    """The close date is the last open day: the month it ends is owed, one that goes on after it is not."""
    if closed is None:
        return None
    month = Period.containing(closed)
    return month if closed == month.last_day else month.previous()


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
