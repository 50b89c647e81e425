"""Who has submitted, as pages: the grid with its files, the list of a month, one cell in words. Today is 22 November 2026."""

import io
from datetime import UTC, datetime

import openpyxl
import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.periods.calendar import Period
from app.returns.models import RefusedUpload
from app.submissions import service as submissions
from app.web import submissions_grid
from tests.api.conftest import Person
from tests.web.conftest import Browser, row, said, workbook


@pytest.fixture
def october(app, database) -> str:
    """RJ1 and RYJ owe October. RJ1 has sent its return; gives the return's id."""
    with database.writing() as db:
        submissions.set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ"], Period(2026, 10))
        accounts.add_user(db, COMMAND_LINE, "sender@rj1.example", Role.TRUST, "RJ1")
        officer = Person(Browser(app).client, accounts.create_token(db, COMMAND_LINE, "sender@rj1.example"))
    return str(officer.upload(workbook(row(1))).json()["id"])


def test_a_month_is_shown_with_counts_and_a_way_to_each_return(visitor, october):
    page = visitor(Role.DEBTORS_TEAM).get("/submissions", period="2026-10")
    words = said(page)
    assert words.startswith("Who has submitted for October 2026")
    assert "1 Missing 1 Submitted late" in words
    assert "RJ1 Trust (RJ1) Submitted late : RJ1 Trust 22 November 2026" in words
    assert "RYJ Trust (RYJ) Missing : RYJ Trust –" in words
    assert f'href="/returns/{october}"' in page.text and 'href="/organisations/RYJ"' in page.text


def test_the_list_is_narrowed_by_state_and_the_counts_stay_those_of_the_month(visitor, october):
    words = said(visitor(Role.DEBTORS_TEAM).get("/submissions", period="2026-10", state="missing"))
    assert "1 organisation " in words and "RYJ Trust (RYJ)" in words and "RJ1 Trust (RJ1)" not in words
    assert "1 Missing 1 Submitted late" in words


def test_a_list_with_nobody_in_it_says_so(visitor, october):
    words = said(visitor(Role.DEBTORS_TEAM).get("/submissions", period="2026-10", state="excused"))
    assert "No organisation is in this list. Choose another month or state." in words


def test_a_manager_sees_the_months_but_is_led_to_no_return(visitor, october):
    manager = visitor(Role.LPM, "RJ1")
    for asked in ({"period": "2026-10"}, {}):
        page = manager.get("/submissions", **asked)
        assert "RJ1 Trust" in page.text and "returns/" not in page.text


def test_a_trust_sees_its_own_and_its_predecessors(visitor, october):
    words = said(visitor(Role.TRUST, "RYJ").get("/submissions", period="2026-10"))
    assert "RYJ Trust (RYJ) Missing" in words and "RJ1" not in words


def test_whose_newest_file_did_not_count_is_a_concern(visitor, october, app, database):
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "other@ryj.example", Role.TRUST, "RYJ")
        officer = Person(Browser(app).client, accounts.create_token(db, COMMAND_LINE, "other@ryj.example"))
    assert officer.upload(b"no workbook", organisation="RYJ").status_code == 422
    words = said(visitor(Role.DEBTORS_TEAM).get("/submissions", period="2026-10"))
    assert "The newest file of 1 organisation did not count for the month." in words
    assert "RYJ Trust (RYJ), 22 November 2026: the file was refused ( F01 )" in words


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "2026-13"}, {"period": "2026-10", "state": "lost"}, {"state": "lost"}, {"page": "0"}, {"page": "1" * 20},
        {"from": "2026-13"}, {"from": "2026-10", "to": "2026-09"}, {"from": "2020-01", "to": "2026-09"}, {"gaps": "some"},
    ],
)  # fmt: skip
def test_an_address_that_asks_for_nonsense_is_told_so(visitor, october, wrong):
    assert visitor(Role.DEBTORS_TEAM).get("/submissions", **wrong).status_code == 422


def test_a_board_has_no_list_of_organisations(visitor, october):
    assert visitor(Role.BOARD).get("/submissions").status_code == 403
    assert visitor(Role.BOARD).get("/submissions/grid.csv").status_code == 403


