"""What anybody may read: guidance, privacy, accessibility, cookies. Each follows from what the service does."""

import pytest

from app.connections import Provider
from app.main import create_app
from app.policy.reading import SHIPPED
from app.return_template.columns import COLUMNS
from app.returns import catalogue
from app.settings import get_settings
from tests.web.conftest import Browser, said

PAGES = ["/guidance", "/privacy", "/accessibility", "/cookies"]


@pytest.mark.parametrize("path", PAGES)
def test_anybody_may_read_it_and_is_given_no_cookie(browser, path):
    answer = browser.get(path)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert len(answer.content) < 100_000


def test_the_guidance_tells_every_column_and_every_rule(browser):
    page = browser.get("/guidance")
    words = said(page)
    assert [column.heading for column in COLUMNS if column.heading not in words] == []
    assert [rule.code for rule in catalogue.entries() if f'id="{rule.code}"' not in page.text] == []
    assert [rule.code for rule in catalogue.entries() if rule.summary not in words] == []


def test_the_guidance_says_which_policy_is_in_force_and_since_when(browser):
    words = said(browser.get("/guidance"))
    assert "from 6 April 2016 (in force now) £500.00 or more 2 calendar months" in words
    assert "from 1 November 2011 to 5 April 2016 £1,000.00 or more 3 calendar months" in words
    assert (
        "from 1 November 2011 (in force now) Nationals of member states of the European Union, Iceland, Liechtenstein "
        "and Norway and Switzerland, by membership on the invoice date" in words
    )
    assert "Croatia, from 1 July 2013" in words


def test_the_privacy_notice_names_what_is_held_from_the_list_of_columns(browser):
    words = said(browser.get("/privacy"))
    assert [column.heading for column in COLUMNS if column.leaves and column.heading not in words] == []
    assert "Hospital site and the hospital’s own reference are never in it." in words


def test_the_privacy_notice_says_what_an_officer_at_the_border_is_told(browser):
    assert "who names one person exactly" in said(browser.get("/privacy"))


def test_the_cookie_that_is_named_is_the_one_that_is_given(browser):
    given = browser.get("/sign-in").headers["set-cookie"].split("=")[0]
    words = said(browser.get("/cookies"))
    assert f"Name {given} " in words
    assert "after 30 minutes in which you do nothing, and 12 hours after you signed in at the latest" in words


def test_where_people_sign_in_elsewhere_the_cookie_of_that_errand_is_named_too(database, settings):
    provider = Provider(key="nhs", label="NHS", issuer="https://id.example", client_id="a", client_secret="b")
    browser = Browser(create_app(settings.model_copy(update={"oidc": [provider]}), database))
    words = said(browser.get("/cookies"))
    assert "Name errand " in words
    assert "10 minutes at most" in words


def test_the_privacy_notice_says_how_long_things_are_kept_by_the_policy_in_force(browser, tmp_path, monkeypatch):
    words = said(browser.get("/privacy"))
    assert "A file as the hospital sent it, its name, and why a return was taken back: 90 days after that." in words
    assert "with its history and the rows that reported it: 2 years after that day" in words
    assert "stays longer than above while somebody disputes it or holds it" in words
    shipped = (SHIPPED / "retention.csv").read_text()
    (tmp_path / "retention.csv").write_text(f"{shipped}2026-11-20,original,7,days,x\n2027-01-01,original,8,days,x\n")
    monkeypatch.setenv("DEBTOR_RETURNS_POLICY_FOLDER", str(tmp_path))
    get_settings.cache_clear()
    assert "why a return was taken back: 7 days after that." in said(browser.get("/privacy"))
