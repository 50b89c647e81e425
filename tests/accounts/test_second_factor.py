"""The second factor: proposed, confirmed by a code, and each code good once."""

import threading
from datetime import timedelta
from xml.etree import ElementTree

import pyotp
import pytest

from app.accounts import second_factor, service
from app.accounts.access import COMMAND_LINE
from app.accounts.models import User
from app.core import clock
from app.settings import get_settings
from tests.accounts.conftest import with_codes

STEP = timedelta(seconds=30)


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.real_now() + timedelta(seconds=30 * steps))


@pytest.fixture(autouse=True)
def _the_clock_stands(later) -> None:
    """So that no code runs out between two lines of a test."""


@pytest.fixture
def secret(db, officer) -> str:
    return with_codes(db, officer, -STEP)


def test_a_secret_counts_once_a_code_from_it_was_typed(db, officer):
    kept = second_factor.new_secret()
    shown = second_factor.proposal(officer, kept)
    assert shown.uri.startswith("otpauth://totp/NHS%20debtor%20returns:ovm%40rj1.example?secret=")
    assert not second_factor.set_first(db, officer, kept, "000 000")
    assert not second_factor.check(db, officer, code(shown.secret))
    assert not second_factor.has(officer)
    assert second_factor.set_first(db, officer, kept, code(shown.secret))
    assert second_factor.has(officer)


def test_a_first_secret_never_takes_the_place_of_one_in_force_and_another_may(db, officer, secret):
    kept = second_factor.new_secret()
    new = second_factor.proposal(officer, kept).secret
    assert not second_factor.set_first(db, officer, kept, code(new))
    assert second_factor.check(db, officer, code(secret))
    assert second_factor.replace(db, officer, kept, code(new))
    assert not second_factor.check(db, officer, code(secret, 1))
    assert second_factor.check(db, officer, code(new, 1))


def test_a_code_works_once(db, officer, secret):
    now = code(secret)
    assert second_factor.check(db, officer, now)
    assert not second_factor.check(db, officer, now)
    assert not second_factor.check(db, officer, code(secret, -1)), "nor does an earlier one"


def test_the_code_that_confirmed_does_not_sign_in_too(db, officer, secret):
    assert not second_factor.check(db, officer, code(secret, -1))


def test_a_phone_may_be_one_step_off_either_way_and_not_two(db, officer, secret, later):
    later(timedelta(minutes=5))
    assert not second_factor.check(db, officer, code(secret, -2))
    assert not second_factor.check(db, officer, code(secret, 2))
    assert second_factor.check(db, officer, code(secret, -1))
    assert second_factor.check(db, officer, code(secret, 1))


def test_a_code_may_be_typed_with_spaces(db, officer, secret):
    now = code(secret)
    assert second_factor.check(db, officer, f" {now[:3]} {now[3:]}\n")


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "\0", "\ud800", "9" * 10_000])
def test_what_is_no_code_is_merely_wrong(db, officer, secret, typed):
    assert not second_factor.check(db, officer, typed)


def test_the_secret_is_kept_encrypted_and_useless_under_another_key(db, officer, secret, monkeypatch):
    assert secret not in str(officer.model_dump())
    monkeypatch.setenv("DEBTOR_RETURNS_SECRET_KEY", "another secret that is only good for tests")
    get_settings.cache_clear()
    assert not second_factor.check(db, officer, code(secret))


def test_a_lost_phone_is_forgotten(db, officer, secret, admin, audited):
    second_factor.remove(db, admin, officer)
    assert not second_factor.has(officer)
    assert not second_factor.check(db, officer, code(secret))
    assert [(event.action, event.actor) for event in audited()] == [("user:remove-second-factor", admin.id)]


def test_the_picture_to_scan_stands_in_a_page_with_a_strict_policy():
    picture = second_factor.qr_svg("otpauth://totp/NHS:a@b.example?secret=ABC&issuer=NHS")
    parsed = ElementTree.fromstring(picture)
    assert parsed.get("role") == "img"
    assert parsed[0].text == "Code to scan with an authenticator app"
    assert "style" not in picture
    assert "width" not in parsed.attrib


def test_the_same_code_at_the_same_instant_lets_in_once(database):
    with database.writing() as db:
        user = service.add_user(db, COMMAND_LINE, "dt@nhs.example", "debtors_team")
        secret = with_codes(db, user, -STEP)
    now, came = code(secret), []

    def come() -> None:
        with database.writing() as db:
            came.append(second_factor.check(db, db.get_one(User, user.id), now))

    tries = [threading.Thread(target=come) for _ in range(6)]
    for thread in tries:
        thread.start()
    for thread in tries:
        thread.join()
    assert sorted(came) == [False] * 5 + [True]