def test_the_grid_has_a_word_for_each_month_and_adds_up_rows_and_months(visitor, october):
    page = visitor(Role.DEBTORS_TEAM).get("/submissions")
    words = said(page)
    assert words.startswith("Who has submitted, November 2025 to October 2026")
    assert "RJ1 Trust (RJ1) " + "– " * 11 + "Late RJ1 Oct 2026 1 of 1" in words
    assert "RYJ Trust (RYJ) " + "– " * 11 + "Missing RYJ Oct 2026 0 of 1" in words
    assert "Received " + "– " * 11 + "1 of 2 50% 1 of 2 50%" in words
    assert f"<a href=returns/{october}>Late<i>" in page.text
    assert "<a href=submissions/RYJ/2026-10>Missing<i>" in page.text
    assert 'href="/submissions?period=2026-10"' in page.text


def test_the_grid_is_narrowed_and_says_by_what(visitor, october):
    team = visitor(Role.DEBTORS_TEAM)
    gaps = said(team.get("/submissions", gaps="yes", search="trust", **{"from": "2026-10", "to": "2026-11"}))
    assert gaps.startswith("Who has submitted, October 2026 to November 2026")
    assert "1 organisation: “trust”, only with gaps" in gaps
    assert "RYJ Trust (RYJ) Missing RYJ Oct 2026 Not due RYJ Nov 2026 0 of 1" in gaps and "RJ1 Trust" not in gaps
    assert "No organisation is in this grid." in said(team.get("/submissions", state="excused"))


def test_the_files_of_the_grid_are_narrowed_as_the_page_is(visitor, october):
    team = visitor(Role.DEBTORS_TEAM)
    told = team.get("/submissions/grid.csv", state="missing", **{"from": "2026-10"})
    assert told.headers["content-disposition"].startswith(
        'attachment; filename="who-has-submitted-2026-10-to-2026-10.csv"'
    )
    assert told.content.decode("utf-8-sig").splitlines()[1:] == ["RYJ,RYJ Trust,England,London,,Missing,1,0,0,0.0"]
    whole = team.get("/submissions/grid.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(whole.content)).active
    assert [cell.value for cell in sheet["A"]] == ["Code", "RJ1", "RYJ"]


def test_a_trust_takes_out_its_own_rows_only(visitor, october):
    told = visitor(Role.TRUST, "RYJ").get("/submissions/grid.csv", search="trust").text
    assert "RYJ Trust" in told and "RJ1" not in told


def test_a_grid_of_more_rows_than_a_page_holds_is_paged_and_its_foot_counts_them_all(visitor, october, monkeypatch):
    monkeypatch.setattr(submissions_grid, "A_PAGE", 1)
    second = visitor(Role.DEBTORS_TEAM).get("/submissions", page="2", region="London")
    assert "RYJ Trust" in said(second) and "RJ1 Trust" not in said(second)
    assert "1 of 2 50%" in said(second) and "2 organisations: London" in said(second)
    assert "/submissions?region=London&amp;page=1" in second.text


def test_what_is_missing_says_what_did_not_count_and_leads_to_what_each_may_do(visitor, october, database):
    with database.writing() as db:
        at = datetime(2026, 11, 19, 14, 5, tzinfo=UTC)
        db.add(RefusedUpload(organisation_code="RYJ", period="2026-10", at=at, actor="x", code="F05", size=9))
    manager = visitor(Role.LPM, "RYJ").get("/submissions/RYJ/2026-10")
    words = said(manager)
    assert words.startswith("RYJ Trust (RYJ) Return for October 2026 State Missing")
    assert "Due By the end of 20 November 2026, UK time: 2 days late" in words
    assert "19 November 2026, 2:05pm: a file was refused ( F05 ). Mandatory headings are not there" in words
    assert 'href="/organisations/RYJ/excuse/2026-10"' in manager.text and "/returns/" not in manager.text
    other = visitor(Role.LPM, "RJ1").get("/submissions/RYJ/2026-10")
    assert other.status_code == 200 and "excuse" not in other.text
    own = visitor(Role.TRUST, "RYJ").get("/submissions/RYJ/2026-10")
    assert "/returns/upload?organisation=RYJ&amp;period=2026-10" in own.text and "excuse" not in own.text


def test_of_a_month_that_was_received_the_return_is_shown_and_nothing_is_to_be_excused(visitor, october):
    page = visitor(Role.DEBTORS_TEAM).get("/submissions/RJ1/2026-10")
    assert "State Submitted late" in said(page) and "What arrived and does not count Nothing." in said(page)
    assert f'href="/returns/{october}"' in page.text and "excuse" not in page.text


def test_a_month_out_of_sight_looks_as_one_that_is_not_there(visitor, october):
    officer = visitor(Role.TRUST, "RYJ")
    answers = [
        officer.get(f"/submissions/{path}") for path in ("RJ1/2026-10", "ZZ9/2026-10", "RYJ/2027-01", "RYJ/lost")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
