"""Signing in with a password and a code: the same answer for all that is wrong, and a lock that opens by itself."""

import threading
import time
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import event
from sqlmodel import select

from app.accounts import failures, passwords, service, sign_in
from app.accounts.access import COMMAND_LINE
from app.accounts.models import SignInFailures, Step
from app.audit.models import AuditEvent
from app.core import clock
from app.settings import get_settings
from tests.accounts.conftest import PASSWORD, with_codes

HERE = "192.0.2.7"


@pytest.fixture(scope="module")
def kept() -> str:
    return passwords.hash_of(PASSWORD, "ovm@rj1.example")


@pytest.fixture
def known(db, officer, kept):
    officer.password_hash = kept
    db.flush()
    return officer


def attempt(db, password=PASSWORD, email="ovm@rj1.example", address=HERE):
    return sign_in.by_password(db, email, password, address)


def wrong(db, times, **more):
    """One after the other, without waiting."""
    for _ in range(times):
        assert attempt(db, "wrong", **more).user is None


def patient(db, later, times, email="ovm@rj1.example", address=HERE) -> list[int]:
    """Wrong tries, each as soon as it is looked at. Gives for how many seconds each makes the next one wait."""
    waits = []
    for _ in range(times):
        assert attempt(db, "wrong", email, address) == sign_in.Attempt(words=sign_in.NOT_RIGHT)
        waits.append(failures.wait(db, (failures.account_key(email), failures.address_key(address))))
        later(timedelta(seconds=waits[-1]))
    return waits


def test_the_right_password_says_who_it_is_and_what_comes_next(db, known, monkeypatch):
    assert (attempt(db).user, attempt(db, email=" OVM@rj1.Example ").user) == (known, known)
    assert attempt(db).step == Step.IN
    known.invited_at = clock.real_now()
    assert attempt(db).step == Step.ENROL, "who was invited sets up a second factor everywhere"
    with_codes(db, known)
    assert attempt(db).step == Step.CODE


def test_where_a_second_factor_is_required_everybody_sets_it_up(db, known, monkeypatch):
    monkeypatch.setenv("DEBTOR_RETURNS_SECOND_FACTOR", "required")
    get_settings.cache_clear()
    assert attempt(db).step == Step.ENROL


def test_whatever_is_wrong_the_answer_is_the_same(db, known):
    addresses = (f"192.0.2.{number}" for number in range(100, 110))
    answers = {
        attempt(db, "wrong", address=next(addresses)),
        attempt(db, email="nobody@rj1.example", address=next(addresses)),
        attempt(db, email="\0", address=next(addresses)),
        attempt(db, email="", address=next(addresses)),
    }
    known.password_hash, kept = None, known.password_hash
    answers.add(attempt(db, address=next(addresses)))
    known.password_hash, known.disabled_at = kept, clock.real_now()
    answers.add(attempt(db, address=next(addresses)))
    assert answers == {sign_in.Attempt(words=sign_in.NOT_RIGHT)}


def test_an_unknown_address_costs_the_same_work_as_a_wrong_password(db, known):
    """Check 19: the same statements and one hash of the same cost, so the same time."""
    work: list[list[str]] = []
    listen = (db.get_bind().engine, "before_cursor_execute", lambda *args: work[-1].append(args[2]))
    event.listen(*listen)
    costs = []
    for number, email in enumerate(("warm@rj1.example", known.email, "nobody@rj1.example")):
        work.append([])
        before = time.process_time()
        wrong(db, 1, email=email, address=f"192.0.2.{number}")
        costs.append(time.process_time() - before)
    event.remove(*listen)
    assert [each.split("WHERE")[0] for each in work[1]] == [each.split("WHERE")[0] for each in work[2]]
    assert min(costs) > 0.01, "a hash was made for each"


def test_from_the_third_wrong_try_on_the_next_has_to_wait_ever_longer_for_an_unknown_address_too(db, known, later):
    expected = [0, 0, 1, 2, 4, 8, 16, 32, 64, 15 * 60]
    assert patient(db, later, 10) == expected
    assert patient(db, later, 10, email="nobody@rj1.example", address="192.0.2.8") == expected


def test_an_address_is_slowed_gently_because_a_hospital_shares_it(db, known, later):
    waits = [patient(db, later, 1, email=f"guess{number}@rj1.example")[0] for number in range(20)]
    assert waits == [0, 0, *[1] * 11, 2, 4, 8, 16, 32, 64, 15 * 60]


@pytest.mark.parametrize("email", ["ovm@rj1.example", "nobody@rj1.example"])
def test_a_try_that_comes_too_early_is_not_looked_at_counts_all_the_same_and_is_told_how_long_to_wait(
    db, known, later, email, monkeypatch
):
    wrong(db, 3, email=email)
    monkeypatch.setattr(passwords, "matches", None)  # whatever comes too early costs no hash
    early = attempt(db, email=email)
    assert early == sign_in.Attempt(words="There were too many tries. Wait 2 seconds and try again.", wait=2)
    assert [attempt(db, email=email).wait for _ in range(7)] == [4, 8, 16, 32, 64, 900, 900]
    assert attempt(db, email=email).words == "There were too many tries. Wait 15 minutes and try again."


def test_whoever_waits_as_told_comes_in(db, known, later):
    wrong(db, 3)
    later(timedelta(seconds=attempt(db).wait))
    assert attempt(db).user == known


