"""Naughty texts in a real browser: every page that shows them shows them as they were typed, and no script runs."""

import pytest
from playwright.sync_api import Page

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.core import clock
from app.periods.calendar import Period
from app.returns import service as returns
from app.returns.service import Upload
from tests.api.conftest import row, workbook
from tests.journeys.conftest import OpenPage, Served
from tests.journeys.test_debts import enter
from tests.naughty import NAUGHTY

CELLS = NAUGHTY[:-1]


@pytest.fixture(scope="module")
def typed(served: Served) -> str:
    """The id of a return of RJ1 that holds every naughty text, in rows that were taken and rows that were not."""
    names = {"family_name", "given_names", "your_reference"}
    good = [row(number, **dict.fromkeys(names, text)) for number, text in enumerate(CELLS, 1)]
    bad = [row(90 + number, **dict.fromkeys(names, text), sex=text, site=text) for number, text in enumerate(CELLS)]
    with served.database.writing() as db:
        officer = accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", "trust", "RJ1")
        accounts.add_user(db, COMMAND_LINE, "team@hq.example", "debtors_team")
        sent = Upload("RJ1", Period(2026, 10), workbook(*good, *bad), NAUGHTY[1] + ".xlsx", clock.now())
        received = returns.receive(db, accounts.actor_for_user(db, officer), sent)
        assert received.return_ is not None
        assert not received.refusal
        return received.return_.id


def test_no_script_of_anybodys_runs_on_any_page(open_page: OpenPage, served: Served, typed: str, complaints):
    seen = ""
    for who in ("ovm@rj1.example", "team@hq.example"):
        page: Page = open_page(address=served.address)
        page.on("dialog", lambda dialog: complaints.found.append(f"dialog: {dialog.message}"))
        enter(page, served, who)
        for address in ("/", "/returns", f"/returns/{typed}", "/open-rows", "/debts"):
            page.goto(address)
            seen += page.locator("body").inner_text()
        page.goto("/debts")
        for path in {link.get_attribute("href") or "/" for link in page.locator("main a[href^='/debts/']").all()[:3]}:
            page.goto(path)
            seen += page.locator("body").inner_text()
        assert page.evaluate("window.__violations") == []
    assert [text for text in CELLS if " ".join(text.split()) not in " ".join(seen.split())] == []
