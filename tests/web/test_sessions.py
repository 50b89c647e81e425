"""How long a browser stays signed in, and how long a lock lasts: by the real clock, set forward here."""

from datetime import timedelta

import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from tests.accounts.conftest import later
from tests.web.conftest import Browser, said

__all__ = ["later"]
EMAIL, PASSWORD = "ovm@rj1.example", "Three-Words-For-Tests"


@pytest.fixture
def ovm(app, database) -> None:
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, EMAIL, "trust", "RJ1", PASSWORD)


def sign_in(browser: Browser, password: str = PASSWORD):
    return browser.post("/sign-in", {"email": EMAIL, "password": password})


def test_a_browser_that_rests_for_half_an_hour_is_signed_out(later, browser, ovm):
    sign_in(browser)
    later(timedelta(minutes=29))
    assert browser.get("/account").status_code == 200
    later(timedelta(minutes=31))
    answer = browser.get("/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Faccount")


def test_a_browser_that_never_rests_is_signed_out_after_twelve_hours(later, browser, ovm):
    sign_in(browser)
    for _ in range(12 * 60 // 29):
        later(timedelta(minutes=29))
        assert browser.get("/account").status_code == 200
    later(timedelta(minutes=29))
    assert browser.get("/account").status_code == 303


def test_a_lock_opens_by_itself_after_a_quarter_of_an_hour(later, browser, ovm):
    for _ in range(10):
        sign_in(browser, "not-the-password")
    assert "too many tries" in said(sign_in(browser))
    later(timedelta(minutes=14))
    assert "too many tries" in said(sign_in(browser))
    later(timedelta(minutes=2))
    assert sign_in(browser).headers["location"] == "/"
