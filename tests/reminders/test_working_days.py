"""Working days by each nation's bank holidays. If a new version of the library moves one, it is seen here."""

from datetime import date

import pytest

from app.reminders.rules.working_days import is_working_day, working_days_before


@pytest.mark.parametrize(
    "day", [date(2026, 4, 3), date(2026, 4, 6), date(2026, 12, 25), date(2026, 12, 28), date(2027, 12, 28)]
)
def test_bank_holidays_are_known_also_those_moved_from_a_weekend(day):
    assert not is_working_day(day, "England")


def test_weekends_are_no_working_days_and_an_ordinary_friday_is():
    assert not is_working_day(date(2026, 11, 21), "England") and not is_working_day(date(2026, 11, 22), "England")
    assert is_working_day(date(2026, 11, 20), "England")


@pytest.mark.parametrize(
    ("day", "nation"),
    [(date(2026, 11, 30), "Scotland"), (date(2026, 3, 17), "Northern Ireland"), (date(2026, 1, 2), "Scotland")],
)
def test_each_nation_has_its_own(day, nation):
    assert not is_working_day(day, nation)
    assert is_working_day(day, "England") and is_working_day(day, "Wales")


def test_a_nation_that_is_none_of_the_four_has_englands():
    assert not is_working_day(date(2026, 8, 31), "Isle of Man")


@pytest.mark.parametrize(
    ("due", "nation", "first"),
    [
        (date(2026, 11, 20), "England", date(2026, 11, 13)),  # a Friday: the Friday before
        (date(2026, 12, 20), "England", date(2026, 12, 14)),  # a Sunday
        (date(2026, 4, 7), "England", date(2026, 3, 27)),  # across Easter
        (date(2026, 4, 7), "Scotland", date(2026, 3, 30)),  # where Easter Monday is a working day
        (date(2027, 1, 4), "England", date(2026, 12, 23)),  # across Christmas and the new year
    ],
)
def test_five_working_days_are_counted_back_across_weekends_and_holidays(due, nation, first):
    assert working_days_before(due, 5, nation) == first
