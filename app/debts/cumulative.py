"""What one person owes altogether, across organisations: a filter for those who may look across them."""

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.errors import Forbidden
from app.debts.models import Debt
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
    """The same, adding up all persons first, which is quick for the whole register."""
    owing = (
        select(col(Debt.debtor_id))
        .where(col(Debt.status).in_(_OPEN))
        .group_by(col(Debt.debtor_id))
        .having(func.sum(col(Debt.amount_outstanding)) >= pence)
    )
    return col(Debt.debtor_id).in_(owing)


def _owed_with() -> ScalarSelect[int]:
    other = aliased(Debt)
    same_person = col(other.debtor_id) == col(Debt.debtor_id)
    owed = func.coalesce(func.sum(col(other.amount_outstanding)), 0)
    return select(owed).where(same_person, col(other.status).in_(_OPEN)).correlate(Debt).scalar_subquery()
