"""Reads the register for those who may: lists with filters, one debt, its history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.errors import NotFound
from app.core.paging import Numbered, Page, cut, from_cursor, offset_of
from app.debts.filters import DebtFilter, filtered
from app.debts.models import Debt, DebtEvent
from app.organisations.models import Organisation
from app.periods.calendar import months_later
from app.policy.tables import Policy
from app.return_template.choices import OPEN_STATUSES, Status


def list_debts(db: Session, actor: Actor, wanted: DebtFilter, limit: int, cursor: str | None) -> Page[Debt]:
    """Debts that this person may see, oldest first."""
    query = filtered(db, actor, Permission.DEBT_READ, wanted)
    query = query.where(col(Debt.id) > from_cursor(cursor)).order_by(col(Debt.id)).limit(limit + 1)
    return cut(db.execute(query).scalars().all(), limit, lambda debt: debt.id)


class Sort(StrEnum):
    """The orders in which a page may show debts."""

    NEWEST = "newest"
    OLDEST_INVOICE = "oldest-invoice"
    AMOUNT = "amount"
    FAMILY_NAME = "family-name"
    INVOICE_NUMBER = "invoice-number"
    LAST_CHANGED = "last-changed"


_ORDERS = {
    Sort.NEWEST: col(Debt.id).desc(),
    Sort.OLDEST_INVOICE: col(Debt.invoice_date),
    Sort.AMOUNT: col(Debt.amount_outstanding).desc(),
    Sort.FAMILY_NAME: func.lower(col(Debt.family_name) + " " + col(Debt.given_names)),
    Sort.INVOICE_NUMBER: col(Debt.invoice_number),
    Sort.LAST_CHANGED: col(Debt.changed_at).desc(),
}


@dataclass(frozen=True)
class Sum:
    """How many debts, and the pence outstanding on them."""

    count: int
    outstanding: int


@dataclass(frozen=True)
class Totals:
    """What a list adds up to. `outstanding` leaves out what is no longer owed: the amounts of withdrawn debts."""

    count: int
    outstanding: int
    by_status: dict[str, Sum]


def page_of(db: Session, actor: Actor, wanted: DebtFilter, sort: Sort, number: int, size: int = 50) -> Numbered[Debt]:
    """One numbered page; beyond the last it is empty. Raises Refused (422) for a page that cannot be one, NotFound (404)."""
    skipped = offset_of(number, size)
    query = filtered(db, actor, Permission.DEBT_READ, wanted)
    total = db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    ordered = query.order_by(_ORDERS[sort], col(Debt.id)).offset(skipped).limit(size)
    return Numbered(db.execute(ordered).scalars().all(), number, size, total)


def totals(db: Session, actor: Actor, wanted: DebtFilter) -> Totals:
    found = filtered(db, actor, Permission.DEBT_READ, wanted).subquery()
    query = select(found.c.status, func.count(), func.sum(found.c.amount_outstanding)).group_by(found.c.status)
    sums = {status: Sum(count, int(pence)) for status, count, pence in db.execute(query)}
    by_status = {status.value: sums[status.value] for status in Status if status.value in sums}
    owed = sum(each.outstanding for status, each in by_status.items() if status in OPEN_STATUSES)
    return Totals(sum(each.count for each in by_status.values()), owed, by_status)


def stream(db: Session, actor: Actor, wanted: DebtFilter) -> Iterator[tuple[Debt, Organisation]]:
    """Every debt of the consolidated output with its organisation, in constant memory."""
    query = filtered(db, actor, Permission.REGISTER_EXPORT, wanted)
    joined = query.join(Organisation, col(Organisation.code) == col(Debt.organisation_code))
    paired = joined.add_columns(Organisation).order_by(col(Debt.organisation_code), col(Debt.id))
    for debt, organisation in db.execute(paired, execution_options={"yield_per": 1000}):
        yield debt, organisation
        db.expunge(debt)


def get_debt(db: Session, actor: Actor, debt_id: str, permission: Permission = Permission.DEBT_READ) -> Debt:
    """Raises NotFound (404) for a debt that is not there or not this person's to see."""
    found = db.get(Debt, debt_id)
    if found is None or not actor.sees(permission, found.organisation_code):
        raise NotFound
    return found


def history(db: Session, debt: Debt) -> Sequence[DebtEvent]:
    """Every change of the debt, oldest first."""
    query = select(DebtEvent).where(col(DebtEvent.debt_id) == debt.id).order_by(col(DebtEvent.id))
    return db.execute(query).scalars().all()


def is_unconfirmed(debt: Debt, policy: Policy, today: date) -> bool:
    """An open debt of which its trust has not spoken for as many months as the policy says."""
    return (
        debt.status in OPEN_STATUSES
        and months_later(debt.confirmed_on, policy.numbers.unconfirmed_after_months) < today
    )
