"""Which reminder has come. October 2026 is due on Friday 20 November: 13, 20, 23 and 30 November are its days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.core import clock
from app.periods.calendar import Period
from app.reminders.planning import timetable
from app.reminders.rules.occasions import BY_CODE, OCCASIONS, due_today

OCTOBER = timetable(Period(2026, 10), date(2026, 11, 20), "England")


def code(day: date, of=OCTOBER) -> str | None:
    found = due_today(of, day)
    return found.code if found else None


@pytest.mark.parametrize(
    ("first", "last", "occasion"),
    [
        (date(2026, 11, 1), date(2026, 11, 12), None),
        (date(2026, 11, 13), date(2026, 11, 19), "before"),
        (date(2026, 11, 20), date(2026, 11, 20), "due"),
        (date(2026, 11, 21), date(2026, 11, 22), None),
        (date(2026, 11, 23), date(2026, 11, 29), "late_3"),
        (date(2026, 11, 30), date(2026, 12, 14), "late_10"),
        (date(2026, 12, 15), date(2027, 12, 31), None),
    ],
)
def test_a_worker_that_was_down_sends_the_newest_that_has_come_and_none_whose_time_is_gone(first, last, occasion):
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    assert {code(day) for day in days} == {occasion}


def test_every_month_of_three_years_is_reminded_on_four_days_in_order_whatever_the_clocks_do():
    for period in Period.span(Period(2026, 1), Period(2028, 12)):
        due_on = period.default_due_on(20)
        days = timetable(period, due_on, "England")
        dates = [day for _, day in days.days()]
        assert dates == sorted(dates) and len(set(dates)) == 4
        assert dates[1:] == [due_on, due_on + timedelta(days=3), due_on + timedelta(days=10)]
        assert dates[0].weekday() < 5 and dates[0] > period.last_day
        assert [code(day, days) for day in dates] == [one.code for one in OCCASIONS]


@pytest.mark.parametrize(
    ("instant", "occasion"),
    [
        (datetime(2026, 3, 30, 22, 59, tzinfo=UTC), "late_10"),  # 23:59 on the 30th, the night after the clocks went on
        (datetime(2026, 3, 20, 0, 0, tzinfo=UTC), "due"),
        (datetime(2026, 4, 19, 22, 59, tzinfo=UTC), "before"),  # 23:59 UK time of the day before
        (datetime(2026, 4, 19, 23, 0, tzinfo=UTC), "due"),  # midnight in the UK, an hour before UTC's
    ],
)
def test_the_day_is_the_uks(instant, occasion):
    with clock.at(instant):
        month = Period(2026, 2) if instant.month == 3 else Period(2026, 3)
        assert code(clock.today(), timetable(month, month.default_due_on(20), "England")) == occasion


def test_a_month_that_is_due_right_after_its_end_is_not_reminded_before_it_has_ended():
    days = timetable(Period(2026, 10), date(2026, 11, 2), "England")
    assert code(date(2026, 10, 31), days) is None
    assert (code(date(2026, 11, 1), days), code(date(2026, 11, 2), days)) == ("before", "due")


def test_what_comes_next_is_never_what_has_come():
    found = [OCTOBER.next_after(day) for day in (date(2026, 11, 12), date(2026, 11, 13), date(2026, 11, 30))]
    assert [one and (one[0].code, one[1].day) for one in found] == [("before", 13), ("due", 20), None]


def test_every_occasion_has_a_name_of_its_own():
    assert len(BY_CODE) == len(OCCASIONS) + 1
