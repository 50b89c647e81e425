"""Spans of months: what is added and taken away, where closing ends them, and how people read them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.periods.calendar import Period
from app.submissions.rules.owing import all_in_words, owed, owed_in_words
from app.submissions.rules.spans import Span, covered, joined, settled, without
from app.submissions.rules.state import is_owed

OCTOBER = Period(2025, 10)


def span(first: str, last: str | None = None) -> Span:
    return Span(Period.parse(first), Period.parse(last) if last else None)


@pytest.mark.parametrize(
    ("opened", "closed", "words"),
    [
        (None, None, "from October 2025 on"),
        (None, date(2026, 3, 31), "from October 2025 to March 2026, closed on 31 March 2026, followed by RJ1"),
        (None, date(2026, 3, 30), "from October 2025 to February 2026, closed on 30 March 2026, followed by RJ1"),
        (None, date(2025, 11, 29), "October 2025 only, closed on 29 November 2025, followed by RJ1"),
        (None, date(2025, 10, 30), "no month, closed on 30 October 2025, followed by RJ1"),
        (date(2025, 12, 31), None, "from December 2025 on, opened on 31 December 2025"),
        (date(2025, 10, 31), None, "from October 2025 on"),
    ],
)
def test_where_opening_or_closing_cuts_an_obligation_short_it_is_said(opened, closed, words):
    assert owed_in_words(Span(OCTOBER), opened, closed, "RJ1") == words


def test_a_closing_after_the_end_of_an_obligation_is_not_mentioned():
    assert owed_in_words(span("2025-10", "2026-03"), None, date(2026, 3, 31)) == "from October 2025 to March 2026"


def test_spans_are_read_as_sentences():
    assert all_in_words([span("2026-01", "2026-01"), span("2026-03")]) == "January 2026 only; from March 2026 on"
    assert all_in_words([]) == "no month"


def test_a_span_that_is_set_takes_the_place_of_all_that_begins_later():
    held = [span("2025-01", "2025-06"), span("2026-01")]
    assert settled(held, span("2025-04", "2025-05")) == [span("2025-01", "2025-03"), span("2025-04", "2025-05")]


months = st.builds(Period, st.just(2026), st.integers(1, 12))
spans = st.builds(lambda first, length: Span(first, None if length is None else first.plus(length)),
                  months, st.none() | st.integers(0, 6))  # fmt: skip
EVERY = list(Period.span(Period(2025, 11), Period(2028, 2)))


@given(st.lists(spans, max_size=4), st.lists(spans, max_size=4))
def test_months_added_and_taken_away_are_those_that_only_one_side_has(was: list[Span], becomes: list[Span]):
    left = without(was, becomes)
    for period in EVERY:
        assert covered(left, period) == (covered(was, period) and not covered(becomes, period))
        assert covered(joined(was), period) == covered(was, period)
        assert sum(span.covers(period) for span in joined(was)) <= 1


@given(spans, st.none() | st.dates(date(2025, 11, 1), date(2027, 12, 31)), st.none() | st.dates(date(2025, 11, 1), date(2027, 12, 31)))  # fmt: skip
def test_what_is_owed_of_a_span_is_what_the_state_says(one: Span, opened: date | None, closed: date | None):
    kept = owed(one, opened, closed)
    for period in EVERY:
        expected = is_owed(one.covers(period), opened, closed, period.last_day)
        assert (kept is not None and kept.covers(period)) == expected
