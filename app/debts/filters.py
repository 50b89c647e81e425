"""What debts to list, and the one query that finds them within what somebody may see."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import NotFound, Refused
from app.debts.models import Debt
from app.organisations import service as organisations
from app.organisations.models import Organisation
from app.return_template.choices import Status

_SEARCHED = ("family_name", "given_names", "other_names", "invoice_number", "reference", "passport_number")
_MOST_WORDS = 10
MOST_DAYS = 36_500


@dataclass(frozen=True)
class DebtFilter:
    """What to list. Amounts are in pence outstanding; days count from the invoice; `q` is free text, taken literally."""

    organisation: str | None = None
    status: str | None = None
    statuses: Sequence[str] | None = None
    region: str | None = None
    nationality: str | None = None
    min_amount: int | None = None
    max_amount: int | None = None
    older_than_days: int | None = None
    newer_than_days: int | None = None
    changed_since: datetime | None = None
    held: bool | None = None
    q: str = ""
    without_withdrawn: bool = False


def filtered(db: Session, actor: Actor, permission: Permission, wanted: DebtFilter) -> Select[Debt]:
    """The debts that fit and that this person may see. Raises NotFound (404) for an organisation that is not theirs."""
    query = select(Debt)
    codes: Sequence[str] | frozenset[str] | None = actor.scope(permission)
    if wanted.organisation is not None:
        if not actor.sees(permission, wanted.organisation):
            raise NotFound
        codes = organisations.family(db, wanted.organisation, clock.today())
    if codes is not None:
        query = query.where(col(Debt.organisation_code).in_(codes))
    if wanted.without_withdrawn and wanted.status is None and wanted.statuses is None:
        query = query.where(col(Debt.status) != Status.WITHDRAWN.value)
    query = query.where(*_conditions(wanted, clock.today()))
    for word in wanted.q.replace("\0", "").split()[:_MOST_WORDS]:
        query = query.where(or_(*(col(getattr(Debt, key)).icontains(word, autoescape=True) for key in _SEARCHED)))
    return query


def _conditions(wanted: DebtFilter, today: date) -> Iterator[ColumnElement[bool]]:
    for name, condition in _CONDITIONS.items():
        if (value := getattr(wanted, name)) is not None:
            yield condition(value)
    if wanted.older_than_days is not None:
        yield col(Debt.invoice_date) <= _days_before(today, wanted.older_than_days)
    if wanted.newer_than_days is not None:
        yield col(Debt.invoice_date) >= _days_before(today, wanted.newer_than_days)


def _days_before(today: date, days: int) -> date:
    if not 0 <= days <= MOST_DAYS:
        raise Refused(f"Enter an age of 0 to {MOST_DAYS:,} days.")
    return today - timedelta(days=days)


def _in_region(region: str) -> ColumnElement[bool]:
    of_region = select(col(Organisation.code)).where(col(Organisation.region) == region)
    return col(Debt.organisation_code).in_(of_region)


_CONDITIONS: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "status": lambda status: col(Debt.status) == status,
    "statuses": lambda statuses: col(Debt.status).in_(statuses),
    "region": _in_region,
    "nationality": lambda code: col(Debt.nationality) == code,
    "min_amount": lambda pence: col(Debt.amount_outstanding) >= pence,
    "max_amount": lambda pence: col(Debt.amount_outstanding) <= pence,
    "changed_since": lambda moment: col(Debt.changed_at) >= moment,
    "held": lambda held: col(Debt.held) == held,
}
