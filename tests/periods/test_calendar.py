"""Periods: calendar months, when each opens and closes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import Refused
from app.periods import service
from app.periods.calendar import Period

OCTOBER = Period(2026, 10)
months = st.builds(Period, st.integers(2001, 2190), st.integers(1, 12))


def test_a_period_is_written_as_year_and_month_and_read_out_in_words():
    assert Period.parse("2026-10") == OCTOBER
    assert (str(OCTOBER), OCTOBER.label) == ("2026-10", "October 2026")
    assert (OCTOBER.first_day, OCTOBER.last_day) == (date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "2026-1", "26-10", "2026-10-01", "٢٠٢٦-10", "2026-10\n", "0001-01", "9999-12"])  # fmt: skip
def test_anything_else_is_refused_with_an_example(text: str):
    with pytest.raises(Refused, match="for example 2026-10"):
        Period.parse(text)


@given(months)
def test_a_month_ends_the_day_before_the_next_begins_and_reads_back_as_itself(period: Period):
    assert (period.next().first_day - period.last_day).days == 1
    assert period.next().previous() == period == Period.parse(str(period)) == Period.containing(period.last_day)
    assert period < period.next()
    assert (str(period) < str(period.next())) is True


@given(months, st.integers(0, 40))
def test_a_span_has_every_month_once(period: Period, length: int):
    span = list(Period.span(period, period.plus(length)))
    assert len(span) == len(set(span)) == length + 1
    assert span == sorted(span)


def test_a_period_opens_on_its_first_day_and_closes_twelve_months_after_its_end():
    assert not service.is_open(OCTOBER, date(2026, 9, 30))
    assert service.is_open(OCTOBER, date(2026, 10, 1))
    assert service.is_open(OCTOBER, date(2027, 10, 31))
    assert not service.is_open(OCTOBER, date(2027, 11, 1))


def test_thirteen_periods_take_returns_at_any_time():
    periods = service.open_periods(date(2026, 11, 22))
    assert [str(period) for period in (periods[0], periods[-1])] == ["2025-11", "2026-11"]
    assert len(periods) == 13


def test_how_long_a_period_stays_open_is_a_setting(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DEBTOR_RETURNS_OPEN_PERIOD_MONTHS", "3")
    service.get_settings.cache_clear()
    assert not service.is_open(OCTOBER, date(2027, 2, 1))
