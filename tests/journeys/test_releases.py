"""A release in real browsers: two colleagues send it, the recipient answers, a trust mends, and the next one carries that."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from app.accounts import service as accounts
from app.core import clock
from app.periods.calendar import Period
from app.releases import delivering
from app.returns import service as returns
from app.returns.service import Upload
from app.settings import get_settings
from tests.api.conftest import row, workbook
from tests.journeys.conftest import Served, clean, sign_in
from tests.journeys.test_returns import send_file
from tests.receiver import Receiver, receiving

ONE, TWO, OVM, OTHER = "one@hq.example", "two@hq.example", "ovm@rj1.example", "ovm@ryj.example"
KEY = "a key that only these tests share with it"


@pytest.fixture
def people(served: Served) -> None:
    """Two of the Debtors Team, and officers of two trusts, which have reported three debts and two."""
    for email in (ONE, TWO):
        served.person(email, "debtors_team")
    for email, code, numbers in ((OVM, "RJ1", (1, 2, 3)), (OTHER, "RYJ", (4, 5))):
        served.person(email, "trust", code)
        with served.database.writing() as db:
            officer = accounts.user_by_email(db, email)
            assert officer is not None
            data = workbook(*(row(number) for number in numbers))
            sent = Upload(code, Period(2026, 10), data, "return.xlsx", clock.now())
            assert not returns.receive(db, accounts.actor_for_user(db, officer), sent).refusal


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """MIDAS, which takes what the worker sends it."""
    with receiving() as found:
        endpoint = {"key": "midas", "recipient": "MIDAS", "file": "midas.csv", "url": found.url, "signing_key": KEY}
        monkeypatch.setenv("DEBTOR_RETURNS_RELEASE_ENDPOINTS", json.dumps([endpoint]))
        get_settings.cache_clear()
        yield found


def prepare_and_check(page: Page) -> str:
    """Gives the address of the release, whose sample holds all five lines."""
    page.get_by_role("link", name="Releases", exact=True).click()
    clean(page)
    page.get_by_role("button", name="Prepare a release").click()
    page.get_by_label("Full").check()
    page.get_by_label("Who is it for?").fill("MIDAS")
    page.get_by_label("What is it for?").fill("Monthly load")
    clean(page)
    page.get_by_role("button", name="Prepare the release").click()
    expect(page.get_by_text("0 of 5 lines checked, 0 marked wrong.")).to_be_visible()
    clean(page)
    address = page.url.split("?")[0]
    page.get_by_role("button", name="Check the next line").click()
    clean(page)
    for _ in range(5):
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


def push(served: Served, there: Receiver) -> bytes:
    """What the recipient receives when the worker comes to it."""
    told = list(delivering.deliver(served.database, "journey"))
    assert told == ["Release 1, midas.csv to midas: delivered."]
    (taken,) = there.taken
    return taken.body


def download(page: Page) -> bytes:
    page.get_by_role("link", name="midas.csv", exact=True).click()
    clean(page)
    with page.expect_download() as started:
        page.get_by_role("button", name="Download").click()
    return Path(started.value.path()).read_bytes()


def answer(page: Page, address: str, data: bytes, rejected: set[str]) -> None:
    """The recipient loads all lines of its file but those of the invoices that it rejects."""
    lines = list(csv.DictReader(data.decode().splitlines()))
    assert len(lines) == 5 and rejected < {line["invoice_number"] for line in lines}
    results = [
        f"{line['reference']},{'rejected,no match' if line['invoice_number'] in rejected else 'loaded,'}"
        for line in lines
    ]
    page.goto(f"{address}/acknowledgement")
    clean(page)
    page.get_by_label("The recipient’s file").set_input_files(
        {
            "name": "answer.csv",
            "mimeType": "text/csv",
            "buffer": "\n".join(["reference,result,reason", *results]).encode(),
        }
    )
    page.get_by_role("button", name="Upload the answer").click()
    expect(page.get_by_text("2 loaded, 3 rejected")).to_be_visible()
    expect(page.get_by_text("midas.csv to midas")).to_be_visible()
    clean(page)


def mend_the_first(page: Page) -> str:
    """Corrects one of the rows in their workbook and sends it alone. Gives its invoice number."""
    with page.expect_download() as started:
        page.get_by_role("link", name="Download these rows as one workbook").click()
    book = openpyxl.load_workbook(io.BytesIO(Path(started.value.path()).read_bytes()))
    sheet = book["Return"]
    headings = [cell.value for cell in sheet[1]]
    number = str(sheet.cell(2, headings.index("Invoice number") + 1).value)
    sheet.cell(2, headings.index("Passport or travel document number") + 1).value = "C7654321"
    sheet.delete_rows(3, sheet.max_row)
    out = io.BytesIO()
    book.save(out)
    page.goto("/returns/upload?organisation=RJ1&period=2026-10")
    send_file(page, out.getvalue(), "rows-to-mend.xlsx")
    page.get_by_role("button", name="Submit return").click()
    expect(page.get_by_role("heading", name="Return sent")).to_be_visible()
    return number


def prepare_what_changed(page: Page) -> None:
    page.goto("/releases/prepare")
    page.get_by_label("Changes").check()
    page.get_by_label("Who is it for?").fill("midas")
    page.get_by_label("What is it for?").fill("Monthly load")
    page.get_by_role("button", name="Prepare the release").click()
    page.get_by_role("link", name="Details corrected").click()
    expect(page.get_by_text("1 line.")).to_be_visible()
    clean(page)


def steps_of(page: Page, address: str, first: str) -> list[str]:
    """The numbers of one organisation or all, as the page has them: lines, taken out, sent, loaded, rejected, not answered,
    mended, to mend, closed unmended, and sent again mended or not.
    """
    page.goto(f"{address}/funnel")
    return page.locator("tr", has=page.get_by_role("rowheader", name=first)).locator("td").all_inner_texts()


def test_a_release_by_two_people_its_answer_and_what_was_mended_in_the_next_one(
    open_page, served: Served, people, there: Receiver, complaints
):
    complaints.expect("open-rows/workbook.* net::ERR_ABORTED")  # so a browser calls a link that becomes a download
    first, second = (open_page(address=served.address, javascript=javascript) for javascript in (True, False))
    sign_in(first, ONE)
    address = prepare_and_check(first)
    sign_in(second, TWO)
    approve_and_release(second, address)
    received = push(served, there)
    assert download(second) == received
    answer(second, address, received, {"INV00001", "INV00002", "INV00004"})
    officer, other = open_page(address=served.address), open_page(address=served.address)
    for page, email, back in ((officer, OVM, {"INV00001", "INV00002"}), (other, OTHER, {"INV00004"})):
        sign_in(page, email)
        page.get_by_role("link", name="Rows to mend").click()
        expect(page.get_by_text("no match").first).to_be_visible()
        assert set(re.findall(r"INV\d{5}", page.locator("main").inner_text())) == back
    clean(officer)
    number = mend_the_first(officer)
    prepare_what_changed(first)
    said = first.locator("main tbody").inner_text()
    assert number in said and "→ C7654321" in said
    assert steps_of(first, address, "RJ1 Trust (RJ1)") == ["3", "0", "3", "1", "2", "0", "1", "1", "0", "0", "0"]
    assert steps_of(first, address, "All") == ["5", "0", "5", "2", "3", "0", "1", "2", "0", "0", "0"]
    clean(first)
