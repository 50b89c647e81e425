"""From signing in to what is one's own: homes, the list of a month and the pages for everybody, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.core import clock
from app.periods.calendar import Period
from app.submissions import service as submissions
from tests.journeys.conftest import axe, sign_in

ROLES = [role for role in Role if role is not Role.HEALTH_DEPARTMENT]
OF = {Role.TRUST: "RJ1", Role.LPM: "RJ1"}


@pytest.fixture(scope="module")
def everybody(served):
    """One person of each role; RJ1 and RYJ owe the month that ended last."""
    with served.database.writing() as db:
        last = Period.containing(clock.today()).previous()
        submissions.set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ"], last)
    return {role: served.person(f"{role}@homes.example", role, OF.get(role)) for role in ROLES}


def test_an_officer_signs_in_and_reads_which_return_is_due(page, everybody):
    sign_in(page, everybody[Role.TRUST])
    expect(page.get_by_role("heading", name=re.compile(r"^\w+ 2026: (due|\d+ days? late)"))).to_be_visible()
    assert "/returns/upload?organisation=RJ1" in str(page.get_by_text("Upload a return").get_attribute("href"))


def test_the_team_narrows_the_list_to_who_is_missing(page, everybody):
    sign_in(page, everybody[Role.DEBTORS_TEAM])
    page.get_by_role("link", name="Who has not submitted").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Who has submitted for"))
    page.get_by_label("State").select_option("Excused")
    page.get_by_role("button", name="Show this list").click()
    expect(page.get_by_text("No organisation is in this list.")).to_be_visible()
    expect(page).to_have_url(re.compile("state=excused"))


@pytest.mark.parametrize("role", ROLES)
def test_every_home_and_list_is_clean_on_a_phone(open_page, served, everybody, role):
    page = open_page(address=served.address, width=360)
    sign_in(page, everybody[role])
    also = {Role.BORDER: ["/status-checks"], Role.TRUST: ["/submissions", "/organisations/RJ1/contacts"]}
    for path in ("/", *also.get(role, ["/submissions"] if role in {Role.DEBTORS_TEAM, Role.LPM} else [])):
        page.wait_for_load_state("networkidle")  # going on would break off what is still loading
        page.goto(path)
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("path", ["/guidance", "/privacy", "/accessibility", "/cookies", "/nowhere"])
def test_the_pages_for_everybody_are_clean_on_a_phone(open_page, served, complaints, path):
    complaints.expect("404")
    page = open_page(address=served.address, width=360)
    page.goto(path)
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
