"""A trust's month through the pages: check, submit, mend what came back, answer, withdraw; and what others may see of it."""

import io
import re
import tempfile

import openpyxl
import pytest
from sqlmodel import select

from app.accounts.permissions import Role
from app.returns.models import RefusedUpload
from app.settings import get_settings
from tests.web.conftest import Browser, row, said, workbook

UPLOAD = "/returns/upload?organisation=RJ1&period=2026-10"
NIL = "/returns/nil?organisation=RJ1&period=2026-10"


@pytest.fixture
def ovm(visitor) -> Browser:
    return visitor(Role.TRUST)


def upload(browser: Browser, data: bytes, address: str = UPLOAD, **fields: str):
    fields = {"declaration": "true", **fields}
    return browser.post(address, fields, files={"file": ("return.xlsx", data)})


def sent(browser: Browser, *rows: dict) -> str:
    """The address of a return that was checked and submitted."""
    checked = upload(browser, workbook(*rows)).headers["location"]
    answer = browser.post(checked)
    assert answer.status_code == 303, said(answer)
    return checked


def test_a_month_is_chosen_first_then_the_file(ovm):
    months = said(ovm.get("/returns/upload"))
    assert "Which month is the return for?" in months
    assert "November 2026" in months
    assert "October 2025" not in months
    page = said(ovm.get(UPLOAD))
    assert "Upload the return for October 2026" in page
    assert "no diagnosis, treatment, ward" in page


def test_a_check_says_in_numbers_what_will_happen_and_sends_nothing(ovm):
    answer = upload(ovm, workbook(row(1), row(2), row(3, date_of_birth="31/02/1985")))
    page = said(ovm.follow(answer))
    assert "2 new debts will be added, 1 row will not be taken. Nothing has been sent yet." in page
    assert '"31/02/1985" is not a real date.' in page
    assert "No return has been sent yet." in said(ovm.get("/returns"))


def test_submitting_gives_the_reference_the_numbers_and_what_comes_next(ovm):
    path = upload(ovm, workbook(row(1), row(2, date_of_birth="?"))).headers["location"]
    page = said(ovm.follow(ovm.post(path)))
    assert "Return sent Your reference DR-2026-10-RJ1-01" in page
    assert "1 new debt was added, 1 row was not taken." in page
    assert "the workbook of rows to mend" in page
    again = ovm.post(path)
    assert again.headers["location"] == f"{path}?said=submitted"
    assert "1 return, newest first" in said(ovm.get("/returns"))


def test_what_came_back_is_mended_in_its_workbook_and_uploaded_as_it_is(ovm):
    sent(ovm, row(1), row(2, date_of_birth="?"))
    assert "INV00002" in said(ovm.get("/open-rows"))
    data = ovm.get("/open-rows/workbook?organisation=RJ1").content
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book["Return"]
    headings = [cell.value for cell in sheet[1]]
    sheet.cell(2, headings.index("Date of birth") + 1).value = "27/03/1985"
    out = io.BytesIO()
    book.save(out)
    path = upload(ovm, out.getvalue()).headers["location"]
    ovm.post(path)
    assert "Nothing is waiting to be mended." in said(ovm.get("/open-rows"))


def test_a_row_is_closed_with_a_reason(ovm):
    sent(ovm, row(1, date_of_birth="?"))
    link = re.search(r"/open-rows/[0-9a-f]{32}", ovm.get("/open-rows").text)[0]
    silent = ovm.post(f"{link}/close", {"reason": " "})
    assert "Say why this row will not be mended" in said(silent)
    answer = ovm.follow(ovm.post(f"{link}/close", {"reason": "The invoice was cancelled."}))
    assert "The row is closed." in said(answer)
    assert ovm.get(link).status_code == 404


def test_a_row_is_answered(ovm):
    sent(ovm, row(1, status="Debt repaid", status_date="01/09/2026", amount_outstanding=0))
    link = re.search(r"/open-rows/[0-9a-f]{32}", ovm.get("/open-rows").text)[0]
    assert "The debt was reported before this service began" in said(ovm.get(link))
    none = ovm.post(f"{link}/answer")
    assert "Choose the answer" in said(none)
    answer = ovm.follow(ovm.post(f"{link}/answer", {"answer": "reported_before_service"}))
    assert "Your answer is noted." in said(answer)


