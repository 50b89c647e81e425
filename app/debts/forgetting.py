"""Debtors without debts: a grouping of nothing is kept by nobody. The one place that deletes debtors and what joins them."""

from collections.abc import Collection

from sqlalchemy import delete, select
from sqlmodel import Session, col

from app.core.db import among
from app.debts.models import Debt, Debtor


def forget_debtors(db: Session, debtor_ids: Collection[str]) -> None:
    """Deletes those of these debtors whose whole person, all who were joined, has no debt in the register any more."""
    people = _with_all_joined(db, debtor_ids)
    having = select(col(Debt.debtor_id)).where(among(db, col(Debt.debtor_id), people))
    people -= _with_all_joined(db, db.execute(having).scalars().all())
    if people:
        db.connection().execute(delete(Debtor).where(among(db, col(Debtor.id), people)))


def _with_all_joined(db: Session, debtor_ids: Collection[str]) -> set[str]:
    """These debtors, those into whom they were joined, and those who were joined into any of them."""
    found, fresh = set[str](), set(debtor_ids)
    while fresh:
        found |= fresh
        near = (
            select(col(Debtor.joined_into)).where(
                among(db, col(Debtor.id), fresh), col(Debtor.joined_into).is_not(None)
            ),
            select(col(Debtor.id)).where(among(db, col(Debtor.joined_into), fresh)),
        )
        fresh = {id_ for query in near for id_ in db.execute(query).scalars() if id_ is not None} - found
    return found
