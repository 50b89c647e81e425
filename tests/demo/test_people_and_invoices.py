"""The demo's people and invoices: invented, of many nationalities, and like the field's own figures."""

from datetime import date
from statistics import median

import pytest

from app.demo.dice import dice
from app.demo.invoices import invoices_of
from app.demo.names import ORIGINS, STREETS
from app.demo.people import invented
from app.demo.trusts import Habit, Trust, chosen, trusts
from app.periods.calendar import Period
from app.policy import countries
from app.policy.in_force import policy_in_force
from app.return_template.choices import OPEN_STATUSES, Status

TODAY = date(2026, 11, 22)
CODES = [f"R{number:03d}" for number in range(159)] + ["RJ1"]
LARGE = Trust("RJ1", Habit.REGULAR, 400.0, 0.6)


@pytest.fixture(scope="module")
def invoices():
    return invoices_of(LARGE, Period(2026, 3), TODAY)


def test_two_runs_invent_the_same_people():
    assert [invented(dice("x"), TODAY) for _ in range(5)] == [invented(dice("x"), TODAY) for _ in range(5)]
    assert invented(dice("x"), TODAY) != invented(dice("y"), TODAY)


def test_people_come_from_many_countries_all_of_which_belong_in_the_return():
    policy = policy_in_force()
    assert len(ORIGINS) > 20
    for origin in ORIGINS:
        assert countries.recognise(origin.alpha3) == origin.alpha3
        assert policy.nationality_in_scope(origin.alpha3, TODAY)
        assert not policy.is_british_or_irish(origin.alpha3)


def test_every_person_can_be_seen_to_be_invented(invoices):
    for invoice in invoices:
        row = invoice.cells_on(TODAY)
        assert row["your_reference"].startswith("invented person")
        for key in ("uk_address", "overseas_address"):
            assert row[key] is None or any(street in row[key] for street in STREETS)
        assert row["uk_postcode"] is None or row["uk_postcode"].startswith("ZZ")  # no such area


def test_amounts_are_at_least_500_half_below_2000_and_some_are_large(invoices):
    pounds = [float(invoice.amount) for invoice in invoices]
    assert min(pounds) >= 500
    assert 1_700 < median(pounds) < 2_400
    assert max(pounds) > 10_000


def test_an_invoice_of_a_month_can_be_reported_in_it(invoices):
    policy = policy_in_force()
    assert all(policy.reportable_from(invoice.raised) <= Period(2026, 3).last_day for invoice in invoices)


def test_no_story_takes_a_step_that_a_debt_may_not_take(invoices):
    for invoice in invoices:
        for before, after in zip(invoice.states, invoice.states[1:], strict=False):
            assert before.on < after.on < TODAY
            assert before.status in OPEN_STATUSES
            assert after.outstanding <= before.outstanding
            assert (after.outstanding == 0) == (after.status is Status.REPAID)
            assert after.status is before.status or after.status is not Status.OUTSTANDING


def test_the_tours_trust_takes_part_even_in_a_demo_of_one():
    assert chosen(CODES, [], 1) == ["RJ1"]
    assert len(chosen(CODES, ["X1", "X2", "X3"], 162)) == 162


def test_fifteen_in_a_hundred_trusts_never_return_and_ten_large_ones_always_try():
    found = trusts(CODES)
    assert sum(trust.habit is Habit.NEVER for trust in found) == 24
    assert sum(trust.habit is Habit.IRREGULAR for trust in found) == 64
    large = [trust for trust in found if trust.is_large]
    assert [trust.habit for trust in large] == [Habit.REGULAR] * 10
    assert large[0].code == "RJ1"
    assert 0.4 < sum(trust.expected for trust in large) / sum(trust.expected for trust in found) < 0.5
