"""Rates: counted for all processes together, by digests, in windows that end by themselves."""

import threading
from datetime import timedelta

import pytest
from limits import RateLimitItemPerMinute
from sqlmodel import select

from app.accounts import rate_limits, sessions
from app.accounts.models import RateCount, Step
from app.accounts.rate_limits import Rate
from app.core import clock
from app.core.errors import TooMany
from app.core.spans import span

THREE = Rate(RateLimitItemPerMinute(3, namespace="three"), "Too many. Wait {} and try again.")


def test_so_many_are_allowed_in_a_window_and_then_no_more_until_it_ends(db, later):
    for _ in range(3):
        rate_limits.hit(db, THREE, "192.0.2.1")
    later(timedelta(seconds=20))
    with pytest.raises(TooMany) as told:
        rate_limits.hit(db, THREE, "192.0.2.1")
    assert (told.value.retry_after, told.value.detail) == (40, "Too many. Wait 40 seconds and try again.")
    rate_limits.hit(db, THREE, "192.0.2.2")
    later(timedelta(seconds=40))
    assert [rate_limits.allows(db, THREE, "192.0.2.1") for _ in range(4)] == [True, True, True, False]


def test_to_look_counts_nothing(database):
    with database.reading() as db:
        for _ in range(5):
            rate_limits.look(db, THREE, "192.0.2.1")
    with database.writing() as db:
        assert rate_limits.allows(db, THREE, "192.0.2.1", 3)
    with database.reading() as db, pytest.raises(TooMany):
        rate_limits.look(db, THREE, "192.0.2.1")


def test_what_is_refused_does_not_prolong_the_wait(database, later):
    def tries() -> int:
        try:
            with database.writing() as db:
                rate_limits.hit(db, THREE, "192.0.2.1")
        except TooMany:
            return 0
        return 1

    assert sum(tries() for _ in range(9)) == 3
    with database.reading() as db:
        assert [one.count for one in db.exec(select(RateCount))] == [3]
    later(timedelta(seconds=61))
    assert tries() == 1


def test_many_at_the_same_instant_are_each_counted(database):
    came: list[bool] = []

    def come() -> None:
        with database.writing() as db:
            came.append(rate_limits.allows(db, THREE, "192.0.2.1"))

    tries = [threading.Thread(target=come) for _ in range(8)]
    for thread in tries:
        thread.start()
    for thread in tries:
        thread.join()
    assert sorted(came) == [False] * 5 + [True] * 3


def test_nobody_is_named_in_what_is_kept(db):
    rate_limits.hit(db, THREE, "ovm@rj1.example")
    rate_limits.hit(db, rate_limits.SIGN_INS, rate_limits.of_address("192.0.2.1"))
    kept = str([one.model_dump() for one in db.exec(select(RateCount)).all()])
    assert "ovm" not in kept
    assert "192.0" not in kept


def test_one_ipv6_network_is_one_address():
    assert rate_limits.of_address("2001:db8::1") == rate_limits.of_address("2001:db8::ffff")
    assert rate_limits.of_address("2001:db8::1") != rate_limits.of_address("2001:db8:0:1::1")


def test_counts_that_are_over_go_when_somebody_signs_in(db, officer, later):
    rate_limits.hit(db, THREE, "192.0.2.1")
    later(timedelta(seconds=30))
    rate_limits.hit(db, THREE, "192.0.2.2")
    later(timedelta(seconds=31))
    sessions.start(db, officer, Step.IN)
    assert [one.until > clock.real_now() for one in db.exec(select(RateCount)).all()] == [True]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 second"),
        (2, "2 seconds"),
        (99, "99 seconds"),
        (100, "2 minutes"),
        (841, "15 minutes"),
        (900, "15 minutes"),
    ],
)
def test_a_span_is_told_in_seconds_or_in_whole_minutes(seconds, words):
    assert span(seconds) == words
