"""Reads the register for those who may: lists with filters, one debt, its history."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import Numbered, Page, cut, from_cursor
from app.debts.models import Debt, DebtEvent
from app.organisations import service as organisations
from app.organisations.models import Organisation
from app.periods.calendar import months_later
from app.policy.tables import Policy
from app.return_template.choices import OPEN_STATUSES, Status

LONGEST_AGE = 50_000  # days: longer ago than any debt
_SEARCHED = ("family_name", "given_names", "other_names", "invoice_number", "reference", "passport_number")


@dataclass(frozen=True)
class DebtFilter:
    """What to list. `min_amount` is in pence outstanding; `q` is free text, taken literally."""

    organisation: str | None = None
    status: str | None = None
    region: str | None = None
    statuses: Sequence[str] = ()
    nationality: str | None = None
    min_amount: int | None = None
    max_amount: int | None = None
    older_than_days: int | None = None
    newer_than_days: int | None = None
    changed_since: datetime | None = None
    held: bool | None = None
    q: str = ""
    without_withdrawn: bool = False


def list_debts(db: Session, actor: Actor, wanted: DebtFilter, limit: int, cursor: str | None) -> Page[Debt]:
    """Debts that this person may see, oldest first."""
    query = _filtered(db, actor, Permission.DEBT_READ, wanted)
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
    Sort.FAMILY_NAME: func.lower(col(Debt.family_name)),
    Sort.INVOICE_NUMBER: col(Debt.invoice_number),
    Sort.LAST_CHANGED: col(Debt.changed_at).desc(),
}


@dataclass(frozen=True)
class Totals:
    count: int
    outstanding: int
    invoiced: int
    by_status: dict[str, int]


def page_of(db: Session, actor: Actor, wanted: DebtFilter, sort: Sort, number: int, size: int = 50) -> Numbered[Debt]:
    """One numbered page; beyond the last it is empty."""
    query = _filtered(db, actor, Permission.DEBT_READ, wanted)
    total = db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    ordered = query.order_by(_ORDERS[sort], col(Debt.id)).offset((number - 1) * size).limit(size)
    return Numbered(db.execute(ordered).scalars().all(), number, size, total)


def totals(db: Session, actor: Actor, wanted: DebtFilter) -> Totals:
    """What the list adds up to, in pence."""
    found = _filtered(db, actor, Permission.DEBT_READ, wanted).subquery()
    query = select(
        found.c.status, func.count(), func.sum(found.c.amount_outstanding), func.sum(found.c.invoice_amount)
    ).group_by(found.c.status)
    lines = db.execute(query).all()
    return Totals(
        sum(line[1] for line in lines), int(sum(line[2] for line in lines)), int(sum(line[3] for line in lines)),
        {line[0]: line[1] for line in lines},
    )  # fmt: skip


def stream(db: Session, actor: Actor, wanted: DebtFilter) -> Iterator[tuple[Debt, Organisation]]:
    """Every debt of the consolidated output with its organisation, in constant memory."""
    query = _filtered(db, actor, Permission.REGISTER_EXPORT, wanted)
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


def _filtered(db: Session, actor: Actor, permission: Permission, wanted: DebtFilter) -> Select[Debt]:
    """Debts within the actor's scope that fit every filter."""
    query = select(Debt)
    codes: Sequence[str] | frozenset[str] | None = actor.scope(permission)
    if wanted.organisation is not None:
        if not actor.sees(permission, wanted.organisation):
            raise NotFound
        codes = organisations.family(db, wanted.organisation, clock.today())
    if codes is not None:
        query = query.where(col(Debt.organisation_code).in_(codes))
    if wanted.region is not None:
        of_region = select(col(Organisation.code)).where(col(Organisation.region) == wanted.region)
        query = query.where(col(Debt.organisation_code).in_(of_region))
    for name, fits in _FITS.items():
        if (value := getattr(wanted, name)) is not None:
            query = query.where(fits(value))
    if wanted.statuses:
        query = query.where(col(Debt.status).in_(wanted.statuses))
    if wanted.without_withdrawn and wanted.status is None:
        query = query.where(col(Debt.status) != Status.WITHDRAWN)
    for word in wanted.q.replace("\0", "").split()[:10]:
        query = query.where(or_(*(col(getattr(Debt, key)).icontains(word, autoescape=True) for key in _SEARCHED)))
    return query


def _days_ago(days: int) -> date:
    return clock.today() - timedelta(days=min(days, LONGEST_AGE))


# What each filter asks of a debt.
_FITS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "status": lambda status: col(Debt.status) == status,
    "nationality": lambda code: col(Debt.nationality) == code,
    "min_amount": lambda pence: col(Debt.amount_outstanding) >= pence,
    "max_amount": lambda pence: col(Debt.amount_outstanding) <= pence,
    "changed_since": lambda moment: col(Debt.changed_at) >= moment,
    "held": lambda held: col(Debt.held) == held,
    "older_than_days": lambda days: col(Debt.invoice_date) <= _days_ago(days),
    "newer_than_days": lambda days: col(Debt.invoice_date) >= _days_ago(days),
}
