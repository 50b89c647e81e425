"""Debts are found by a folded form of their number, whichever version of the service put it there."""

from sqlmodel import select

from app.core import migrating
from app.debts.models import Debt
from tests.returns.conftest import Trust, row

BEFORE = "2026_11_29_api7"


def folds(rj1: Trust) -> dict[str, str]:
    with rj1.database.reading() as db:
        return dict(db.exec(select(Debt.invoice_number, Debt.invoice_fold)).all())


def test_debts_reported_before_numbers_were_folded_so_far_are_found_and_draw_the_question(rj1: Trust):
    numbers = ["00099004", "INV-1", "\u0410-77"]
    rj1.send([row(number, passport_number="") for number in numbers], on="2026-11-01")
    now = folds(rj1)
    migrating.downgrade(rj1.database, BEFORE)
    assert folds(rj1) == {"00099004": "00099004", "INV-1": "inv1", "\u0410-77": "\u043077"}
    migrating.upgrade(rj1.database)
    assert folds(rj1) == now == {"00099004": "99004", "INV-1": "inv1", "\u0410-77": "a77"}
    again = rj1.send([row(number, passport_number="") for number in (*numbers, "99004", "A77")], period="2026-11")
    assert [result for result, _ in rj1.results(again.return_).values()] == ["unchanged"] * 3 + ["new"] * 2
    assert [codes for _, codes in rj1.results(again.return_).values()][3:] == [["W08"], ["W08"]]