def test_nothing_to_report_takes_three_clicks_and_is_one_return_however_often_sent(ovm):
    first = ovm.post(NIL)
    again = ovm.post(NIL)
    assert first.headers["location"] == again.headers["location"]
    assert "This return says that there are no new debts and no changes." in said(ovm.follow(first))


def test_a_nil_after_a_return_with_rows_is_refused_on_its_own_page(ovm):
    sent(ovm, row(1))
    answer = ovm.post(NIL)
    assert answer.status_code == 409
    assert "a nil return cannot stand beside it" in said(answer)


def test_a_return_is_withdrawn_with_a_reason(ovm):
    path = sent(ovm, row(1))
    assert "Say why you take this return back" in said(ovm.post(f"{path}/withdraw"))
    page = said(ovm.follow(ovm.post(f"{path}/withdraw", {"reason": "The file was last month's."})))
    assert "The return is withdrawn." in page
    assert "The file was last month's." in page


def test_everything_that_is_missing_is_named_at_once(ovm):
    answer = ovm.post(UPLOAD, {"declaration": "no"})
    assert answer.status_code == 422
    assert "Choose the file to send" in said(answer)
    assert "Make the declaration" in said(answer)


def test_a_refused_file_is_told_on_the_page_and_the_attempt_is_kept(ovm, database):
    answer = upload(ovm, b"\x89PNG\r\n\x1a\n rubbish")
    assert answer.status_code == 422
    assert "There is a problem" in said(answer)
    assert "Upload the return for October 2026" in said(answer)
    with database.reading() as db:
        kept = db.exec(select(RefusedUpload)).one()
    assert (kept.organisation_code, kept.period, kept.code) == ("RJ1", "2026-10", "F01")


def test_a_check_that_was_overtaken_is_shown_anew_and_nothing_is_sent(ovm):
    first = upload(ovm, workbook(row(1), row(2))).headers["location"]
    sent(ovm, row(1))
    answer = ovm.post(first)
    assert answer.status_code == 409
    assert "Something changed since you checked this file" in said(answer)
    assert ovm.post(first).status_code == 303


def test_the_same_file_again_leads_to_the_return_that_it_gave(ovm):
    data = workbook(row(1))
    path = upload(ovm, data).headers["location"]
    ovm.post(path)
    again = upload(ovm, data)
    assert again.headers["location"] == f"{path}?said=sent-before"
    assert "Nothing was sent a second time." in said(ovm.follow(again))


def test_going_on_without_a_month_is_told_on_the_page(ovm):
    assert "Choose the month of the return" in said(ovm.get("/returns/upload", organisation="RJ1", asked="month"))
    assert "There is a problem" not in said(ovm.get("/returns/upload", organisation="RJ1"))


def test_rows_to_mend_are_asked_for_one_organisation(ovm, visitor):
    sent(ovm, row(1, date_of_birth="?"))
    team = visitor(Role.DEBTORS_TEAM)
    assert "DR-2026-10-RJ1-01" in said(team.get("/open-rows", organisation="RJ1"))
    assert "DR-2026-10-RJ1-01" not in said(team.get("/open-rows", organisation="RYJ"))
    assert ovm.get("/open-rows", organisation="RYJ").status_code == 404


def test_a_file_that_is_too_large_is_told_on_the_form(ovm):
    answer = upload(ovm, bytes(12 * 1024 * 1024))
    assert answer.status_code == 413
    assert "Upload the return for October 2026" in said(answer)
    assert "This file is larger than 10 MB" in said(answer)


def test_many_rows_with_one_cause_are_told_once(ovm):
    rows = [row(number, nationality="FRA") for number in range(1, 8)]
    page = said(ovm.follow(upload(ovm, workbook(*rows))))
    assert "Fix once" in page
    assert "7 rows: 2–8" in page


