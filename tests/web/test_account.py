"""Your account: a new password, codes of one's own accord, and being signed in elsewhere."""

import re
from datetime import UTC, datetime

import pyotp
import pytest

from app.accounts import keys
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


def test_tokens_for_programs_are_listed_and_ended_one_by_one(app, ovm, database):
    with database.writing() as db:
        kept, ended = (accounts.create_token(db, COMMAND_LINE, EMAIL) for _ in range(2))
        others = accounts.create_token(
            db, COMMAND_LINE, accounts.add_user(db, COMMAND_LINE, "a@nhs.example", "lpm").email
        )
    assert "Tokens for programs 2 tokens" in said(ovm.get("/account"))
    shown = ovm.get("/account/tokens").text
    assert not any(token in shown for token in (kept, ended, others))
    names = re.findall(r'name="token" value="([0-9a-f]{32})"', shown)
    assert len(names) == 2
    mine = next(name for name in names if keys.digest(ended).startswith(name))
    after = ovm.follow(ovm.post("/account/tokens", {"token": mine}))
    assert "The token has ended" in said(after)
    assert "1 token" in said(after)
    assert calls(app, ended) == 401
    assert (calls(app, kept), calls(app, others)) == (200, 200)
    for nobodys in (keys.digest(others)[:32], mine, "", "\0" * 32):
        assert ovm.post("/account/tokens", {"token": nobodys}).status_code == 404
    assert calls(app, others) == 200


def test_signing_out_everywhere_else_ends_tokens_too_and_says_so_before(app, ovm, database):
    with database.writing() as db:
        token = accounts.create_token(db, COMMAND_LINE, EMAIL)
    assert "ends them too" in said(ovm.get("/account/sessions"))
    assert calls(app, token) == 200
    ovm.post("/account/sessions")
    assert calls(app, token) == 401
    assert "You are signed in nowhere else" in said(ovm.get("/account/sessions"))


def calls(app, token: str) -> int:
    answer = Browser(app).client.get("/api/v1/returns", headers={"Authorization": f"Bearer {token}"})
    return int(answer.status_code) if answer.status_code != 403 else 200
