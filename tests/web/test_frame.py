"""The frame of every page: who comes in, where they are sent, and what protects a form."""

import pytest

from app.accounts.permissions import Role
from tests.web.conftest import said


def test_somebody_who_is_not_signed_in_is_sent_to_sign_in_and_back_afterwards(browser):
    answer = browser.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


def test_a_form_that_cannot_be_taken_is_shown_again_with_what_was_entered(browser):
    answer = browser.post("/sign-in", {"email": "ovm@rj1.example"})
    assert answer.status_code == 422
    assert "There is a problem Enter your password" in said(answer)
    assert 'value="ovm@rj1.example"' in answer.text


def test_a_form_of_another_session_is_shown_again_and_nothing_is_done(browser):
    fields = {"form_token": "0" * 40, "email": "ovm@rj1.example", "password": "x"}
    answer = browser.client.post("/sign-in", data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert "This form was out of date, so nothing was sent." in said(answer)


@pytest.mark.parametrize("site", ["cross-site", "same-site", None])
def test_a_form_from_elsewhere_is_refused(browser, site):
    headers = {"Sec-Fetch-Site": site} if site else {}
    answer = browser.client.post("/sign-in", data={"form_token": "", "email": "a"}, headers=headers)
    assert answer.status_code == 403
    assert "did not come from a page of this service" in said(answer)


def test_home_is_for_whoever_is_signed_in(visitor):
    assert visitor(Role.TRUST).get("/").status_code == 200


def test_a_page_that_is_not_there_says_so_in_the_same_frame(browser):
    answer = browser.get("/nowhere")
    assert answer.status_code == 404
    assert said(answer).startswith("Page not found")
    assert answer.headers["content-type"].startswith("text/html")
    assert "unsafe-inline" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(("origin", "status"), [("http://evil.example", 403), ("http://testserver", 303)])
def test_an_older_browser_that_names_only_its_origin_is_believed(visitor, origin, status):
    somebody = visitor(Role.TRUST)
    token = somebody.form_token("/account/sessions")
    answer = somebody.client.post("/sign-out", data={"form_token": token}, headers={"Origin": origin})
    assert answer.status_code == status


def test_at_an_address_that_is_nothing_people_keep_their_navigation(visitor):
    answer = visitor(Role.TRUST).get("/nonsense")
    assert answer.status_code == 404
    assert "Sign out" in answer.text


def test_a_value_that_no_link_of_ours_has_is_told_without_the_words_of_programs(visitor):
    answer = visitor(Role.TRUST).get("/returns?page=abc")
    assert answer.status_code == 422
    assert "The address of this page holds something that the page does not know." in said(answer)
