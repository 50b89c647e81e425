"""Who has submitted, as a page: filters, counts, concerns, and everybody's own scope. Today is 22 November 2026."""

import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.periods.calendar import Period
from app.submissions import service as submissions
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


def test_the_month_that_ended_last_is_shown_with_counts_and_a_way_to_each_return(visitor, october):
    page = visitor(Role.DEBTORS_TEAM).get("/submissions")
    words = said(page)
    assert words.startswith("Who has submitted for October 2026")
    assert "1 Missing 1 Submitted late" in words
    assert "RJ1 Trust (RJ1) Submitted late 22 November 2026" in words and "RYJ Trust (RYJ) Missing –" in words
    assert f'href="/returns/{october}"' in page.text and 'href="/organisations/RYJ"' in page.text


def test_the_list_is_narrowed_by_state_and_the_counts_stay_those_of_the_month(visitor, october):
    words = said(visitor(Role.DEBTORS_TEAM).get("/submissions", period="2026-10", state="missing"))
    assert "1 organisation " in words and "RYJ Trust (RYJ)" in words and "RJ1 Trust (RJ1)" not in words
    assert "1 Missing 1 Submitted late" in words


def test_a_list_with_nobody_in_it_says_so(visitor, october):
    words = said(visitor(Role.DEBTORS_TEAM).get("/submissions", period="2026-10", state="excused"))
    assert "No organisation is in this list. Choose another month or state." in words


def test_a_manager_sees_the_months_but_is_led_to_no_return(visitor, october):
    page = visitor(Role.LPM, "RJ1").get("/submissions")
    assert "RJ1 Trust" in page.text and "/returns/" not in page.text


def test_a_trust_sees_its_own_and_its_predecessors(visitor, october):
    words = said(visitor(Role.TRUST, "RYJ").get("/submissions"))
    assert "RYJ Trust (RYJ) Missing" in words and "RJ1" not in words


def test_whose_newest_file_did_not_count_is_a_concern(visitor, october, app, database):
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "other@ryj.example", Role.TRUST, "RYJ")
        officer = Person(Browser(app).client, accounts.create_token(db, COMMAND_LINE, "other@ryj.example"))
    assert officer.upload(b"no workbook", organisation="RYJ").status_code == 422
    words = said(visitor(Role.DEBTORS_TEAM).get("/submissions"))
    assert "The newest file of 1 organisation did not count for the month." in words
    assert "RYJ Trust (RYJ), 22 November 2026: the file was refused ( F01 )" in words


@pytest.mark.parametrize("wrong", [{"period": "2026-13"}, {"state": "lost"}, {"page": "0"}, {"page": "1" * 20}])
def test_an_address_that_asks_for_nonsense_is_told_so(visitor, october, wrong):
    assert visitor(Role.DEBTORS_TEAM).get("/submissions", **wrong).status_code == 422


def test_a_board_has_no_list_of_organisations(visitor, october):
    assert visitor(Role.BOARD).get("/submissions").status_code == 403
