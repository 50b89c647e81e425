"""The service lives in UK dates and keeps its instants in UTC."""

from datetime import UTC, date, datetime

import pytest

from app.core import clock
from app.settings import get_settings


def utc(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)


def test_half_past_eleven_at_night_utc_in_summer_is_already_tomorrow_in_the_uk():
    assert clock.uk_date(utc(2026, 7, 31, 23, 30)) == date(2026, 8, 1)
    assert clock.uk_date(utc(2026, 12, 31, 23, 30)) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (utc(2026, 3, 29, 0, 59), date(2026, 3, 29)),  # clocks go forward at 01:00 UTC
        (utc(2026, 3, 29, 22, 59), date(2026, 3, 29)),
        (utc(2026, 3, 29, 23, 0), date(2026, 3, 30)),
        (utc(2026, 10, 24, 23, 0), date(2026, 10, 25)),  # and back at 01:00 UTC on the 25th
        (utc(2026, 10, 25, 23, 59), date(2026, 10, 25)),
        (utc(2024, 2, 29, 12, 0), date(2024, 2, 29)),
    ],
)
def test_a_day_ends_at_midnight_in_the_uk_on_both_sides_of_the_clock_changes(moment, day):
    assert clock.uk_date(moment) == day


def test_the_date_of_the_settings_pins_the_calendar_but_not_the_clock_of_sessions_and_audit():
    assert clock.today() == date(2026, 11, 22)
    assert abs((clock.real_now() - datetime.now(UTC)).total_seconds()) < 5


def test_without_a_pinned_date_today_is_today(monkeypatch):
    monkeypatch.delenv("DEBTOR_RETURNS_TODAY")
    get_settings.cache_clear()
    assert abs((clock.now() - clock.real_now()).total_seconds()) < 5


def test_what_the_demo_does_in_the_past_happens_at_that_instant_and_only_there():
    with clock.at(utc(2026, 3, 20, 9, 0)):
        assert clock.now() == utc(2026, 3, 20, 9, 0)
        with clock.at(utc(2026, 4, 20, 9, 0)):
            assert clock.today() == date(2026, 4, 20)
        assert clock.today() == date(2026, 3, 20)
    assert clock.today() == date(2026, 11, 22)
