"""What one person owes altogether, across organisations: a filter for those who may look across them."""

from sqlalchemy import ColumnElement, ScalarSelect, func, select, union_all
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.errors import Forbidden
from app.debts.match_models import DebtorJoin
from app.debts.models import Debt, Debtor
from app.return_template.choices import OPEN_STATUSES

_OPEN = tuple(sorted(status.value for status in OPEN_STATUSES))


def allow(actor: Actor) -> None:
    """Raises Forbidden (403) for those who see only some organisations: the filter would tell of debts elsewhere."""
    if not actor.may(Permission.DEBTOR_READ) or actor.scope(Permission.DEBTOR_READ) is not None:
        raise Forbidden(
            "This filter adds up what a person owes to every organisation. Only the Debtors Team may use it."
        )


def person_owes(pence: int) -> ColumnElement[bool]:
    """Whether a debt is of a person whose open debts everywhere add up to so much: asked of one debt after the other,
    which is quick for a page or for one organisation.
    """
    return _owed_with() >= pence


def is_of_those_who_owe(pence: int) -> ColumnElement[bool]:
    """The same, adding up all persons first, which is quick for the whole register: debtors one by one from the index, and
    again the few who were joined with others.
    """
    alone = (
        select(col(Debt.debtor_id))
        .where(col(Debt.status).in_(_OPEN))
        .group_by(col(Debt.debtor_id))
        .having(func.sum(col(Debt.amount_outstanding)) >= pence)
    )
    standing = select(col(DebtorJoin.older_id)).where(col(DebtorJoin.parted_at).is_(None))
    joined = select(col(Debtor.root_id)).where(col(Debtor.id).in_(standing))
    together = (
        select(col(Debtor.root_id))
        .join(Debt, col(Debt.debtor_id) == col(Debtor.id))
        .where(col(Debtor.root_id).in_(joined), col(Debt.status).in_(_OPEN))
        .group_by(col(Debtor.root_id))
        .having(func.sum(col(Debt.amount_outstanding)) >= pence)
    )
    members = select(col(Debtor.id)).where(col(Debtor.root_id).in_(together))
    # One list, not two conditions with "or": for those PostgreSQL would go through the list anew for every debt.
    return col(Debt.debtor_id).in_(union_all(alone, members))


def _owed_with() -> ScalarSelect[int]:
    """What the person of a debt owes: on the debts of all debtors who are joined with its own."""
    other, own, joined = aliased(Debt), aliased(Debtor), aliased(Debtor)
    owed = select(func.coalesce(func.sum(col(other.amount_outstanding)), 0))
    owed = owed.select_from(own).join(joined, col(joined.root_id) == col(own.root_id))
    owed = owed.join(other, col(other.debtor_id) == col(joined.id))
    owed = owed.where(col(own.id) == col(Debt.debtor_id), col(other.status).in_(_OPEN))
    return owed.correlate(Debt).scalar_subquery()
