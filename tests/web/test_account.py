"""Your account: a new password, codes of one's own accord, and being signed in elsewhere."""

import re
from datetime import UTC, datetime

import pyotp
import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from tests.web.conftest import Browser, said

EMAIL, PASSWORD, NEXT = "ovm@rj1.example", "Three-Words-For-Tests", "Another-Four-Words-Now"


def signed_in(app, password: str = PASSWORD) -> Browser:
    browser = Browser(app)
    answer = browser.post("/sign-in", {"email": EMAIL, "password": password})
    assert answer.headers["location"] == "/"
    return browser


@pytest.fixture
def ovm(app, database) -> Browser:
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, EMAIL, "trust", "RJ1", PASSWORD)
    return signed_in(app)


def test_a_new_password_counts_from_now_on_and_ends_the_other_sessions(app, ovm):
    other = signed_in(app)
    answer = ovm.follow(ovm.post("/account/password", {"current": PASSWORD, "password": NEXT, "again": NEXT}))
    assert "Your password is changed" in said(answer)
    assert other.get("/").headers["location"] == "/sign-in"
    assert signed_in(app, NEXT).get("/account").status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"current": "", "password": NEXT, "again": NEXT}, "Enter your password of now"),
        ({"current": "wrong", "password": NEXT, "again": NEXT}, "That is not your password"),
        ({"current": PASSWORD, "password": NEXT, "again": "another"}, "The two passwords differ"),
        ({"current": PASSWORD, "password": "password1234", "again": "password1234"}, "There is a problem"),
    ],
)
def test_a_password_that_cannot_be_taken_changes_nothing(app, ovm, fields, words):
    answer = ovm.post("/account/password", fields)
    assert (answer.status_code, words in said(answer)) == (422, True)
    assert NEXT not in answer.text
    signed_in(app)


def test_wrong_passwords_on_this_page_lock_the_account_like_wrong_sign_ins(app, ovm):
    for _ in range(10):
        ovm.post("/account/password", {"current": "wrong", "password": NEXT, "again": NEXT})
    answer = ovm.post("/account/password", {"current": PASSWORD, "password": NEXT, "again": NEXT})
    assert "too many tries" in said(answer)


def test_codes_are_set_up_with_the_password_and_asked_at_the_next_sign_in(app, ovm):
    assert "That is not your password" in said(ovm.post("/account/codes", {"begin": "true", "current": "wrong"}))
    assert "Key:" not in said(ovm.get("/account/codes"))
    ovm.follow(ovm.post("/account/codes", {"begin": "true", "current": PASSWORD}))
    secret = re.search(r"Key: ([A-Z2-7]+)", said(ovm.get("/account/codes")))[1]
    code = pyotp.TOTP(secret).at(datetime.now(UTC))
    assert "That is not your password" in said(ovm.post("/account/codes", {"code": code, "current": "wrong"}))
    assert "That code is not" in said(ovm.post("/account/codes", {"code": "000000", "current": PASSWORD}))
    answer = ovm.follow(ovm.post("/account/codes", {"code": code, "current": PASSWORD}))
    assert "Your codes are set up" in said(answer)
    again = Browser(app).post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert again.headers["location"] == "/sign-in/code"


def test_the_codes_in_use_go_on_until_new_ones_are_confirmed(app, ovm):
    ovm.post("/account/codes", {"begin": "true", "current": PASSWORD})
    first = re.search(r"Key: ([A-Z2-7]+)", said(ovm.get("/account/codes")))[1]
    ovm.post("/account/codes", {"begin": "true", "current": PASSWORD})
    assert first not in said(ovm.get("/account/codes"))


def test_signing_out_everywhere_else_leaves_this_browser_in(app, ovm):
    other = signed_in(app)
    assert "2 browsers" in said(ovm.get("/account/sessions"))
    answer = ovm.follow(ovm.post("/account/sessions"))
    assert "1 browser" in said(answer)
    assert other.get("/").headers["location"] == "/sign-in"
    assert ovm.get("/account").status_code == 200
