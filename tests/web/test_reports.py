"""Reports as pages: who sees which figures, and that every report opens, full and empty, and can be taken out."""

import pytest

from app.accounts.permissions import Role
from app.reports.catalogue import REPORTS
from tests.web.conftest import row, said, workbook

READERS = (Role.TRUST, Role.DEBTORS_TEAM, Role.LPM, Role.BOARD, Role.AUDITOR)


@pytest.fixture
def filled(visitor):
    """One return of RJ1 with three people."""
    officer = visitor(Role.TRUST, "RJ1")
    data = workbook(*(row(number) for number in range(1, 4)))
    address = "/returns/upload?organisation=RJ1&period=2026-10"
    checked = officer.post(address, {"declaration": "true"}, files={"file": ("october.xlsx", data)})
    assert officer.post(checked.headers["location"]).status_code == 303
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


def test_the_register_is_told_by_status_age_movement_and_recovery(filled):
    team = filled(Role.DEBTORS_TEAM)
    for slug, words in (
        ("debt-by-status", "All open debts 3 3 £7,501.50 100%"),
        ("ageing", "All 3 3 £7,501.50 100%"),
        ("movements", "All £0.00 £7,501.50 £0.00 £0.00 £0.00 £0.00 £0.00 £7,501.50 £0.00 £0.00"),
        ("recovery", "RJ1 Trust 3 3 £7,501.50 0 £0.00 0%"),
    ):
        assert words in said(team.get(f"/reports/{slug}?period=2026-11")), slug


def test_another_trust_is_not_told_of_it(filled):
    other = filled(Role.TRUST, "RYJ")
    for report in REPORTS:
        answer = other.get(f"/reports/{report.slug}?period=2026-11")
        assert "RJ1" not in answer.text and "7,501" not in answer.text
