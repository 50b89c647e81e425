"""Every organisation with what it owes in words: now, later, not any more, or never."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlmodel import Session

from app.organisations import service as organisations
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.submissions.obligations import held_by, span_of
from app.submissions.rules.owing import owed, owed_in_words
from app.submissions.rules.spans import Span, covered


class Standing(StrEnum):
    """Whether the current month is owed, a later one, only earlier ones, or none."""

    NOW = "now"
    LATER = "later"
    ENDED = "ended"
    NEVER = "never"


@dataclass(frozen=True)
class Owing:
    """`words` has a text for each span, saying where opening or closing cuts it short."""

    organisation: Organisation
    words: tuple[str, ...]
    standing: Standing


def listed(db: Session, scope: frozenset[str] | None, today: date) -> list[Owing]:
    """The organisations in scope (None: all) by name."""
    found = organisations.everyone(db, scope)
    held = held_by(db, [one.code for one in found])
    return [_owing(one, list(map(span_of, held[one.code])), Period.containing(today)) for one in found]


def _owing(one: Organisation, spans: Sequence[Span], now: Period) -> Owing:
    words = tuple(owed_in_words(span, one.open_date, one.close_date, one.successor_code) for span in spans)
    real = [kept for span in spans if (kept := owed(span, one.open_date, one.close_date)) is not None]
    return Owing(one, words, _standing(real, now))


def _standing(spans: Sequence[Span], now: Period) -> Standing:
    if covered(spans, now):
        return Standing.NOW
    if any(now < span.first for span in spans):
        return Standing.LATER
    return Standing.ENDED if spans else Standing.NEVER
