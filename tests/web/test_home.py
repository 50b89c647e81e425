"""Home shows each role what to do next. Today is 22 November 2026: October was due on the 20th."""

from collections.abc import Callable

import pytest
from httpx2 import Response

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.core.db import Database
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.settings import get_settings
from app.submissions import service as submissions
from tests.api.conftest import Person
from tests.web.conftest import Browser, row, said, workbook

OCTOBER = Period(2026, 10)
Sends = Callable[..., Response]


@pytest.fixture
def sends(app, database: Database) -> Sends:
    """RJ1 and RYJ owe October; this sends a file of RJ1's officer."""
    with database.writing() as db:
        submissions.set_obligation(db, COMMAND_LINE, ["RJ1", "RYJ"], OCTOBER)
        accounts.add_user(db, COMMAND_LINE, "sender@rj1.example", Role.TRUST, "RJ1")
        officer = Person(Browser(app).client, accounts.create_token(db, COMMAND_LINE, "sender@rj1.example"))

    def upload(*rows: dict[str, object]) -> Response:
        return officer.upload(workbook(*rows))

    return upload


def test_a_trust_reads_which_return_is_late_and_the_way_to_send_it(visitor, sends):
    home = visitor(Role.TRUST).get("/")
    words = said(home)
    assert words.startswith("RJ1 Trust October 2026: 2 days late Due by the end of 20 November 2026")
    assert 'href="/returns/upload?organisation=RJ1&amp;period=2026-10"' in home.text
    assert 'href="/returns/nil?organisation=RJ1&amp;period=2026-10"' in home.text
    assert "Months missing October 2026" in words
    assert "No return has been sent yet." in words


def test_a_trust_reads_what_is_still_open_and_what_it_sent_last(visitor, sends):
    assert sends(row(1), row(2, date_of_birth="31/02/1985")).status_code == 201
    words = said(visitor(Role.TRUST).get("/"))
    assert words.startswith("RJ1 Trust November 2026: due in 28 days")
    assert "1 row went back and waits to be mended" in words
    assert "Months missing None" in words
    assert "1 debt , £2,500.50 outstanding" in words
    assert "DR-2026-10-RJ1-01 22 November 2026 1 1" in words


def test_a_trust_reads_who_its_manager_is(visitor, sends, database):
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "manager@home.example", Role.LPM, "RJ1")
    assert 'href="mailto:manager@home.example"' in visitor(Role.TRUST).get("/").text


def test_whoever_acts_for_several_organisations_finds_a_section_for_each(visitor, sends, database):
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "trust@rj1.example", Role.TRUST, "RYJ")
    assert said(visitor(Role.TRUST).get("/")).count("October 2026: 2 days late") == 2


def test_the_debtors_team_reads_the_month_the_register_and_the_newest_returns(visitor, sends):
    sends(row(1))
    words = said(visitor(Role.DEBTORS_TEAM).get("/"))
    assert "2 owed 1 received 0 on time 0 nil returns 1 missing 0 not due yet 0 concerns" in words
    assert "1 open debt , £2,500.50 outstanding. 0 debts are unconfirmed." in words
    assert "DR-2026-10-RJ1-01" in words


def test_a_manager_reads_who_has_not_sent_and_what_goes_wrong_and_nobodys_details(visitor, sends):
    sends(row(1, family_name="Quitealone"), row(2, family_name="Rejectedone", date_of_birth="31/02/1985"))
    manager = visitor(Role.LPM, "RJ1")
    home = manager.get("/")
    words = said(home)
    assert "1 organisation in your portfolio." in words
    assert "1 owed 1 received" in words
    assert "R02 Not a real date. 1 1" in words
    assert "Quitealone" not in home.text and "Rejectedone" not in home.text and "INV0" not in home.text


def test_a_board_reads_rates_by_nation_and_region_and_no_organisation(visitor, sends):
    sends(row(1))
    words = said(visitor(Role.BOARD).get("/"))
    assert "England 2 1 0 50%" in words and "London 2 1 0 50%" in words
    assert "RJ1" not in words


def test_a_board_finds_its_pack(visitor, sends):
    board = visitor(Role.BOARD)
    assert 'href="/reports/board-pack?period=2026-10"' in board.get("/").text


def test_an_administrator_reads_who_waits_to_come_in_and_which_organisation_has_nobody(visitor, sends):
    words = said(visitor(Role.ADMIN).get("/"))
    assert "2 accounts" in words and "Invited, not in yet Nobody" in words
    assert "1 organisation owes a return, and nobody can send it for it." in words
    assert "RYJ Trust (RYJ)" in words


