"""The grid in a real browser: by keyboard, on a phone and a desk, and on paper."""

import pytest
from playwright.sync_api import expect

from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.core import clock
from app.periods.calendar import Period
from app.submissions import service as submissions
from tests.journeys.conftest import clean, sign_in


@pytest.fixture(scope="module")
def team(served):
    """RJ1 and RYJ owe the last three months that ended."""
    with served.database.writing() as db:
        last = Period.containing(clock.today()).previous()
        submissions.set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ"], last.plus(-2))
    return served.person("team@grid.example", Role.DEBTORS_TEAM)


def test_the_team_goes_from_the_grid_to_what_is_missing_by_keyboard_and_prints_it(open_page, served, team):
    page = open_page(address=served.address)
    sign_in(page, team)
    page.get_by_role("link", name="Who has submitted", exact=True).click()
    page.get_by_label("From").select_option("August 2026")
    page.get_by_label("Only with gaps").check()
    page.get_by_role("button", name="Show this grid").click()
    page.get_by_role("heading", level=1, name="Who has submitted, August 2026 to October 2026").wait_for()
    clean(page)

    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_label("From")).to_be_hidden()
    expect(page.get_by_role("table")).to_be_visible()
    page.emulate_media(media="screen")

    region = page.get_by_role("region", name="Organisations and months")
    region.focus()
    for _ in range(5):  # the three months at the head, the organisation, its first month
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Missing RJ1 Aug 2026"
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Return for August 2026").wait_for()
    clean(page)
