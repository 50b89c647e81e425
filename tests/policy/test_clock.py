"""From when and from what amount an invoice can be reported."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy.tables import load


@pytest.mark.parametrize(
    ("invoiced", "pence"),
    [
        (date(2011, 11, 1), 100_000),
        (date(2016, 4, 5), 100_000),
        (date(2016, 4, 6), 50_000),
        (date(2026, 10, 1), 50_000),
        (date(2005, 1, 1), 100_000),
    ],
)
def test_the_threshold_fell_to_500_pounds_on_6_april_2016(invoiced: date, pence: int):
    assert load().threshold_on(invoiced) == pence


@pytest.mark.parametrize(
    ("invoiced", "first_day"),
    [
        (date(2025, 12, 31), date(2026, 2, 28)),
        (date(2027, 12, 31), date(2028, 2, 29)),
        (date(2026, 8, 15), date(2026, 10, 15)),
        (date(2026, 6, 30), date(2026, 8, 30)),
        (date(2012, 1, 31), date(2012, 4, 30)),
    ],
)
def test_two_months_from_31_december_end_on_the_last_day_of_february(invoiced: date, first_day: date):
    assert load().reportable_from(invoiced) == first_day


def test_the_scheme_began_on_1_november_2011():
    assert load().scheme_began == date(2011, 11, 1)


@given(st.dates(date(2011, 11, 1), date(2100, 1, 1)))
def test_nobody_waits_less_than_59_or_more_than_92_days(invoiced: date):
    assert timedelta(59) <= load().reportable_from(invoiced) - invoiced <= timedelta(92)


@given(st.dates(date(2016, 4, 6), date(2100, 1, 1)))
def test_a_later_invoice_is_never_old_enough_before_an_earlier_one(invoiced: date):
    assert load().reportable_from(invoiced) <= load().reportable_from(invoiced + timedelta(days=1))


def test_a_deployment_may_count_56_days_by_a_dated_row_of_its_own(tmp_path: Path):
    (tmp_path / "thresholds.csv").write_text(
        "from,threshold_pence,clock,wait\n2011-11-01,100000,calendar_months,3\n2027-01-01,50000,days,56\n"
    )
    policy = load(tmp_path)
    assert policy.reportable_from(date(2027, 1, 1)) == date(2027, 2, 26)
    assert policy.reportable_from(date(2026, 12, 31)) == date(2027, 3, 31)
    assert policy.version != load().version
