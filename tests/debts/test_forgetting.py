"""Debtors whose debts were purged: nothing speaks of them any more, and nobody else is parted by it."""

from datetime import date

from sqlalchemy import delete
from sqlmodel import Session, select

from app.accounts.access import Actor
from app.debts import joins
from app.debts.comparing import compare_waiting
from app.debts.forgetting import forget
from app.debts.match_models import DebtorJoin, LikenessKey, Match
from app.debts.matches import State
from app.debts.models import Debt, DebtEvent, Debtor
from tests.debts.test_joins import NAMELESS, amend, decide, person_of
from tests.returns.conftest import Trust, row


def purge(db: Session, *debts: Debt) -> int:
    for debt in debts:
        db.exec(delete(DebtEvent).where(DebtEvent.debt_id == debt.id))  # type: ignore[call-overload,arg-type]
        db.exec(delete(Debt).where(Debt.id == debt.id))  # type: ignore[call-overload,arg-type]
    return forget(db, {debt.debtor_id for debt in debts})


def test_a_purged_person_leaves_no_key_match_or_join(rj1: Trust, team: Actor):
    rj1.send([row("1"), row("2"), row("3")])
    compare_waiting(rj1.database)
    decide(rj1, team, ("1", "2"), State.SAME)
    decide(rj1, team, ("2", "3"), State.DIFFERENT)
    with rj1.database.writing() as db:
        assert purge(db, rj1.debt("1"), rj1.debt("2")) == 2
        left = rj1.debt("3").debtor_id
        assert db.exec(select(Debtor.id)).all() == [left]
        assert set(db.exec(select(LikenessKey.debtor_id))) == {left}
        assert [*db.exec(select(Match)), *db.exec(select(DebtorJoin))] == []


def test_two_whom_a_purged_debtor_holds_together_stay_one_person(rj1: Trust, team: Actor):
    rj1.send([row("1"), row("2"), row("3")])
    decide(rj1, team, ("1", "2"), State.SAME)
    decide(rj1, team, ("2", "3"), State.SAME)
    with rj1.database.writing() as db:
        assert purge(db, rj1.debt("2")) == 0
        one, other = rj1.debt("1").debtor_id, rj1.debt("3").debtor_id
        assert joins.roots(db, [one, other]) == {one: one, other: one}


def test_whoever_is_corrected_to_somebody_else_hangs_by_no_purged_debtor_any_more(rj1: Trust, team: Actor):
    """Three are one person through the first, which is purged; of the others nobody is parted by that."""
    passport = {"passport_number": "P1111111"}
    for number, given, more in (("1", "Ada", NAMELESS), ("2", "Bea", passport), ("4", "Cleo", NAMELESS),
                                ("3", "Ada", passport), ("5", "Cleo", passport)):  # fmt: skip
        rj1.send([row(number, **more | {"given_names": given})])
    with rj1.database.writing() as db:
        purge(db, *map(rj1.debt, "135"))
    assert person_of(rj1, "4") == person_of(rj1, "2")
    amend(rj1, "4", uk_address="2 Example Street, London")
    assert person_of(rj1, "4") == person_of(rj1, "2"), "an address says nothing of who it is"
    amend(rj1, "4", date_of_birth=date(1950, 5, 5))
    assert person_of(rj1, "4") != person_of(rj1, "2")
    amend(rj1, "2", date_of_birth=date(1960, 6, 6))
    with rj1.database.reading() as db:
        assert set(db.exec(select(Debtor.id))) == {rj1.debt("2").debtor_id, rj1.debt("4").debtor_id}


def test_a_missing_passport_number_joins_by_itself_whom_a_purged_debtor_held_together(rj1: Trust, team: Actor):
    rj1.send([row("1", **NAMELESS)])
    rj1.send([row("2", given_names="Bea", passport_number="P1111111")])
    rj1.send([row("4", given_names="Cleo", passport_number="")])
    for number, given in (("3", "Ada"), ("5", "Cleo")):
        rj1.send([row(number, given_names=given, passport_number="P1111111")])
    with rj1.database.writing() as db:
        purge(db, *map(rj1.debt, "135"))
    amend(rj1, "4", passport_number="P1111111")
    assert person_of(rj1, "4") == person_of(rj1, "2")
