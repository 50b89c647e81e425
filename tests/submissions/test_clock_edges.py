"""The last second of a due date and the first of the next day, in UK time, where the calendar is at its oddest."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import Session

from app.accounts.access import COMMAND_LINE
from app.core import clock
from app.core.clock import UK
from app.periods import service as periods
from app.periods.calendar import Period
from app.submissions import service
from tests.submissions.test_submissions import World

LAST = (23, 59, 59)


@pytest.fixture
def trusts(db: Session) -> World:
    """Three organisations that owe from January 2026 on."""
    world = World(db)
    for code in ("AAA", "BBB", "CCC"):
        world.organisation(code)
    world.owes("AAA", "BBB", "CCC", begins=Period(2026, 1))
    return world


def uk(day: date, *time: int) -> datetime:
    return datetime(day.year, day.month, day.day, *time, tzinfo=UK).astimezone(UTC)


# A month and a due date, moved to the oddest days: the clocks go forward on 29 March and back on 25 October 2026.
EDGES = [
    pytest.param(Period(2026, 2), date(2026, 3, 28), id="the eve of the spring change"),
    pytest.param(Period(2026, 2), date(2026, 3, 29), id="the day of 23 hours"),
    pytest.param(Period(2026, 2), date(2026, 3, 30), id="the day after it"),
    pytest.param(Period(2026, 9), date(2026, 10, 24), id="the eve of the autumn change"),
    pytest.param(Period(2026, 9), date(2026, 10, 25), id="the day of 25 hours"),
    pytest.param(Period(2026, 9), date(2026, 10, 26), id="the day after it"),
    pytest.param(Period(2028, 1), date(2028, 2, 29), id="29 February"),
    pytest.param(Period(2026, 11), date(2026, 12, 31), id="the end of the year"),
]


@pytest.mark.parametrize(("period", "due"), EDGES)
def test_a_return_is_late_from_midnight_uk_time_on_and_one_that_never_comes_is_missing_then(
    trusts: World, period: Period, due: date
):
    with clock.at(uk(due, 12)):
        periods.set_due_on(trusts.db, COMMAND_LINE, period, due, "To be tested.")
    last, first = uk(due, *LAST), uk(date.fromordinal(due.toordinal() + 1), 0)
    assert (first - last).total_seconds() == 1
    trusts.sends("AAA", last, period)
    trusts.sends("BBB", first, period)
    assert not periods.is_late(trusts.db, period, last)
    assert periods.is_late(trusts.db, period, first)
    with clock.at(last):
        assert trusts.states(period) == {"AAA": "submitted", "BBB": "submitted_late", "CCC": "not_due"}
    with clock.at(first):
        assert trusts.states(period) == {"AAA": "submitted", "BBB": "submitted_late", "CCC": "missing"}


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2026, 3, 31), Period(2026, 3)),
        (date(2026, 10, 31), Period(2026, 10)),
        (date(2027, 2, 28), Period(2027, 2)),
        (date(2028, 2, 28), Period(2028, 2)),
        (date(2028, 2, 29), Period(2028, 2)),
        (date(2026, 12, 31), Period(2026, 12)),
    ],
)
def test_a_month_ends_at_midnight_uk_time(day: date, period: Period):
    with clock.at(uk(day, *LAST)):
        assert Period.containing(clock.today()) == period
    with clock.at(uk(date.fromordinal(day.toordinal() + 1), 0)):
        assert Period.containing(clock.today()) == (period if day != period.last_day else period.next())


def test_in_summer_the_utc_day_is_an_hour_behind():
    with clock.at(datetime(2026, 6, 30, 23, 0, tzinfo=UTC)):
        assert Period.containing(clock.today()) == Period(2026, 7)
    with clock.at(datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)):
        assert Period.containing(clock.today()) == Period(2026, 12)


@pytest.mark.parametrize(
    ("period", "due", "closes"),
    [
        (Period(2026, 12), date(2027, 1, 20), date(2027, 12, 31)),
        (Period(2028, 1), date(2028, 2, 20), date(2029, 1, 31)),
        (Period(2028, 2), date(2028, 3, 20), date(2029, 2, 28)),
        (Period(2027, 2), date(2027, 3, 20), date(2028, 2, 29)),
    ],
)
def test_due_and_closing_dates_over_the_year_end_and_the_leap_day(db: Session, period, due, closes):
    assert (periods.due_on(db, period), periods.closes_on(period)) == (due, closes)
    assert periods.is_open(period, closes)
    assert not periods.is_open(period, date.fromordinal(closes.toordinal() + 1))


def test_every_day_of_four_years_lies_in_one_period_and_every_period_is_open_once_and_in_a_row():
    first, last = date(2026, 1, 1), date(2030, 1, 1)
    before: list[Period] = []
    for number in range(first.toordinal(), last.toordinal()):
        day = date.fromordinal(number)
        opened = periods.open_periods(day)
        assert opened == list(Period.span(opened[0], opened[-1]))
        assert (len(opened), opened[-1]) == (13, Period.containing(day))
        if before and opened != before:
            assert (day.day, opened[:-1]) == (1, before[1:])
        before = opened


def test_when_the_clock_is_set_back_over_midnight_no_month_appears_twice_and_none_is_lost(trusts: World):
    midnight, before = uk(date(2026, 11, 1), 0), uk(date(2026, 10, 31), *LAST)
    seen = []
    for moment in (before, midnight, before, midnight):
        with clock.at(moment):
            cells = service.standings(trusts.db, frozenset({"AAA"}), periods.open_periods(clock.today()))
            periods_of = [cell.period for cell in cells]
            assert len(periods_of) == len(set(periods_of))
            seen.append(periods_of)
    assert (seen[0], seen[1]) == (seen[2], seen[3])
    assert seen[1] == [*seen[0][1:], Period(2026, 11)]


def test_a_clock_set_back_over_a_due_date_leaves_what_arrived_as_it_arrived(trusts: World):
    period, due = Period(2026, 10), date(2026, 11, 20)
    trusts.sends("AAA", uk(date(2026, 11, 21), 0), period)
    for moment in (uk(date(2026, 11, 21), 9), uk(due, *LAST)):
        with clock.at(moment):
            assert trusts.states(period)["AAA"] == "submitted_late"
    with clock.at(uk(due, *LAST)):
        assert trusts.states(period)["BBB"] == "not_due"
