"""What the register adds up to is kept as it changes, whoever changes it, and folding the lines of it changes nothing."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.core.db import Database
from app.debts import queries, sums
from app.debts.filters import DebtFilter
from app.debts.queries import Sort
from app.debts.sums import Sum
from tests.debts.conftest import team
from tests.returns.conftest import MakeTrust, Trust, at, hospital, rj1, row

__all__ = ["hospital", "rj1", "team"]

THREE = [
    row(number, amount_outstanding=pounds) for number, pounds in (("1", "700.00"), ("2", "800.00"), ("3", "900.00"))
]


@pytest.fixture
def three(rj1: Trust) -> Trust:
    rj1.send(THREE)
    return rj1


def lines(db: Session) -> int:
    return int(db.connection().execute(text("SELECT count(*) FROM sums_of_debts")).scalar_one())


@pytest.mark.parametrize("line", ["'RJ1', 'outstanding', false, 1, 500", "'RJ1', 'repaid', true, 0, 500"])
def test_a_sum_that_somebody_wrote_past_the_triggers_is_told_once(three: Trust, line: str):
    with three.database.writing() as db:
        columns = "organisation_code, status, held, number, pence"
        db.connection().exec_driver_sql(f"INSERT INTO sums_of_debts ({columns}) VALUES ({line})")
    with three.database.reading() as db:
        assert sums.differing(db) == 1


def said(database: Database) -> dict[str, Sum]:
    with database.reading() as db:
        assert sums.differing(db) == 0
        return sums.of_register(db)


def test_a_return_leaves_one_line_for_each_status(three: Trust):
    with three.database.reading() as db:
        assert lines(db) == 1
    assert said(three.database) == {"outstanding": Sum(3, 240_000)}


def test_every_change_is_kept_and_folding_changes_nothing(three: Trust):
    three.send([row("1", status="Debt repaid", amount_outstanding="0.00", status_date="20/11/2026")])
    with three.database.writing() as db:
        db.connection().execute(text("UPDATE debts SET amount_outstanding = 1 WHERE invoice_number = '2'"))
        db.connection().execute(text("UPDATE debts SET held = true WHERE invoice_number = '2'"))
        db.connection().execute(text("UPDATE debts SET site = 'Elsewhere'"))  # says nothing of sums
        before = lines(db)
    kept = said(three.database)
    assert kept == {"outstanding": Sum(2, 90_001), "repaid": Sum(1, 0)} and before == 6
    with three.database.writing() as db:
        sums.fold(db, ["RJ1"])
        assert lines(db) == 3 and sums.of_register(db, held=True) == {"outstanding": Sum(1, 1)}
    assert said(three.database) == kept


def test_what_is_deleted_or_made_anew_is_added_up_anew(three: Trust):
    with three.database.writing() as db:
        connection = db.connection()
        connection.execute(
            text("DELETE FROM debt_events WHERE debt_id IN (SELECT id FROM debts WHERE invoice_number = '3')")
        )
        connection.execute(text("DELETE FROM debts WHERE invoice_number = '3'"))
        found = sums.of_register(db)
        sums.rebuild(connection)
        assert found == sums.of_register(db) == {"outstanding": Sum(2, 150_000)} and lines(db) == 1


def test_the_sums_of_a_region_and_of_an_organisation_are_its_own(three: Trust, hospital: MakeTrust):
    hospital("RJ7").send([row("9", amount_outstanding="600.00")])
    with three.database.reading() as db:
        assert sums.of_register(db, ["RJ1"]) == {"outstanding": Sum(3, 240_000)}
        assert sums.of_register(db, region="Nowhere") == {}
        assert sums.of_register(db)["outstanding"] == Sum(4, 300_000)


def test_the_team_is_told_the_kept_sums_and_a_large_register_is_not_gone_through(three, team, monkeypatch):
    def listing(**wanted: object) -> queries.Listing:
        with at("2026-11-22"), three.database.reading() as db:
            return queries.listing(db, team, DebtFilter(**wanted), Sort.AMOUNT, 1)  # type: ignore[arg-type]

    usual = [listing(), listing(min_amount=1), listing(held=False, statuses=("outstanding",)), listing(status="repaid")]
    assert [one.totals.count if one.totals else None for one in usual] == [3, 3, 3, 0]
    monkeypatch.setattr(queries, "MOST_ADDED_UP", 2)
    assert listing(min_amount=80_000).totals == queries.Totals(2, 170_000, {"outstanding": Sum(2, 170_000)})
    monkeypatch.setattr(queries, "MOST_COUNTED", 1)
    assert listing(status="outstanding").totals == usual[0].totals
    cut = listing(min_amount=80_000)
    assert cut.totals is None and cut.page.total == 1
    assert [debt.invoice_number for debt in cut.page.items] == ["3"]
