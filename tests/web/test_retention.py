"""A return after its time: its page, receipt and numbers stay, what went back is no longer offered."""

import pytest
from sqlalchemy import text

from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.retention import service
from tests.returns.conftest import at
from tests.web.conftest import Browser, row, said, workbook

UPLOAD = "/returns/upload?organisation=RJ1&period=2026-10"


@pytest.fixture
def ovm(visitor) -> Browser:
    return visitor(Role.TRUST)


def sent(browser: Browser, *rows: dict) -> str:
    checked = browser.post(UPLOAD, {"declaration": "true"}, files={"file": ("r.xlsx", workbook(*rows))}).headers[
        "location"
    ]
    assert browser.post(checked).status_code == 303
    return checked


def test_the_page_of_a_return_says_that_the_rows_that_went_back_are_no_longer_kept(ovm, database):
    path = sent(ovm, row(1), row(2, date_of_birth="31/02/1985"))
    assert "the workbook of rows to mend" in said(ovm.get(path))
    with at("2027-09-01"):
        service.purge(database, COMMAND_LINE)
    page = said(ovm.get(path))
    assert "1 new debt was added, 1 row was not taken." in page
    assert "What the rows that went back said is no longer kept." in page
    assert "the workbook of rows to mend" not in page
    assert "31/02/1985" not in page
    assert "What is entered is not a real date." in page
    for name in ("rejections.xlsx", "rejections.csv", "original"):
        assert ovm.get(f"{path}/{name}").status_code == 404
    assert "rejections.xlsx" not in ovm.get("/returns").text
    assert ovm.get(f"{path}/receipt").status_code == 200
    assert "Okonkwo" in said(ovm.get("/debts"))


def test_a_purged_debt_is_not_there_and_its_return_is(ovm, database):
    path = sent(ovm, row(1), row(2))
    debt = ovm.get("/debts").text.split('href="/debts/')[-1].split('"')[0]
    ended = text("UPDATE debts SET status = 'withdrawn', status_date = as_at WHERE id = :id")
    with database.writing() as db:
        db.connection().execute(ended, {"id": debt})
    with at("2028-12-01"):
        service.purge(database, COMMAND_LINE)
    assert ovm.get(f"/debts/{debt}").status_code == 404
    assert "2 new debts were added" in said(ovm.get(path))
