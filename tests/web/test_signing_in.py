"""Signing in as a person does it: password, code, the links in mails, and what happens when something is wrong."""

import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import event
from sqlmodel import select
from starlette.testclient import TestClient

from app.accounts import links, rate_limits
from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.models import User
from app.core.outbox import Message
from app.main import create_app
from tests.accounts.conftest import later
from tests.web.conftest import Browser, said

__all__ = ["later"]

EMAIL, PASSWORD = "ovm@rj1.example", "Three-Words-For-Tests"


@pytest.fixture
def ovm(app, database) -> str:
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, EMAIL, "trust", "RJ1", PASSWORD)
    return EMAIL


def sign_in(browser: Browser, password: str = PASSWORD, **more: str):
    return browser.post("/sign-in", {"email": EMAIL, "password": password, **more})


def test_the_right_password_leads_home_with_a_new_session(browser, ovm):
    browser.get("/sign-in")
    before = browser.client.cookies["session"]
    answer = sign_in(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.client.cookies["session"] != before
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=lax" in answer.headers["set-cookie"].lower()
    assert browser.get("/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(browser, ovm):
    wrong = said(sign_in(browser, "not-the-password"))
    unknown = said(browser.post("/sign-in", {"email": "who@rj1.example", "password": "not-the-password"}))
    assert wrong == unknown
    assert "The e-mail address or password is not right" in wrong


def test_twenty_wrong_tries_are_slowed_and_then_locked_for_the_right_password_too_and_for_an_unknown_address_alike(
    app, ovm, later
):
    """Check 19: each of the tries from the fourth on comes before its wait is over."""
    told = []
    for place, email in enumerate((EMAIL, "who@rj1.example")):
        browser = Browser(app)
        browser.client = TestClient(app, follow_redirects=False, client=(f"192.0.2.{place}", 1))
        token = browser.form_token("/sign-in")
        answers = [
            browser.client.post("/sign-in", data={"form_token": token, "email": email, "password": password})
            for password in [*["not-the-password"] * 20, PASSWORD]
        ]
        told.append([(one.status_code, said(one), one.headers.get("retry-after")) for one in answers])
    assert told[0] == told[1]
    assert [status for status, *_ in told[0]] == [422] * 3 + [429] * 18
    assert [int(wait) for *_, wait in told[0][3:]] == [2, 4, 8, 16, 32, 64, *[900] * 12]
    assert "Wait 15 minutes and try again" in told[0][-1][1]


@pytest.mark.parametrize(
    "next_", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\nb"]
)
def test_signing_in_never_leads_elsewhere(browser, ovm, next_):
    assert sign_in(browser, next=next_).headers["location"] == "/"


def test_signing_in_leads_on_to_the_page_that_was_wanted(browser, ovm):
    assert sign_in(browser, next="/returns/upload?organisation=RJ1&period=2026-10").headers["location"] == (
        "/returns/upload?organisation=RJ1&period=2026-10"
    )


def test_signing_out_ends_the_session_on_the_server(browser, ovm):
    sign_in(browser)
    kept = browser.client.cookies["session"]
    answer = browser.post("/sign-out")
    assert answer.headers["location"] == "/sign-in?said=signed-out"
    browser.client.cookies.set("session", kept)
    assert browser.get("/").headers["location"] == "/sign-in"


def test_in_production_the_cookie_is_bound_to_the_host_and_to_https(database, ovm, monkeypatch, settings):
    production = settings.model_copy(update={"base_url": "https://returns.example"})
    answer = Browser(create_app(production, database)).get("/sign-in")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-session=")
    assert all(word in cookie.lower() for word in ("secure", "httponly", "samesite=lax", "path=/"))


def invited(database) -> str:
    """The path of the link that a new person finds in the mail."""
    with database.writing() as db:
        user = accounts.add_user(db, COMMAND_LINE, EMAIL, "trust", "RJ1")
        links.invite(db, COMMAND_LINE, user, "http://testserver")
        body = db.exec(select(Message.body)).one()
    found = re.search(r"http://testserver(/welcome/\S+)", body)
    assert found
    return found[1]


def test_somebody_invited_chooses_a_password_sets_up_codes_and_is_in(app, browser, database):
    path = invited(database)
    assert "Set up your account" in said(browser.get(path))
    answer = browser.post(path, {"password": PASSWORD, "again": PASSWORD})
    assert answer.headers["location"] == "/sign-in/set-up"
    assert browser.get("/").headers["location"] == "/sign-in/set-up"
    secret = re.search(r"Key: ([A-Z2-7]+)", said(browser.get("/sign-in/set-up")))[1]
    wrong = browser.post("/sign-in/set-up", {"code": "000000"})
    assert "That code is not the one your app should show now" in said(wrong)
    code = pyotp.TOTP(secret).at(datetime.now(UTC))
    assert browser.post("/sign-in/set-up", {"code": code}).headers["location"] == "/"
    assert browser.get("/").status_code == 200

    again = Browser(app)
    assert sign_in(again, next="/guidance").headers["location"] == "/sign-in/code?next=%2Fguidance"
    assert again.get("/").headers["location"] == "/sign-in/code"
    spent = again.post("/sign-in/code", {"code": code})
    assert "was used before" in said(spent)
    fresh = pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30))
    assert again.post("/sign-in/code", {"code": fresh}).headers["location"] == "/"
    assert browser.get(path).status_code == 404