def test_a_health_department_reads_its_nation_alone(visitor, sends):
    words = said(visitor(Role.HEALTH_DEPARTMENT).get("/"))
    assert "7A1 Trust (7A1) Not owed" in words and "RJ1" not in words
    assert "Wales: returns are passed on to the Home Office by the Welsh Government." in words
    assert "No return is owed for October 2026." in words


def test_a_health_department_reads_who_is_missing_and_how_its_rate_went(visitor, database):
    with database.writing() as db:
        submissions.set_obligation(db, COMMAND_LINE, ["RJ1", "7A1"], OCTOBER)
    home = visitor(Role.HEALTH_DEPARTMENT).get("/")
    words = said(home)
    assert "1 owed 0 received" in words and "7A1 Trust (7A1) Missing" in words
    assert "October 2026 1 0 0% 0 0% 0" in words
    for path in (
        "/submissions?period=2026-10",
        "/submissions/missing?period=2026-10",
        "/submissions/rates?from=2025-11",
    ):
        assert f'href="{path}' in home.text


@pytest.mark.parametrize(
    "path",
    ["/", "/organisations", "/submissions", "/submissions/grid.csv", "/submissions/missing", "/submissions/missing.csv",
     "/submissions/rates?by=organisation", "/submissions/rates.csv?by=organisation", "/organisations?nation=England"],
)  # fmt: skip
def test_whatever_a_health_department_opens_is_its_own_nations(visitor, sends, path):
    sends(row(1))
    answer = visitor(Role.HEALTH_DEPARTMENT).get(path)
    assert answer.status_code == 200
    assert "RJ1" not in answer.text and "RYJ" not in answer.text


def test_another_nations_organisation_is_not_there_for_a_health_department(visitor):
    wales = visitor(Role.HEALTH_DEPARTMENT)
    assert wales.get("/organisations/7A1").status_code == 200
    theirs, absent = wales.get("/organisations/RJ1"), wales.get("/organisations/NOPE")
    assert (theirs.status_code, theirs.content) == (404, absent.content)
    for path in ("/reports", "/reports/submission-rates", "/reports/board-pack", "/debts", "/returns"):
        assert wales.get(path).status_code == 403


def test_a_trust_reads_who_passes_its_return_on(visitor, sends):
    answer = sends(row(1))
    officer = visitor(Role.TRUST)
    body = "the Department of Health and Social Care"
    assert f"Your return is passed on to the Home Office by {body}." in said(officer.get("/"))
    assert f"Passed on by {body}" in said(officer.get(f"/returns/{answer.json()['id']}/receipt"))
    assert f"Returns passed on by {body}" in said(officer.get("/organisations/RJ1"))


def test_an_unknown_nation_breaks_no_page(visitor, sends, database):
    answer = sends(row(1))
    with database.writing() as db:
        one = organisations.organisation(db, "RJ1")
        assert one is not None
        one.nation = "Atlantis"
        db.add(one)
    officer, team = visitor(Role.TRUST), visitor(Role.DEBTORS_TEAM)
    assert "is passed on" not in said(officer.get("/"))
    assert "Passed on by" not in said(officer.get(f"/returns/{answer.json()['id']}/receipt"))
    assert "Returns passed on by Not recorded" in said(team.get("/organisations/RJ1"))
    for path in (
        "/organisations",
        "/submissions",
        "/submissions/rates",
        "/reports/submission-rates",
        "/reports/board-pack",
    ):
        assert team.get(path).status_code == 200


def test_an_auditor_finds_the_audit_and_what_was_refused(visitor):
    home = visitor(Role.AUDITOR).get("/").text
    assert 'href="/audit"' in home and 'href="/audit?outcome=refused"' in home


def test_an_officer_at_the_border_finds_the_way_to_a_check_and_to_nothing_else(visitor):
    home = visitor(Role.BORDER).get("/")
    assert 'href="/status-checks"' in home.text
    assert 'href="/debts"' not in home.text and 'href="/organisations' not in home.text


def test_a_trust_is_told_that_nobody_answers_for_it_and_where_to_name_somebody(visitor):
    home = visitor(Role.TRUST).get("/")
    assert "Nobody is named, so an officer at the border cannot ask you Name a contact" in said(home)
    assert 'href="/organisations/RJ1/contacts"' in home.text


def test_an_administrator_reads_whether_files_are_looked_through_for_viruses(visitor, monkeypatch):
    admin = visitor(Role.ADMIN)
    assert "Virus scanner Off: files are taken without looking for viruses." in said(admin.get("/"))
    monkeypatch.setenv("DEBTOR_RETURNS_VIRUS_SCANNER", "tcp://clamd.example:3310")
    get_settings.cache_clear()
    assert "Virus scanner On: every file that people send is looked through first" in said(admin.get("/"))
