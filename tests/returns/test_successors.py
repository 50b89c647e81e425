"""After a merger the successor sees and reports its predecessors' debts (docs/promises.md, Successors)."""

from datetime import date

import pytest
from sqlmodel import update

from app.debts.models import Debt
from app.organisations.models import Organisation
from tests.returns.conftest import MakeTrust, Trust, row


@pytest.fixture
def merged(hospital: MakeTrust) -> tuple[Trust, Trust]:
    """RYJ was taken over by RJ1; each has one debt, and RJ1's officer now answers for both."""
    old, new = hospital("RYJ"), hospital("RJ1", "RYJ")
    old.send([row("1")], on="2026-11-01")
    new.send([row("2")], on="2026-11-01")
    with hospital.database.writing() as db:
        takes_over = update(Organisation).where(Organisation.code == "RYJ")
        db.execute(takes_over.values(successor_code="RJ1", successor_from=date(2026, 11, 10)))
    return old, new


def test_the_successor_changes_a_debt_of_its_predecessor_which_keeps_its_origin(merged):
    _, new = merged
    got = new.send([row("1", amount_outstanding="700.00")], period="2026-11").return_
    assert (got.changed, new.debt("1").organisation_code, new.debt("1").amount_outstanding) == (1, "RYJ", 70000)


def test_a_number_at_both_organisations_is_sent_back_naming_both(merged):
    old, new = merged
    with old.database.writing() as db:
        db.execute(update(Debt).where(Debt.invoice_number == "1").values(invoice_number="2", invoice_fold="2"))
    got = new.send([row("2", amount_outstanding="700.00")], period="2026-11").return_
    assert "R24" in new.codes(got)


def test_a_doubt_about_a_number_at_both_organisations_holds_both_debts(merged):
    old, new = merged
    with old.database.writing() as db:
        db.execute(update(Debt).where(Debt.invoice_number == "1").values(invoice_number="2", invoice_fold="2"))
    got = new.send([row("2", patient_informed="No")], period="2026-11").return_
    assert new.results(got) == {2: ("rejected", ["R18", "R24"])}
    assert [(debt.organisation_code, debt.held) for debt in new.debts()] == [("RYJ", True), ("RJ1", True)]


def test_a_late_return_of_the_predecessor_speaks_of_the_successors_debt_too(merged):
    _, new = merged
    late = Trust(new.database, "RYJ", new.officer)
    got = late.send([row("2", amount_outstanding="700.00")], period="2026-10", on="2026-11-22").return_
    assert (got.organisation_code, got.changed, len(new.debts())) == ("RYJ", 1, 2)


def test_not_confirmed_counts_the_predecessors_debts_too(merged):
    _, new = merged
    assert new.send([row("2")], period="2026-11").return_.not_confirmed == 1


def test_a_template_that_lists_a_number_twice_confirms_both_debts_when_it_comes_back_untouched(merged):
    _, new = merged
    with new.database.writing() as db:
        db.execute(update(Debt).where(Debt.invoice_number == "1").values(invoice_number="2", invoice_fold="2"))
    got = new.send(new.template("2026-11", on="2026-11-20"), period="2026-11").return_
    assert new.results(got) == {2: ("unchanged", []), 3: ("unchanged", [])}
    assert (got.confirmed, got.not_confirmed) == (2, 0)