def test_ten_wrong_tries_lock_the_account_for_the_right_password_too_until_a_quarter_of_an_hour_is_over(
    db, known, later
):
    patient(db, later, 9)
    assert attempt(db).user == known, "nine do not lock, and a right one starts the count anew"
    wrong(db, 10)
    assert attempt(db).user is None
    later(timedelta(minutes=14))
    assert attempt(db, address="192.0.2.8").user is None, "from anywhere"
    later(timedelta(minutes=2))
    assert attempt(db).user == known


def test_tries_while_locked_do_not_lock_for_longer(db, known, later):
    wrong(db, 10)
    later(timedelta(minutes=14))
    wrong(db, 3)
    later(timedelta(minutes=2))
    assert attempt(db).user == known


def test_wrong_tries_spread_over_more_than_a_quarter_of_an_hour_do_not_lock(db, known, later):
    patient(db, later, 9)
    later(timedelta(minutes=16))
    patient(db, later, 9)
    assert attempt(db).user == known


def test_twenty_wrong_tries_from_one_address_lock_it_whoever_they_were_for(db, known):
    for number in range(20):
        wrong(db, 1, email=f"guess{number}@rj1.example")
    assert attempt(db).user is None
    assert attempt(db, address="192.0.2.8").user == known


def test_a_right_password_of_ones_own_does_not_wash_an_address_clean(db, known, later):
    for number in range(20):
        wait = patient(db, lambda _: None, 1, email=f"guess{number}@rj1.example")[0]
        later(timedelta(seconds=min(wait, 64)))
        if number < 19:
            assert attempt(db).user == known
    assert attempt(db).user is None


def test_one_ipv6_network_is_one_address(db, known):
    for number in range(20):
        wrong(db, 1, email=f"guess{number}@rj1.example", address=f"2001:db8::{number:x}")
    assert attempt(db, address="2001:db8::ffff").user is None
    assert attempt(db, address="2001:db8:0:1::1").user == known


def test_an_account_that_is_not_there_is_locked_like_one_that_is(db, known):
    wrong(db, 10, email="nobody@rj1.example")
    kept = db.exec(select(SignInFailures)).all()
    locked = clock.real_now() + timedelta(minutes=14)
    assert sorted((one.count, one.locked_until > locked) for one in kept) == [(10, False), (10, True)]
    assert "nobody" not in str([one.model_dump() for one in kept])


def test_wrong_tries_long_past_are_forgotten(db, known, later):
    wrong(db, 1, email="nobody@rj1.example")
    later(timedelta(minutes=16))
    wrong(db, 1, address="192.0.2.8")
    assert len(db.exec(select(SignInFailures)).all()) == 2


def test_every_refused_try_is_in_the_audit_and_no_address_of_anybody_is(db, known):
    before = len(db.exec(select(AuditEvent)).all())
    wrong(db, 1)
    wrong(db, 1, email="nobody@rj1.example")
    events = db.exec(select(AuditEvent).order_by(AuditEvent.id)).all()[before:]
    assert [(one.action, one.outcome, one.detail["why"]) for one in events] == [
        ("user:sign-in", "refused", "wrong"),
        ("user:sign-in", "refused", "unknown"),
    ]
    assert events[0].subject_id == known.id
    told = str([one.model_dump() for one in events])
    assert ".example" not in told
    assert HERE not in told


@pytest.fixture
def secret(db, known) -> str:
    return with_codes(db, known)


def test_a_right_code_lets_in_and_ten_wrong_ones_lock(db, known, secret, later):
    later(timedelta(minutes=1))
    assert sign_in.by_code(db, known, pyotp.TOTP(secret).at(clock.real_now()), HERE).step == Step.IN
    for _ in range(10):
        assert attempt(db).step == Step.CODE, "the right password before each does not wipe out the wrong codes"
        assert sign_in.by_code(db, known, "not it", HERE).words == sign_in.CODE_NOT_RIGHT
        later(timedelta(seconds=64))
    assert sign_in.by_code(db, known, pyotp.TOTP(secret).at(clock.real_now()), HERE).user is None
    later(timedelta(minutes=15))
    assert sign_in.by_code(db, known, pyotp.TOTP(secret).at(clock.real_now()), HERE).user == known


def test_wrong_codes_are_slowed_like_wrong_passwords(db, known, secret, later):
    later(timedelta(minutes=1))
    words = [sign_in.by_code(db, known, "000 000 0", HERE).words for _ in range(4)]
    assert words == [*[sign_in.CODE_NOT_RIGHT] * 3, "There were too many tries. Wait 2 seconds and try again."]
    assert sign_in.by_code(db, known, pyotp.TOTP(secret).at(clock.real_now()), HERE).user is None


def test_wrong_tries_at_the_same_instant_all_count(database, kept):
    with database.writing() as db:
        service.add_user(db, COMMAND_LINE, "dt@nhs.example", "debtors_team").password_hash = kept

    def guess() -> None:
        with database.writing() as db:
            attempt(db, "wrong", email="dt@nhs.example")

    guesses = [threading.Thread(target=guess) for _ in range(8)]
    for thread in guesses:
        thread.start()
    for thread in guesses:
        thread.join()
    with database.reading() as db:
        assert [one.count for one in db.exec(select(SignInFailures)).all()] == [8, 8]