def test_two_passwords_that_differ_or_a_common_one_change_nothing(app, browser, database):
    path = invited(database)
    differing = browser.post(path, {"password": PASSWORD, "again": "another one altogether"})
    assert "The two passwords differ" in said(differing)
    easy = browser.post(path, {"password": "password1234", "again": "password1234"})
    assert easy.status_code == 422
    assert "Set up your account" in said(browser.get(path))


def test_a_forgotten_password_is_chosen_anew_by_a_link_and_every_session_ends(browser, app, ovm, database):
    sign_in(browser)
    forgetful = Browser(app)
    known = forgetful.follow(forgetful.post("/reset-password", {"email": EMAIL}))
    unknown = forgetful.follow(forgetful.post("/reset-password", {"email": "who@rj1.example"}))
    assert said(known) == said(unknown)
    with database.reading() as db:
        path = re.search(r"(/reset-password/\S+)", db.exec(select(Message.body)).one())[1]
    chosen = forgetful.post(path, {"password": "Another-Four-Words-Now", "again": "Another-Four-Words-Now"})
    assert "Your password is changed" in said(forgetful.follow(chosen))
    assert browser.get("/").headers["location"] == "/sign-in"
    assert sign_in(forgetful, "Another-Four-Words-Now").headers["location"] == "/"


def test_a_link_that_nobody_gave_says_what_to_do(browser):
    answer = browser.get("/welcome/" + "x" * 43)
    assert answer.status_code == 404
    assert "ask your administrator to send the invitation again" in said(answer)


def test_an_account_that_is_disabled_is_out_at_the_next_request(browser, ovm, database):
    sign_in(browser)
    with database.writing() as db:
        db.exec(select(User)).one().disabled_at = datetime.now(UTC)
    assert browser.get("/").headers["location"] == "/sign-in"


def test_a_reset_is_looked_up_after_its_answer_so_that_its_time_tells_nobody(app, ovm, database):
    """Check 19: what is done before the answer is the same, statement by statement, for an address that nobody has."""
    asked: list[str] = []
    listen = (database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    done = []
    for email in ("first@rj1.example", EMAIL, "who@rj1.example"):
        browser = Browser(app)
        token = browser.form_token("/reset-password")
        asked.clear()
        event.listen(*listen)
        answer = browser.client.post(
            "/reset-password", data={"form_token": token, "email": email}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        event.remove(*listen)
        ends = next(number for number, each in enumerate(asked) if each.startswith("SELECT users."))
        done.append((answer.status_code, answer.headers["location"], asked[:ends]))
        assert any("audit_events" in each for each in asked[:ends])
    assert done[1] == done[2]
    with database.reading() as db:
        assert [mail.to for mail in db.exec(select(Message))] == [EMAIL]


def test_resets_from_one_network_are_so_many_an_hour_and_the_page_says_when_to_come_again(browser, app, database):
    for number in range(20):
        assert browser.post("/reset-password", {"email": f"who{number}@rj1.example"}).status_code == 303
    answer = browser.post("/reset-password", {"email": EMAIL})
    assert (answer.status_code, int(answer.headers["retry-after"]) > 3500) == (429, True)
    assert "too many tries from your network. Wait 60 minutes" in said(answer)


def test_sign_ins_from_one_network_are_so_many_a_minute(browser, ovm, database):
    with database.writing() as db:
        rate_limits.hit(db, rate_limits.SIGN_INS, rate_limits.of_address("testclient"), 299)
    assert sign_in(browser).status_code == 303
    answer = sign_in(Browser(browser.client.app))
    assert (answer.status_code, int(answer.headers["retry-after"]) <= 60) == (429, True)
    assert "There is a problem There were too many tries from your network" in said(answer)
