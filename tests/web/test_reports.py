"""Reports as pages: who sees which figures, and that every report opens, full and empty, and can be taken out."""

import pytest

from app.accounts.permissions import Role
from app.reports.catalogue import REPORTS
from app.settings import get_settings
from tests.web.conftest import row, said, workbook

READERS = (Role.TRUST, Role.DEBTORS_TEAM, Role.LPM, Role.BOARD, Role.AUDITOR)


@pytest.fixture
def filled(visitor, monkeypatch):
    """One return of RJ1 with three people, sent in October."""
    monkeypatch.setenv("DEBTOR_RETURNS_TODAY", "2026-10-28")
    get_settings.cache_clear()
    officer = visitor(Role.TRUST, "RJ1")
    data = workbook(*(row(number) for number in range(1, 4)))
    checked = officer.post(
        "/returns/upload?organisation=RJ1&period=2026-09",
        {"declaration": "true"},
        files={"file": ("september.xlsx", data)},
    )
    assert officer.post(checked.headers["location"]).status_code == 303
    monkeypatch.setenv("DEBTOR_RETURNS_TODAY", "2026-11-22")
    get_settings.cache_clear()
    return visitor


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.slug)
def test_every_report_opens_for_everybody_who_reads_reports_when_nothing_is_in_the_register(visitor, report):
    for role in READERS:
        person = visitor(role, "RJ1" if role in {Role.TRUST, Role.LPM} else None)
        assert person.get("/reports").status_code == 200
        answer = person.get(f"/reports/{report.slug}")
        assert answer.status_code == 200 and report.title in said(answer)
        assert person.get(f"/reports/{report.slug}.csv").status_code == 200
        assert person.get(f"/reports/{report.slug}.xlsx").content[:2] == b"PK"


def test_a_report_that_does_not_exist_is_not_there(visitor):
    for path in ("/reports/nothing", "/reports/nothing.csv", "/reports/nothing.xlsx"):
        assert visitor(Role.DEBTORS_TEAM).get(path).status_code == 404


def test_months_that_cannot_be_looked_back_on_are_told(visitor):
    for query in ("months=7", "period=2027-05", "period=nonsense"):
        assert visitor(Role.DEBTORS_TEAM).get(f"/reports/concentration?{query}").status_code == 422
    assert visitor(Role.BOARD).get("/reports/concentration?months=3").status_code == 422
    assert visitor(Role.BOARD).get("/reports/concentration?period=2026-11").status_code == 422
    assert visitor(Role.DEBTORS_TEAM).get("/reports/concentration?period=2026-11").status_code == 200


def test_a_place_that_there_is_not_is_told_instead_of_an_empty_report(visitor):
    for query in ("nation=Narnia", "region=Narnia", "region=%00", "nation=england"):
        answer = visitor(Role.DEBTORS_TEAM).get(f"/reports/ageing?{query}")
        assert answer.status_code == 422 and "Choose one: " in said(answer), query


def test_a_csv_says_what_it_is_before_its_tables(filled):
    text = filled(Role.DEBTORS_TEAM).get("/reports/ageing.csv?period=2026-10&months=3&region=London").text
    lines = text.lstrip("\ufeff").splitlines()
    assert lines[0] == "Report,The age of debts"
    assert {"Months,August 2026 to October 2026", "Region,London"} <= set(lines)


def test_a_board_is_offered_places_only_where_it_may_ask_for_them(visitor):
    board = visitor(Role.BOARD)
    assert 'name="nation"' in board.get("/reports/submission-rates").text
    assert 'name="nation"' not in board.get("/reports/ageing").text
    assert "no figures about people" in said(board.get("/reports/submission-rates?nation=Wales"))
    assert board.get("/reports/ageing?nation=Wales").status_code == 422
    assert visitor(Role.DEBTORS_TEAM).get("/reports/ageing?nation=Wales").status_code == 200


@pytest.mark.parametrize("role", [Role.BOARD, Role.DEBTORS_TEAM, Role.LPM, Role.AUDITOR])
def test_the_board_pack_is_protected_for_whoever_opens_it_and_names_no_trust_that_sends(filled, role):
    person = filled(role, "RJ1" if role is Role.LPM else None)
    pack = person.get("/reports/board-pack?period=2026-10")
    words = said(pack)
    assert "Board pack for October 2026" in words and "Figures about fewer than 5 people are not shown" in words
    assert "2,500.50" not in pack.text and "7,501.50" not in pack.text and "Okonkwo" not in pack.text
    for heading in ("Returns by month", "Movements in October 2026", "Disputes by month", "What the figures mean"):
        assert heading in words
    assert "/reports/board-pack" in person.get("/reports").text


def test_the_debtors_team_reads_exactly_in_a_report_what_the_pack_hides(filled):
    team = filled(Role.DEBTORS_TEAM)
    assert "RJ1 Trust 3 3 £7,501.50 100%" in said(team.get("/reports/concentration"))
    protected = said(filled(Role.BOARD).get("/reports/concentration"))
    assert "RJ1 Trust fewer than 5 not shown not shown not shown" in protected and "£7,501.50" not in protected


def test_a_trust_has_no_board_pack_and_a_month_that_goes_on_has_none(visitor):
    trust = visitor(Role.TRUST, "RJ1")
    assert trust.get("/reports/board-pack").status_code == 404
    assert "/reports/board-pack" not in trust.get("/reports").text
    assert visitor(Role.BOARD).get("/reports/board-pack?period=2026-11").status_code == 422
    assert visitor(Role.BOARD).get("/reports/board-pack?period=nonsense").status_code == 422


def test_what_a_board_takes_out_as_a_file_is_what_the_page_shows(filled):
    board = filled(Role.BOARD)
    for report in REPORTS:
        text = board.get(f"/reports/{report.slug}.csv").text
        assert "2500.5" not in text and "7501.5" not in text and "7501" not in text


def test_the_register_is_told_by_status_age_movement_and_recovery(filled):
    team = filled(Role.DEBTORS_TEAM)
    for slug, words in (
        ("debt-by-status", "All open debts 3 3 £7,501.50 100%"),
        ("ageing", "All 3 3 £7,501.50 100%"),
        ("movements", "All £0.00 £7,501.50 £0.00 £0.00 £0.00 £0.00 £0.00 £7,501.50 £0.00 £0.00"),
        ("recovery", "RJ1 Trust 3 3 £7,501.50 0 £0.00 £7,501.50 0%"),
    ):
        assert words in said(team.get(f"/reports/{slug}?period=2026-11")), slug


def test_another_trust_is_not_told_of_it(filled):
    other = filled(Role.TRUST, "RYJ")
    for report in REPORTS:
        answer = other.get(f"/reports/{report.slug}?period=2026-11")
        assert "RJ1" not in answer.text and "7,501" not in answer.text
