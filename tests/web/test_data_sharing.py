"""What leaves the service, as the board, the auditor, a health department and the Debtors Team read it."""

import csv
import io
from datetime import UTC, datetime

import pytest

from app.accounts.permissions import Role
from app.core import clock
from tests.web.conftest import Browser, row, said
from tests.web.test_debts import report

__all__ = ["report"]


@pytest.fixture
def team(visitor) -> Browser:
    return visitor(Role.DEBTORS_TEAM)


def take_out(team: Browser, query: str = "") -> None:
    fields = {"output": "csv", "purpose": "Monthly check", "recipient": "MIDAS"}
    assert team.post(f"/debts/download{query}", fields).status_code == 200


def test_the_register_names_each_flow_with_its_basis_its_fields_and_its_review(visitor):
    words = said(visitor(Role.BOARD).get("/data-sharing"))
    for name in ("Consolidated release", "MIDAS load file", "Warnings Index file", "Warnings Index feed",
                 "Live extracts of the register", "Urgent status checks", "Answers to access requests"):  # fmt: skip
        assert name in words
    assert "[2015] EWCA Civ 1034" in words
    assert "Due by 1 November 2027" in words
    assert "Nothing has left this way yet" in words
    assert "overdue" not in words.lower()
    assert "Medical" not in words


def test_an_overdue_review_is_told(visitor):
    auditor = visitor(Role.AUDITOR)
    with clock.at(datetime(2027, 11, 2, 12, tzinfo=UTC)):
        words = said(auditor.get("/data-sharing"))
    assert "The review of 7 flows is overdue: Consolidated release; MIDAS load file;" in words
    assert "Overdue: it was due by 1 November 2027" in words


def test_a_health_department_reads_who_passes_on_the_returns_of_its_nation(visitor):
    words = said(visitor(Role.HEALTH_DEPARTMENT).get("/data-sharing"))
    assert "organisations in Wales are passed on to the Home Office by the Welsh Government" in words
    assert "Scotland" not in words


def test_the_register_comes_as_csv_too(visitor):
    answer = visitor(Role.BOARD).get("/data-sharing.csv")
    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert len(lines) == 7
    assert lines[1]["Fields"].startswith(
        "Reference; Organisation code; Invoice number; Date of debt; Amount outstanding"
    )
    assert {line["Review overdue"] for line in lines} == {"no"}


def test_an_extract_is_listed_with_whom_it_is_for_why_and_of_what(visitor, team, report):
    report(row(1), row(2, nationality="Ghana"))
    take_out(team, "?region=London&min_amount=600&older=90")
    mine, boards = said(team.get("/extracts")), said(visitor(Role.BOARD).get("/extracts"))
    for words in (mine, boards):
        assert "MIDAS" in words and "Monthly check" in words
        assert "Region: London Outstanding, at least: £600.00 Days since the invoice, at least: 90" in words
    assert "Debts 2" in mine
    assert "Debts Fewer than 5" in boards
    assert "An extract for MIDAS" in said(team.get("/data-sharing"))


def test_without_extracts_the_page_says_so(visitor):
    assert "No extract has been made yet." in said(visitor(Role.AUDITOR).get("/extracts"))
    assert "There are fewer pages" not in said(visitor(Role.AUDITOR).get("/extracts"))
