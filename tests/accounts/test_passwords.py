"""Which passwords are good enough, and that a wrong one takes as long for somebody who is not there."""

import re

import pytest

from app.accounts import passwords
from app.core.errors import Refused
from app.demo.accounts import PASSWORD as OF_THE_DEMO
from tests.accounts.conftest import PASSWORD


@pytest.fixture(scope="module")
def kept() -> str:
    return passwords.hash_of(PASSWORD, "ovm@rj1.example")


def test_a_password_is_hashed_the_costly_way_and_known_again(kept):
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.matches(kept, PASSWORD)
    assert not passwords.matches(kept, PASSWORD.lower())


def test_nobody_has_the_password_of_somebody_without_one_and_the_work_is_the_same(kept):
    assert not passwords.matches(None, PASSWORD)
    costs = re.compile(r"\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$")
    assert costs.match(passwords._NOBODY)[0] == costs.match(kept)[0]
    assert [len(part) for part in passwords._NOBODY.split("$")] == [len(part) for part in kept.split("$")]


@pytest.mark.parametrize("typed", ["", "\0", "\ud800", "é" * 20, "x" * 501, "x" * 100_000])
def test_whatever_is_typed_is_merely_wrong(kept, typed):
    assert not passwords.matches(kept, typed)


def test_letters_are_the_same_however_a_keyboard_makes_them():
    kept = passwords.hash_of("caf\u00e9 walrus fourteen", "a@b.example")
    assert passwords.matches(kept, "cafe\u0301 walrus fourteen")


@pytest.mark.parametrize("password", ["", "short", "x" * 501])
def test_a_password_has_12_to_500_characters(password):
    with pytest.raises(Refused, match="12 to 500"):
        passwords.hash_of(password, "a@b.example")


@pytest.mark.parametrize("password", ["password1234", "QWERTYUIOP123"])
def test_a_password_on_the_list_of_common_ones_is_refused(password):
    with pytest.raises(Refused, match="common"):
        passwords.hash_of(password, "a@b.example")


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaaaaaa",
        "abcdefghijklmnop",
        "Hospital2026!",
        "debtorreturns1",
        "Nhs-Debtor-Returns-2026",
        "ovm@rj1.example",
        "okonkwoadaeze",
        "Adaeze.Okonkwo1",
    ],
)
def test_a_password_that_is_easy_to_guess_for_who_knows_the_person_is_refused(password):
    email = "ovm@rj1.example" if "ovm" in password else "adaeze.okonkwo@rj1.example"
    with pytest.raises(Refused, match="too easy"):
        passwords.hash_of(password, email)


@pytest.mark.parametrize(
    "password", [OF_THE_DEMO, PASSWORD, "walrus fourteen bicycle", "x7#Kq!92mZp4", "早安世界-walrus-bicycle"]
)
def test_three_words_or_random_letters_are_good_enough(password):
    assert passwords.hash_of(password, "ovm@rj1.example")


def test_what_one_person_is_called_says_nothing_about_another(kept):
    with pytest.raises(Refused, match="too easy"):
        passwords.hash_of("zyxgorblatt-1", "zyxgorblatt@b.example")
    assert passwords.hash_of("zyxgorblatt-1", "ovm@rj1.example")