def test_the_receipt_can_be_printed(ovm):
    page = said(ovm.get(f"{sent(ovm, row(1))}/receipt"))
    assert "Receipt for return DR-2026-10-RJ1-01" in page
    assert "Digest of the file (SHA-256)" in page
    assert "Nil return" not in page


def test_the_debtors_team_sees_counts_and_codes_and_never_the_people_who_were_sent_back(ovm, visitor):
    path = sent(ovm, row(1), row(2, family_name="Refusedname", nationality="FRA", your_reference="secret case"))
    team = visitor(Role.DEBTORS_TEAM)
    page = team.get(path)
    assert page.status_code == 200
    assert "EU, EEA or Swiss" in said(page)
    for word in ("Refusedname", "secret case", "INV00002", "return.xlsx"):
        assert word not in page.text
    listed = team.get("/open-rows").text
    assert "INV00002" not in listed
    for file in ("rejections.xlsx", "rejections.csv", "original"):
        assert team.get(f"{path}/{file}").status_code == 403


def test_on_behalf_the_declaring_officer_is_named(visitor):
    team = visitor(Role.DEBTORS_TEAM)
    nameless = upload(team, workbook(row(1)))
    assert "Name the officer of the trust who makes the declaration" in said(nameless)
    answer = upload(team, workbook(row(1)), declaring_officer="Dr Example")
    path = answer.headers["location"]
    assert "Declared by Dr Example" in said(team.follow(team.post(path)))


def test_an_expired_session_leads_back_to_the_form_with_month_and_organisation(browser):
    answer = browser.client.post(UPLOAD, data={"declaration": "true"}, files={"file": ("a.xlsx", b"x" * 100_000)})
    assert answer.status_code == 303
    page = browser.follow(answer)
    assert "what you sent did not arrive" in said(page)
    assert 'value="/returns/upload?organisation=RJ1&amp;period=2026-10"' in page.text


def test_a_return_that_was_withdrawn_is_not_sent_by_an_old_tab(ovm):
    path = sent(ovm, row(1))
    ovm.post(f"{path}/withdraw", {"reason": "The file was last month's."})
    answer = ovm.post(path)
    assert answer.status_code == 409
    assert "was withdrawn, so it cannot be sent again" in said(answer)
    assert "Return sent" not in said(ovm.get(f"{path}?said=submitted"))


def test_a_row_that_is_closed_twice_is_closed_once(ovm):
    sent(ovm, row(1, date_of_birth="?"))
    link = re.search(r"/open-rows/[0-9a-f]{32}", ovm.get("/open-rows").text)[0]
    token = ovm.form_token(f"{link}/close")
    fields = {"form_token": token, "reason": "The invoice was cancelled."}
    answers = [ovm.client.post(f"{link}/close", data=fields) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == [
        "/open-rows?said=row-closed", "/open-rows?said=row-closed-before",
    ]  # fmt: skip


def test_while_the_virus_scanner_is_away_the_page_says_so_and_nothing_is_kept(ovm, database, monkeypatch, tmp_path):
    monkeypatch.setenv("DEBTOR_RETURNS_VIRUS_SCANNER", f"unix://{tmp_path}/none.sock")
    get_settings.cache_clear()
    answer = upload(ovm, workbook(row(1)))
    assert answer.status_code == 503
    assert "The virus scanner does not answer. Nothing was processed: try again in a few minutes." in said(answer)
    with database.reading() as db:
        assert db.exec(select(RefusedUpload)).all() == []
    assert "No return has been sent yet." in said(ovm.get("/returns"))


def test_a_disk_without_room_for_a_file_is_told_as_a_trouble_of_ours(ovm, monkeypatch):
    token = ovm.form_token(UPLOAD)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere-to-write")
    answer = ovm.client.post(UPLOAD, data={"form_token": token}, files={"file": ("r.xlsx", b"PK" + bytes(2**21))})
    assert answer.status_code == 503
    assert "no room for the file at this moment. Nothing was changed" in said(answer)
