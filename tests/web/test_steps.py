"""The steps of signing in are walked in order: a password alone opens neither a code that is waiting nor anything else."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from app.accounts import administering, enrolling, second_factor, sessions
from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step, User
from app.http import guard
from tests.accounts.conftest import with_codes
from tests.web.conftest import Browser, said

EMAIL, PASSWORD = "ovm@rj1.example", "Three-Words-For-Tests"
AGO = timedelta(seconds=-30)


@pytest.fixture
def ovm(app, database) -> str:
    """An officer with codes; gives the secret."""
    with database.writing() as db:
        return with_codes(db, accounts.add_user(db, COMMAND_LINE, EMAIL, "trust", "RJ1", PASSWORD), AGO)


def code(secret: str) -> str:
    return pyotp.TOTP(secret).at(datetime.now(UTC))


def at_step(app, database, step: Step) -> Browser:
    """A browser whose session has come so far."""
    browser = Browser(app)
    with database.writing() as db:
        user = accounts.user_by_email(db, EMAIL)
        browser.client.cookies.set("session", sessions.start(db, user, step))
    return browser


def send(browser: Browser, path: str, **fields: str):
    """Posts without opening the page, with the right token of this session."""
    token = guard.form_token(browser.client.app.state.settings, browser.client.cookies["session"])
    return browser.client.post(path, data={"form_token": token, **fields}, headers={"Sec-Fetch-Site": "same-origin"})


def test_who_knows_the_password_alone_is_not_shown_codes_that_their_owner_has_begun_to_set_up(app, database, ovm):
    """Check 18: codes that were begun and not finished let nobody in past the codes in force."""
    owner = at_step(app, database, Step.IN)
    owner.post("/account/codes", {"begin": "true", "current": PASSWORD})
    pending = re.search(r"Key: ([A-Z2-7]+)", said(owner.get("/account/codes")))[1]
    thief = Browser(app)
    answer = thief.post("/sign-in", {"email": EMAIL, "password": PASSWORD})
    assert answer.headers["location"] == "/sign-in/code"
    for way_round in (thief.get("/sign-in/set-up"), send(thief, "/sign-in/set-up", code=code(pending))):
        assert (way_round.status_code, way_round.headers["location"]) == (303, "/sign-in/code")
        assert pending not in way_round.text
    assert "code is not right" in said(thief.post("/sign-in/code", {"code": code(pending)}))
    assert thief.get("/account").headers["location"] == "/sign-in/code"
    assert thief.post("/sign-in/code", {"code": code(ovm)}).headers["location"] == "/", "the codes in force stand"


@pytest.mark.parametrize(
    ("step", "here", "elsewhere"),
    [(Step.CODE, "/sign-in/code", "/sign-in/set-up"), (Step.ENROL, "/sign-in/set-up", "/sign-in/code")],
)
def test_to_each_step_one_page_is_open_and_no_other(app, database, ovm, step, here, elsewhere):
    browser = at_step(app, database, step)
    assert browser.get(here).status_code == 200
    for path in (elsewhere, "/", "/account", "/account/codes", "/returns", "/account/tokens"):
        for answer in (browser.get(path), send(browser, path, code="123456")):
            assert answer.status_code in {303, 405}, path
            assert answer.headers.get("location", here) == here, path


def test_a_session_that_was_to_set_up_codes_is_over_when_another_browser_did(app, database):
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, EMAIL, "trust", "RJ1", PASSWORD)
    thief, owner = at_step(app, database, Step.ENROL), at_step(app, database, Step.ENROL)
    keys = [re.search(r"Key: ([A-Z2-7]+)", said(one.get("/sign-in/set-up")))[1] for one in (thief, owner)]
    assert keys[0] != keys[1]
    assert "That code is not" in said(send(thief, "/sign-in/set-up", code=code(keys[1])))
    assert send(owner, "/sign-in/set-up", code=code(keys[1])).headers["location"] == "/"
    assert send(thief, "/sign-in/set-up", code=code(keys[0])).headers["location"].startswith("/sign-in")
    with database.reading() as db:
        kept = accounts.user_by_email(db, EMAIL).totp_secret
        assert second_factor.proposal(User(email=EMAIL), kept).secret == keys[1]
    assert owner.get("/account").status_code == 200


def test_codes_that_were_begun_are_gone_after_a_sign_out_and_after_a_reset(app, database, ovm):
    owner = at_step(app, database, Step.IN)
    owner.post("/account/codes", {"begin": "true", "current": PASSWORD})
    assert "Key:" in said(owner.get("/account/codes"))
    owner.post("/sign-out")
    again = at_step(app, database, Step.IN)
    assert "Key:" not in said(again.get("/account/codes"))
    with database.writing() as db:
        user = accounts.user_by_email(db, EMAIL)
        enrolling.propose(db, again.client.cookies["session"])
        administering.reset_second_factor(db, COMMAND_LINE, user.id)
    assert again.get("/account/codes").headers["location"].startswith("/sign-in")


def test_a_session_begun_before_signing_in_is_worth_nothing_after_it(app, database, ovm):
    """Check 18: a new id at each step, whatever somebody planted before."""
    planted = "planted-by-somebody-else"
    browser = Browser(app)
    browser.client.cookies.set("session", planted, domain="testserver.local")
    seen = [planted]
    for path, fields in (("/sign-in", {"email": EMAIL, "password": PASSWORD}), ("/sign-in/code", {"code": code(ovm)})):
        browser.post(path, fields)
        seen.append(browser.client.cookies["session"])
    assert len(set(seen)) == 3
    assert browser.get("/account").status_code == 200
    for old in seen[:2]:
        browser.client.cookies.clear()
        browser.client.cookies.set("session", old)
        assert browser.get("/account").headers["location"].startswith("/sign-in")


def test_the_last_step_that_was_right_is_not_taken_twice(app, database, ovm):
    """Check 17: the same code again, and the session that it was given in."""
    browser, same = at_step(app, database, Step.CODE), code(ovm)
    before = browser.client.cookies["session"]
    assert send(browser, "/sign-in/code", code=same).headers["location"] == "/"
    browser.client.cookies.clear()
    browser.client.cookies.set("session", before)
    assert send(browser, "/sign-in/code", code=same).headers["location"].startswith("/sign-in")
    other = at_step(app, database, Step.CODE)
    assert "used before" in said(send(other, "/sign-in/code", code=same))
