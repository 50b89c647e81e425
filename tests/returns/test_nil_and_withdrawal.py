"""Nil returns, and taking a return back."""

import pytest

from app.core.errors import Conflict
from tests.returns.conftest import Trust, csv_of, row

REPAID = {"status": "Debt repaid", "amount_outstanding": "0", "status_date": "03/11/2026"}


def test_a_nil_return_repeated_is_the_same_nil_return(rj1: Trust):
    first, again = rj1.nil(), rj1.nil()
    assert (first.created, again.created, again.return_.id) == (True, False, first.return_.id)


def test_a_real_return_takes_the_place_of_a_nil_and_makes_a_later_nil_impossible(rj1: Trust):
    nil = rj1.nil(on="2026-11-05").return_
    real = rj1.send([row("1")], on="2026-11-22").return_
    with rj1.database.reading() as db:
        assert db.get(type(nil), nil.id).superseded_by == real.id
    with pytest.raises(Conflict):
        rj1.nil()


def test_a_wholly_rejected_return_leaves_the_nil_standing(rj1: Trust):
    nil = rj1.nil().return_
    rj1.send([row("1", nationality="France")])
    with rj1.database.reading() as db:
        assert db.get(type(nil), nil.id).lifecycle == "submitted"
    assert not rj1.nil().created


def test_the_nil_stands_again_when_the_real_return_is_withdrawn(rj1: Trust):
    nil = rj1.nil().return_
    rj1.withdraw(rj1.send([row("1")]).return_)
    with rj1.database.reading() as db:
        assert (db.get(type(nil), nil.id).lifecycle, db.get(type(nil), nil.id).superseded_by) == ("submitted", None)


def test_a_nil_sent_before_the_months_end_counts_only_when_sent_again(rj1: Trust):
    early = rj1.nil("2026-11", on="2026-11-22")
    again = rj1.nil("2026-11", on="2026-11-30")
    assert (early.return_.qualifies, again.created, again.return_.qualifies) == (False, True, True)


def test_a_file_sent_before_the_months_end_counts_only_when_sent_again(rj1: Trust):
    early = rj1.send([row("1")], period="2026-11", on="2026-11-22")
    again = rj1.send([row("1")], period="2026-11", on="2026-11-30")
    assert (early.return_.qualifies, again.created, again.return_.qualifies) == (False, True, True)
    assert len(rj1.debts()) == 1


def test_withdrawing_a_return_withdraws_the_debts_it_reported_first(rj1: Trust):
    got = rj1.withdraw(rj1.send([row("1"), row("2")]).return_)
    assert (got.undone, got.left) == (2, [])
    assert {(debt.status, debt.withdrawal_reason) for debt in rj1.debts()} == {("withdrawn", "raised_in_error")}


def test_an_invoice_of_a_withdrawn_return_may_be_reported_anew(rj1: Trust):
    rj1.withdraw(rj1.send([row("1")]).return_)
    assert rj1.send([row("1")]).return_.new == 1


def test_withdrawing_puts_back_status_and_particulars_as_they_were(rj1: Trust):
    rj1.send([row("1")], period="2026-10")
    later = rj1.send([row("1", **REPAID, uk_address="9 Other Street")], period="2026-11").return_
    rj1.withdraw(later)
    debt = rj1.debt("1")
    assert (debt.status, debt.amount_outstanding, debt.uk_address) == ("outstanding", 255000, CLEAN_ADDRESS)


CLEAN_ADDRESS = "1 Example Street, London"


def test_what_something_later_rests_on_is_left_and_listed(rj1: Trust):
    first = rj1.send([row("1"), row("2")], period="2026-10").return_
    rj1.send([row("1", **REPAID)], period="2026-11")
    got = rj1.withdraw(first)
    assert (got.undone, [left["invoice_number"] for left in got.left]) == (1, ["1"])
    assert (rj1.debt("1").status, rj1.debt("2").status) == ("repaid", "withdrawn")


def test_nothing_rests_on_a_return_whose_later_changes_were_themselves_withdrawn(rj1: Trust):
    first = rj1.send([row("1")], period="2026-10").return_
    later = rj1.send([row("1", **REPAID)], period="2026-11").return_
    rj1.withdraw(later)
    assert rj1.withdraw(first).left == []
    assert rj1.debt("1").status == "withdrawn"


def test_open_rows_of_a_withdrawn_return_close_and_those_it_closed_open_again(rj1: Trust):
    rj1.send([row("1", date_of_birth="")], period="2026-10")
    mended = rj1.send(csv_of([row("1"), row("2", date_of_birth="")]), period="2026-11").return_
    rj1.withdraw(mended)
    assert [open_.invoice_number for open_ in rj1.open_rows()] == ["1"]


def test_a_return_can_be_withdrawn_once(rj1: Trust):
    sent = rj1.send([row("1")]).return_
    rj1.withdraw(sent)
    with pytest.raises(Conflict):
        rj1.withdraw(sent)
