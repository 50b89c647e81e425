"""Where an imported debt comes from, as its trust and the Debtors Team read it."""

from datetime import date

import pytest

from app.accounts.permissions import Role
from tests.old_register.conftest import Office, line
from tests.web.conftest import app, browser, said, visitor

__all__ = ["app", "browser", "visitor"]
WORDS = "Imported register IMP-2026-11-01, row 3"


@pytest.fixture
def debt_id(app, database) -> str:
    office = Office(database)
    office.load([line("1", status="Payment plan")])
    return office.debt("1").id


def test_the_page_of_a_debt_says_that_it_was_imported(debt_id, visitor):
    for role in (Role.TRUST, Role.DEBTORS_TEAM):
        page = said(visitor(role).get(f"/debts/{debt_id}"))
        assert f"{WORDS}: the register before this service, as it stood on 31 October 2026." in page
        assert "Stood in the register before this service as Repayment arrangement" in page
        assert f"command line, {WORDS}" in page


def test_so_does_the_api(debt_id, visitor):
    debt = visitor(Role.TRUST).get(f"/api/v1/debts/{debt_id}").json()
    assert debt["provenance"] == {
        "return_reference": None, "return_id": None, "row": 3, "import_reference": "IMP-2026-11-01"
    }  # fmt: skip
    assert debt["history"][0]["source"] == WORDS
    assert date.fromisoformat(debt["history"][0]["effective_on"]) == date(2026, 10, 31)
    assert (debt["first_reported"], debt["last_confirmed"]) == ("2024-09-01", "2026-10-31")
