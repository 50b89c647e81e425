"""Debts in a real browser: a trust records what happened and corrects details; the Debtors Team finds and downloads."""

import re

import pytest
from playwright.sync_api import Page, expect

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.core import clock
from app.periods.calendar import Period
from app.returns import service as returns
from app.returns.service import Upload
from tests.api.conftest import row, workbook
from tests.journeys.conftest import Served, clean

CONTRADICTING = "422"


@pytest.fixture(scope="module")
def people(served: Served) -> dict[str, str]:
    """An officer of RJ1, which has reported three debts, and somebody of the Debtors Team: their sessions."""
    with served.database.writing() as db:
        officer = accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1")
        team = accounts.add_user(db, COMMAND_LINE, "team@hq.example", "debtors_team")
        sent = Upload("RJ1", Period(2026, 10), workbook(row(1), row(2), row(3)), "return.xlsx", clock.now())
        assert not returns.receive(db, accounts.actor_for_user(db, officer), sent).refusal
    return {"ovm": officer.id, "team": team.id}


def enter(page: Page, served: Served, email: str) -> None:
    with served.database.writing() as db:
        user = accounts.user_by_email(db, email)
        assert user is not None
        token = sessions.start(db, user, Step.IN)
    page.context.add_cookies([{"name": "session", "value": token, "url": served.address}])


def test_an_officer_finds_a_debt_and_records_that_it_was_paid(page: Page, served: Served, people, complaints):
    complaints.expect(CONTRADICTING)
    enter(page, served, "ovm@rj1.example")
    page.goto("/debts")
    page.get_by_label("Find a person or an invoice").fill("INV00001")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("search="))
    assert "INV" not in page.url
    page.get_by_role("link", name="INV00001").click()
    page.get_by_role("button", name="Record a payment or change").click()
    page.get_by_label("Part of it was paid").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Amount left to pay").fill("9999")
    page.get_by_role("button", name="Record this").click()
    page.get_by_role("link", name="Enter less than").click()
    amount = page.get_by_label("Amount left to pay")
    assert amount.input_value() == "9999"
    left = served_amount(page) - 100
    amount.fill(str(left))
    page.get_by_role("button", name="Record this").click()
    expect(page.get_by_text("The change is recorded.")).to_be_visible()
    expect(page.get_by_text(f"£100.00 paid: £{left:,.2f} left")).to_be_visible()


def served_amount(page: Page) -> float:
    """What the page says is outstanding now: the journey is walked twice on the same debt."""
    return float(page.get_by_text("is outstanding now.").inner_text().split(" ")[0].strip("£").replace(",", ""))


def test_an_officer_corrects_details(page: Page, served: Served, people, complaints):
    complaints.expect(CONTRADICTING)
    enter(page, served, "ovm@rj1.example")
    page.goto("/debts")
    page.get_by_role("link", name="INV00002").click()
    page.get_by_role("button", name="Correct the details").click()
    page.get_by_label("Family name").fill("")
    page.get_by_role("button", name="Save the details").click()
    page.get_by_role("link", name="Family name: this is missing").click()
    page.get_by_label("Family name").fill("Okonkwo")
    page.get_by_role("button", name="Save the details").click()
    expect(page.get_by_text("The details are saved.")).to_be_visible()


def test_the_debtors_team_filters_finds_the_debtor_and_downloads(page: Page, served: Served, people, complaints):
    complaints.expect("ERR_ABORTED")  # a browser calls an address that becomes a download so
    enter(page, served, "team@hq.example")
    page.goto("/debts")
    page.get_by_text("Filter and sort").click()
    page.get_by_label("Organisation").select_option("RJ1")
    page.get_by_label("Nationality").fill("Nigeria")
    page.get_by_role("button", name="Show these debts").click()
    expect(page).to_have_url(re.compile("organisation=RJ1"))
    page.get_by_role("link", name="Download these debts").click()
    page.get_by_label("What is it for?").fill("Monthly load")
    page.get_by_label("Who is it for?").fill("MIDAS")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert download.value.suggested_filename == "consolidated-2026-11-22.xlsx"
    page.goto("/debts")
    page.get_by_role("link", name="INV00003").click()
    page.get_by_role("link", name="All debts of this person").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All debts of one person")


def test_pages_of_debts_are_clean_full_empty_and_with_faults(open_page, served: Served, people, complaints):
    complaints.expect(CONTRADICTING)
    page = open_page(address=served.address, width=360)
    enter(page, served, "ovm@rj1.example")
    page.goto("/debts")
    debt = page.get_by_role("link", name="INV00003").get_attribute("href")
    changes = [f"{debt}/change", f"{debt}/change/withdrawn", f"{debt}/change/correct", f"{debt}/change/arrangement"]
    for path in ("/debts", "/debts?status=defaulted", debt, f"{debt}/amend", *changes):
        page.goto(path)
        clean(page)
    for path in changes:
        page.goto(path)
        page.locator("main form button").last.click()
        clean(page)
    page.goto(f"{debt}/amend")
    for field in ("family_name", "date_of_birth-day", "invoice_amount"):
        page.locator(f"#{field}").fill("")
    page.get_by_role("button", name="Save the details").click()
    clean(page)
    enter(page, served, "team@hq.example")
    for path in (
        "/debts?status=open",
        "/debts?older=x&min_amount=x&changed-day=40",
        "/debts/download?region=London",
        debt,
    ):
        page.goto(path)
        clean(page)
    page.get_by_role("link", name="All debts of this person").click()
    clean(page)
    page.goto("/debts/download")
    page.get_by_role("button", name="Download").click()
    clean(page)
