"""A trust's month in a real browser: from signing in to the mended return, with and without JavaScript, by desk and phone."""

import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from app.accounts import sessions
from app.accounts.models import Step
from app.accounts.service import user_by_email
from tests.api.conftest import row, workbook
from tests.journeys.conftest import Served, clean, sign_in

MEGABYTE = 1024 * 1024
MONTH = "/returns/upload?organisation={code}&period=2026-10"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def come_in(page: Page, served: Served, code: str, role: str = "trust") -> None:
    """Somebody who has signed in already."""
    email = f"{role}@{code.lower()}.example"
    served.person(email, role, code if role == "trust" else None)
    with served.database.writing() as db:
        user = user_by_email(db, email)
        assert user is not None
        token = sessions.start(db, user, Step.IN)
    page.context.add_cookies([{"name": "session", "value": token, "url": served.address}])


def send_file(page: Page, data: bytes, name: str = "return.xlsx") -> None:
    page.get_by_label("Your file").set_input_files({"name": name, "mimeType": XLSX, "buffer": data})
    page.get_by_label("I make this declaration").check()
    page.get_by_role("button", name="Check the file").click()


def test_an_officer_goes_from_signing_in_to_the_mended_return(page, served, complaints, request):
    complaints.expect("rejections.xlsx net::ERR_ABORTED")  # so a browser calls a link that becomes a download
    email = served.person(f"ovm.{request.node.callspec.id[:4]}@rj1.example".replace(" ", ""), "trust", "RJ1")
    sign_in(page, email)
    page.goto("/returns/upload?organisation=RJ1")
    page.get_by_label("October 2026").check()
    page.get_by_role("button", name="Continue").click()
    send_file(page, workbook(row(1), row(2, date_of_birth="31/02/1985")))
    expect(page.locator("main")).to_contain_text("1 row will not be taken. Nothing has been sent yet.")
    page.get_by_role("link", name="Row 3: Date of birth").click()
    expect(page).to_have_url(re.compile("#finding-1$"))
    page.get_by_role("button", name="Submit return").click()
    expect(page.get_by_role("heading", name="Return sent")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="the workbook of rows to mend").click()
    page.goto(MONTH.format(code="RJ1"))
    send_file(page, mended(download.value.path()), "rows-to-fix.xlsx")
    page.get_by_role("button", name="Submit return").click()
    page.goto("/open-rows")
    expect(page.locator("main")).to_contain_text("Nothing is waiting to be mended.")


def mended(path: Path) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    sheet = book["Return"]
    headings = [cell.value for cell in sheet[1]]
    sheet.cell(2, headings.index("Date of birth") + 1).value = "27/03/1985"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("megabytes", [15, 40])
def test_a_file_that_is_too_large_is_told_on_the_form_and_not_by_the_browser(
    open_page, served, complaints, megabytes, tmp_path
):
    complaints.expect("413")
    page = open_page(address=served.address)
    come_in(page, served, "RYJ")
    page.goto(MONTH.format(code="RYJ"))
    (tmp_path / "large.xlsx").write_bytes(b"\0" * megabytes * MEGABYTE)
    page.get_by_label("Your file").set_input_files(tmp_path / "large.xlsx")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="Upload the return for October 2026")).to_be_visible()
    expect(page.locator(".govuk-error-summary")).to_contain_text("This file is larger than 10 MB")


def test_a_wrong_file_no_file_and_no_declaration_are_told_on_the_form(page, served, complaints):
    complaints.expect("422")
    come_in(page, served, "RYJ")
    page.goto(MONTH.format(code="RYJ"))
    page.get_by_role("button", name="Check the file").click()
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("Choose the file to send")
    expect(summary).to_contain_text("Make the declaration")
    send_file(page, b"%PDF-1.7 not a spreadsheet", "letter.pdf")
    expect(summary).to_be_visible()
    expect(page.get_by_label("I make this declaration")).to_be_checked()


def test_a_session_that_expires_in_mid_upload_leads_back_to_the_form(page, served):
    come_in(page, served, "RYJ")
    page.goto(MONTH.format(code="RYJ"))
    page.context.clear_cookies()
    send_file(page, workbook(row(1)))
    expect(page.locator("main")).to_contain_text("what you sent did not arrive")
    assert page.locator("input[name=next]").input_value() == MONTH.format(code="RYJ")


def test_a_check_submitted_in_two_tabs_and_after_going_back_is_one_return(page, served):
    come_in(page, served, "7A1")
    page.goto(MONTH.format(code="7A1"))
    send_file(page, workbook(row(7)))
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_role("button", name="Submit return").click()
    reference = page.locator(".govuk-panel strong").inner_text()
    other.get_by_role("button", name="Submit return").click()
    assert other.locator(".govuk-panel strong").inner_text() == reference
    page.go_back()
    expect(page.locator("main")).to_contain_text(reference)


def test_the_pages_of_a_return_are_clean_empty_full_and_in_error(open_page, served, complaints):
    complaints.expect("422")
    page = open_page(address=served.address, width=360)
    come_in(page, served, "RYJ")
    bad = [row(number, nationality="FRA") for number in range(20, 27)]
    full = workbook(*bad, *(row(number) for number in range(30, 34)), row(40, date_of_birth="?", sex=None))
    page.goto(MONTH.format(code="RYJ"))
    page.get_by_role("button", name="Check the file").click()
    clean(page)
    send_file(page, full)
    expect(page.get_by_role("button", name="Submit return")).to_be_visible()
    clean(page)
    page.get_by_role("button", name="Submit return").click()
    expect(page.get_by_role("heading", name="Return sent")).to_be_visible()
    clean(page)
    sent = re.sub(r"[?].*", "", page.url)
    nil = "/returns/nil?organisation=RYJ&period=2026-09"
    for path in ("/returns", "/returns/upload", MONTH.format(code="RYJ"), nil, sent, f"{sent}/receipt",
                 f"{sent}/withdraw", "/open-rows"):  # fmt: skip
        page.goto(path)
        clean(page)
    page.locator("main table a").first.click()
    clean(page)
