"""Who sends in which month, and when: about 77 of 160 trusts, most before the 20th, some late, some files wrong."""

from collections import Counter
from datetime import UTC, datetime
from statistics import mean

from app.core import clock
from app.demo.diary import diary
from app.demo.trusts import FIRST, trusts
from app.periods.calendar import Period

CODES = [f"R{number:03d}" for number in range(159)] + [FIRST]
PERIODS = list(Period.span(Period(2025, 11), Period(2026, 10)))
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
SENT = diary(trusts(CODES), PERIODS, NOW)


def test_about_77_of_160_trusts_return_in_a_month():
    returned = Counter(sending.period for sending in SENT if not sending.is_wrong)
    whole = [returned[period] for period in PERIODS[:-1]]
    assert 70 < mean(whole) < 86
    assert min(whole) > 58 and max(whole) < 106


def test_all_is_sent_in_the_order_of_time_at_work_and_before_now():
    assert sorted(SENT, key=lambda sending: sending.at) == SENT
    for sending in SENT:
        there = sending.at.astimezone(clock.UK)
        assert there.weekday() < 5 and 7 <= there.hour < 18
        assert sending.at < NOW


def test_nothing_is_sent_before_its_month_has_ended():
    assert all(clock.uk_date(sending.at) > sending.period.last_day for sending in SENT)


def test_most_are_on_time_and_some_are_late():
    late = mean(clock.uk_date(sending.at) > sending.period.default_due_on(20) for sending in SENT)
    assert 0.08 < late < 0.30


def test_a_few_files_are_wrong_and_not_all_of_those_are_followed_by_a_right_one():
    wrong = {(sending.trust, sending.period) for sending in SENT if sending.is_wrong}
    right = {(sending.trust, sending.period) for sending in SENT if not sending.is_wrong}
    assert 15 < len(wrong) < 80
    assert wrong & right and wrong - right


def test_last_months_return_of_the_tours_trust_is_still_to_be_sent():
    months = {sending.period for sending in SENT if sending.trust == FIRST and not sending.is_wrong}
    assert months == set(PERIODS[:-1])
