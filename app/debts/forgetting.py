"""Takes debtors whose debts are gone out of everything that speaks of them: keys, matches, joins."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.core.db import among
from app.debts import joins
from app.debts.match_models import DebtorJoin, LikenessKey, Match
from app.debts.models import Debt, Debtor


def forget(db: Session, debtor_ids: Collection[str]) -> int:
    """For purging: call it once debts are deleted, with their debtors, in one's turn at the register. Gives how many
    debtors were deleted.

    A debtor without debts keeps its id while others of its person have debts: through it they may hang together.
    """
    persons = joins.persons(db, debtor_ids)
    members = {each for person in persons.values() for each in person}
    query = select(col(Debt.debtor_id)).where(among(db, col(Debt.debtor_id), members))
    owing = set(db.execute(query).scalars())
    empty = members - owing
    gone = {each for person in persons.values() if owing.isdisjoint(person) for each in person}
    db.execute(delete(LikenessKey).where(among(db, col(LikenessKey.debtor_id), empty)))
    either = among(db, col(Match.older_id), empty) | among(db, col(Match.younger_id), empty)
    db.execute(delete(Match).where(either, col(Match.state).in_(("open", "unsure"))))
    for table in (Match, DebtorJoin):
        db.execute(delete(table).where(among(db, col(table.older_id), gone) | among(db, col(table.younger_id), gone)))
    db.execute(delete(Debtor).where(among(db, col(Debtor.id), gone)))
    return len(gone)
