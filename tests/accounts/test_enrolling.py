"""Setting up codes: one browser's proposal is nobody else's, lasts a quarter of an hour, and never replaces codes."""

from datetime import timedelta

import pyotp
import pytest

from app.accounts import enrolling, second_factor, sessions
from app.accounts.models import Step
from app.core import clock
from tests.accounts.conftest import with_codes


@pytest.fixture(autouse=True)
def _the_clock_stands(later) -> None:
    """So that no code runs out between two lines of a test."""


def shown(db, user, token) -> str:
    return enrolling.proposed(db, user, token).secret


def code(secret: str) -> str:
    return pyotp.TOTP(secret).at(clock.real_now())


def test_two_who_know_the_same_password_see_two_secrets_and_each_confirms_only_their_own(db, officer):
    one, other = (sessions.start(db, officer, Step.ENROL) for _ in range(2))
    assert shown(db, officer, one) != shown(db, officer, other)
    assert not enrolling.enrol(db, officer, one, code(shown(db, officer, other)))
    assert not second_factor.has(officer)


def test_whoever_sets_up_codes_first_ends_every_other_session_however_far_it_had_come(db, officer):
    first, late = (sessions.start(db, officer, Step.ENROL) for _ in range(2))
    inside, secret = sessions.start(db, officer, Step.IN), shown(db, officer, late)
    assert enrolling.enrol(db, officer, first, code(shown(db, officer, first)))
    assert [sessions.find(db, token) is None for token in (first, late, inside)] == [False, True, True]
    with pytest.raises(enrolling.CodesAreSetUp):
        enrolling.enrol(db, officer, late, code(secret))
    assert sessions.find(db, sessions.promote(db, first, Step.IN)).step == Step.IN


@pytest.mark.parametrize("step", [Step.CODE, Step.IN])
def test_only_a_session_whose_next_step_it_is_sets_up_first_codes(db, officer, step):
    token = sessions.start(db, officer, step)
    enrolling.propose(db, token)
    with pytest.raises(enrolling.CodesAreSetUp):
        enrolling.enrol(db, officer, token, code(shown(db, officer, token)))
    assert not second_factor.has(officer)


def test_codes_in_force_are_replaced_only_by_who_is_signed_in(db, officer):
    secret = with_codes(db, officer, timedelta(seconds=-30))
    waiting, inside = sessions.start(db, officer, Step.CODE), sessions.start(db, officer, Step.IN)
    for token in (waiting, inside):
        enrolling.propose(db, token)
    assert not enrolling.change(db, officer, waiting, code(shown(db, officer, waiting)))
    assert second_factor.check(db, officer, code(secret))
    new = shown(db, officer, inside)
    assert enrolling.change(db, officer, inside, code(new))
    assert sessions.find(db, waiting) is None
    assert enrolling.proposed(db, officer, inside) is None, "it counts now and is not shown again"


def test_a_proposal_lasts_a_quarter_of_an_hour(db, officer, later):
    token = sessions.start(db, officer, Step.IN)
    enrolling.propose(db, token)
    secret = shown(db, officer, token)
    later(timedelta(minutes=14))
    assert shown(db, officer, token) == secret
    later(timedelta(minutes=2))
    assert enrolling.proposed(db, officer, token) is None
    assert not enrolling.change(db, officer, token, code(secret))


def test_a_proposal_goes_with_its_session_and_is_kept_encrypted(db, officer):
    token = sessions.start(db, officer, Step.IN)
    enrolling.propose(db, token)
    secret = shown(db, officer, token)
    kept = enrolling._session(db, token)
    assert secret not in str(kept.model_dump())
    sessions.end_all(db, officer.id)
    assert not enrolling.change(db, officer, token, code(secret))
    assert enrolling.proposed(db, officer, sessions.start(db, officer, Step.IN)) is None
