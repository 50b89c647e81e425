"""A release in real browsers: one colleague prepares and checks, another approves, and the trust reads what came back."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.accounts import service as accounts
from app.core import clock
from app.periods.calendar import Period
from app.returns import service as returns
from app.returns.service import Upload
from tests.api.conftest import row, workbook
from tests.journeys.conftest import Served, clean, sign_in

ONE, TWO, OVM = "one@hq.example", "two@hq.example", "ovm@rj1.example"


@pytest.fixture
def people(served: Served) -> None:
    """Two of the Debtors Team, and an officer of RJ1, which has reported three debts."""
    for email, role, organisation in ((ONE, "debtors_team", None), (TWO, "debtors_team", None), (OVM, "trust", "RJ1")):
        served.person(email, role, organisation)
    with served.database.writing() as db:
        officer = accounts.user_by_email(db, OVM)
        assert officer is not None
        sent = Upload("RJ1", Period(2026, 10), workbook(row(1), row(2), row(3)), "return.xlsx", clock.now())
        assert not returns.receive(db, accounts.actor_for_user(db, officer), sent).refusal


def prepare_and_check(page: Page) -> str:
    """Gives the address of the release, whose sample holds all three lines."""
    page.get_by_role("link", name="Releases", exact=True).click()
    clean(page)
    page.get_by_role("button", name="Prepare a release").click()
    page.get_by_label("Full").check()
    page.get_by_label("Who is it for?").fill("MIDAS")
    page.get_by_label("What is it for?").fill("Monthly load")
    clean(page)
    page.get_by_role("button", name="Prepare the release").click()
    expect(page.get_by_text("0 of 3 lines checked, 0 marked wrong.")).to_be_visible()
    clean(page)
    address = page.url.split("?")[0]
    page.get_by_role("button", name="Check the next line").click()
    clean(page)
    for _ in range(3):
        page.get_by_label("Right", exact=True).check()
        page.get_by_role("button", name="Save and go to the next line").click()
    expect(page.get_by_text("It was the last one to check.")).to_be_visible()
    expect(page.get_by_text("so another person must approve it")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    return address


def approve_and_release(page: Page, address: str) -> None:
    page.get_by_role("link", name="Release 1 for MIDAS").click()
    page.get_by_role("button", name="Approve").click()
    clean(page)
    page.get_by_role("button", name="Approve release 1").click()
    page.get_by_role("button", name="Release", exact=True).click()
    clean(page)
    page.get_by_role("button", name="Release it now").click()
    expect(page.get_by_text("its files are frozen")).to_be_visible()
    assert page.url.startswith(address)


def download(page: Page) -> list[dict[str, str]]:
    page.get_by_role("link", name="midas.csv").click()
    clean(page)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download").click()
    return list(csv.DictReader(Path(started.value.path()).read_text().splitlines()))


def answer(page: Page, address: str, lines: list[dict[str, str]]) -> None:
    """The first line is rejected."""
    page.goto(f"{address}/acknowledgement")
    clean(page)
    results = [
        f"{line['reference']},{'loaded,' if number else 'rejected,no match'}" for number, line in enumerate(lines)
    ]
    data = "\n".join(["reference,result,reason", *results]).encode()
    page.get_by_label("The recipient’s file").set_input_files(
        {"name": "answer.csv", "mimeType": "text/csv", "buffer": data}
    )
    page.get_by_role("button", name="Upload the answer").click()
    expect(page.get_by_text("2 loaded, 1 rejected")).to_be_visible()
    clean(page)


def test_a_release_by_two_people_and_the_trust_reads_what_came_back(open_page, served: Served, people):
    first, second = (open_page(address=served.address, javascript=javascript) for javascript in (True, False))
    sign_in(first, ONE)
    address = prepare_and_check(first)
    sign_in(second, TWO)
    approve_and_release(second, address)
    lines = download(second)
    answer(second, address, lines)
    officer = open_page(address=served.address)
    sign_in(officer, OVM)
    officer.get_by_role("link", name="Rows to mend").click()
    expect(officer.get_by_text("no match")).to_be_visible()
    expect(officer.get_by_text(lines[0]["invoice_number"])).to_be_visible()
    expect(officer.get_by_text(lines[1]["invoice_number"])).to_have_count(0)
    clean(officer)
