"""Joins between debtors: made and parted, each remembered, so that parting gives back exactly what was."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from app.core.db import among
from app.debts.match_models import DebtorJoin
from app.debts.models import Debtor
from app.debts.rules.persons import settled

SERVICE = "service"


class Kind(StrEnum):
    """What a join rests on."""

    EXACT = "exact"
    DECIDED = "decided"


def roots(db: Session, debtor_ids: Collection[str]) -> dict[str, str]:
    """For each of these debtors the oldest of its person: the id by which others know them."""
    if not debtor_ids:
        return {}
    query = select(col(Debtor.id), col(Debtor.root_id)).where(among(db, col(Debtor.id), debtor_ids))
    return {debtor_id: root_id for debtor_id, root_id in db.execute(query)}


def persons(db: Session, debtor_ids: Collection[str]) -> dict[str, list[str]]:
    """For each root of these debtors all who are joined with it, itself included."""
    found = sorted(set(roots(db, debtor_ids).values()))
    members: dict[str, list[str]] = {root: [] for root in found}
    query = select(col(Debtor.root_id), col(Debtor.id)).where(among(db, col(Debtor.root_id), found))
    for root_id, debtor_id in db.execute(query.order_by(col(Debtor.id))):
        members[root_id].append(debtor_id)
    return members


def standing(db: Session, debtor_ids: Collection[str]) -> Sequence[DebtorJoin]:
    """The joins of these debtors that are not parted, the oldest first."""
    either = among(db, col(DebtorJoin.older_id), debtor_ids) | among(db, col(DebtorJoin.younger_id), debtor_ids)
    query = select(DebtorJoin).where(either, col(DebtorJoin.parted_at).is_(None)).order_by(col(DebtorJoin.id))
    return db.execute(query).scalars().all()


def join(db: Session, one: str, other: str, kind: Kind, by: str, now: datetime) -> None:
    """Holds two debtors to be one person. The caller has its turn at the register."""
    older, younger = sorted((one, other))
    db.add(DebtorJoin(older_id=older, younger_id=younger, kind=kind, made_by=by, made_at=now))
    db.flush()
    _settle(db, (older, younger))


def part(db: Session, found: Iterable[DebtorJoin], by: str, now: datetime) -> None:
    """Ends these joins. Who hung together by nothing else is apart again, each under its own id."""
    ended = list(found)
    for one in ended:
        one.parted_by, one.parted_at = by, now
        db.add(one)
    db.flush()
    _settle(db, {debtor_id for one in ended for debtor_id in (one.older_id, one.younger_id)})


def _settle(db: Session, debtor_ids: Collection[str]) -> None:
    """Writes down who hangs together with these debtors now."""
    query = select(Debtor).where(among(db, col(Debtor.root_id), set(roots(db, debtor_ids).values())))
    members = db.execute(query, execution_options={"populate_existing": True}).scalars().all()
    edges = [(one.older_id, one.younger_id) for one in standing(db, [debtor.id for debtor in members])]
    found = settled((debtor.id for debtor in members), edges)
    for debtor in members:
        debtor.root_id, debtor.joined_into = found[debtor.id]
        db.add(debtor)
    db.flush()
