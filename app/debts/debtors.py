"""A debtor as those see who may look across organisations: one person's debts everywhere, and what they owe together."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.db import among
from app.core.errors import NotFound
from app.debts import joins
from app.debts.match_models import Match
from app.debts.models import Debt, Debtor
from app.return_template.choices import OPEN_STATUSES


@dataclass(frozen=True)
class JoinView:
    """One join that a person rests on. `by` is a user's id; `match_id` leads to where it can be decided otherwise."""

    kind: joins.Kind
    by: str
    at: datetime
    match_id: str | None


@dataclass(frozen=True)
class DebtorView:
    """`outstanding` is in pence, over the debts that are open; `organisations` are codes. Oldest invoice first.

    `members` are the ids of all debtors who are held to be this person, its own first.
    """

    id: str
    debts: Sequence[Debt]
    outstanding: int
    organisations: Sequence[str]
    members: Sequence[str]
    joins: Sequence[JoinView]


def debtor(db: Session, actor: Actor, debtor_id: str) -> DebtorView:
    """One person; whoever was joined with an older debtor answers with the older. Raises NotFound (404).

    Whoever may look only at some organisations would learn here of debts elsewhere, so they find nothing.
    """
    everywhere = actor.may(Permission.DEBTOR_READ) and actor.scope(Permission.DEBTOR_READ) is None
    found = db.get(Debtor, debtor_id) if everywhere else None
    if found is None:
        raise NotFound
    members = joins.persons(db, [found.id])[found.root_id]
    debts = debts_of(db, members)
    outstanding = sum(debt.amount_outstanding for debt in debts if debt.status in OPEN_STATUSES)
    codes = sorted({debt.organisation_code for debt in debts})
    return DebtorView(found.root_id, debts, outstanding, codes, members, _joins(db, members))


def debts_of(db: Session, debtor_ids: Collection[str]) -> Sequence[Debt]:
    """The debts of these debtors together, the oldest invoice first."""
    query = select(Debt).where(among(db, col(Debt.debtor_id), debtor_ids))
    return db.execute(query.order_by(col(Debt.invoice_date), col(Debt.id))).scalars().all()


def known_as(db: Session, actor: Actor, debts: Iterable[Debt]) -> dict[str, str]:
    """For each of these debts the id of its person, for those who may know it; for anybody else nothing."""
    if not (actor.may(Permission.DEBTOR_READ) and actor.scope(Permission.DEBTOR_READ) is None):
        return {}
    listed = list(debts)
    root_of = joins.roots(db, {debt.debtor_id for debt in listed})
    return {debt.id: root_of[debt.debtor_id] for debt in listed}


def _joins(db: Session, members: Collection[str]) -> list[JoinView]:
    query = select(Match).where(among(db, col(Match.older_id), members), among(db, col(Match.younger_id), members))
    matches = {(match.older_id, match.younger_id): match.id for match in db.execute(query).scalars()}
    return [
        JoinView(joins.Kind(one.kind), one.made_by, one.made_at, matches.get((one.older_id, one.younger_id)))
        for one in joins.standing(db, members)
    ]
