"""A board reads the reports and prints its pack, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.core import clock
from app.periods.calendar import Period
from app.submissions import service as submissions
from tests.journeys.conftest import clean, sign_in


@pytest.fixture(scope="module")
def board(served):
    with served.database.writing() as db:
        submissions.set_obligation(
            db, COMMAND_LINE, ["RJ1", "RYJ"], Period.containing(clock.today()).previous().plus(-2)
        )
    return served.person("board@reports.example", Role.BOARD)


def test_a_board_reads_a_report_and_prints_its_pack_without_the_navigation(open_page, served, board):
    page = open_page(address=served.address)
    sign_in(page, board)
    page.get_by_role("link", name="Reports", exact=True).click()
    page.get_by_role("link", name="Submission rates").click()
    expect(page.get_by_role("img", name="Returns received and received on time")).to_be_visible()
    clean(page)
    page.goto("/")
    page.get_by_role("link", name="Board pack for").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Board pack for"))
    clean(page)
    navigation, months = page.get_by_role("navigation", name="Service"), page.get_by_label("Month", exact=True)
    expect(navigation).to_be_visible()
    expect(months).to_be_visible()
    page.emulate_media(media="print")
    expect(navigation).to_be_hidden()
    expect(months).to_be_hidden()
    expect(page.get_by_role("heading", name="What the figures mean")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
