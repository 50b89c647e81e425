"""A debtor as those see who may look across organisations: one person's debts everywhere, and what they owe together."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.errors import NotFound
from app.debts.models import Debt, Debtor
from app.return_template.choices import OPEN_STATUSES


@dataclass(frozen=True)
class DebtorView:
    """`outstanding` is in pence, over the debts that are open; `organisations` are codes. Oldest invoice first."""

    id: str
    debts: Sequence[Debt]
    outstanding: int
    organisations: Sequence[str]


def debtor(db: Session, actor: Actor, debtor_id: str) -> DebtorView:
    """One debtor; the id of one who was joined into an older answers with the older. Raises NotFound (404).

    Whoever may look only at some organisations would learn here of debts elsewhere, so they find nothing.
    """
    everywhere = actor.may(Permission.DEBTOR_READ) and actor.scope(Permission.DEBTOR_READ) is None
    found = db.get(Debtor, debtor_id) if everywhere else None
    while found is not None and found.joined_into is not None:
        found = db.get(Debtor, found.joined_into)
    if found is None:
        raise NotFound
    query = select(Debt).where(col(Debt.debtor_id) == found.id).order_by(col(Debt.invoice_date), col(Debt.id))
    debts = db.execute(query).scalars().all()
    outstanding = sum(debt.amount_outstanding for debt in debts if debt.status in OPEN_STATUSES)
    return DebtorView(found.id, debts, outstanding, sorted({debt.organisation_code for debt in debts}))
