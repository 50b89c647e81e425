"""Debtors whose debts were purged: nothing speaks of them any more, and nobody else is parted by it."""

from sqlalchemy import delete
from sqlmodel import Session, select

from app.accounts.access import Actor
from app.debts import joins
from app.debts.comparing import compare_waiting
from app.debts.forgetting import forget
from app.debts.match_models import DebtorJoin, LikenessKey, Match
from app.debts.matches import State
from app.debts.models import Debt, DebtEvent, Debtor
from tests.debts.test_joins import decide
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
