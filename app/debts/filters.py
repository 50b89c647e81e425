"""Which debts somebody asks for, and the query that finds them among those that this person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import NotFound, Refused
from app.debts.models import Debt
from app.organisations import service as organisations
from app.organisations.models import Organisation

MOST_DAYS = 36_500
_SEARCHED = ("family_name", "given_names", "other_names", "invoice_number", "reference", "passport_number")


@dataclass(frozen=True)
class DebtFilter:
    """What to list. Amounts are in pence outstanding, ages in days since the invoice date, both ends included.

    `statuses` are those of which any will do, `nationality` a code of three letters, `q` free text, taken literally.
    """

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


def filtered(db: Session, actor: Actor, permission: Permission, wanted: DebtFilter) -> Select[Debt]:
    """Raises NotFound (404) for an organisation that is not this person's to see."""
    query = _of_status(_in_reach(db, actor, permission, wanted), wanted)
    if wanted.region is not None:
        of_region = select(col(Organisation.code)).where(col(Organisation.region) == wanted.region)
        query = query.where(col(Debt.organisation_code).in_(of_region))
    if wanted.nationality is not None:
        query = query.where(col(Debt.nationality) == wanted.nationality)
    if wanted.min_amount is not None:
        query = query.where(col(Debt.amount_outstanding) >= wanted.min_amount)
    if wanted.max_amount is not None:
        query = query.where(col(Debt.amount_outstanding) <= wanted.max_amount)
    if wanted.older_than_days is not None:
        query = query.where(col(Debt.invoice_date) <= _days_ago(wanted.older_than_days))
    if wanted.newer_than_days is not None:
        query = query.where(col(Debt.invoice_date) >= _days_ago(wanted.newer_than_days))
    if wanted.changed_since is not None:
        query = query.where(col(Debt.changed_at) >= wanted.changed_since)
    if wanted.held is not None:
        query = query.where(col(Debt.held) == wanted.held)
    for word in wanted.q.replace("\0", "").split()[:10]:
        query = query.where(or_(*(col(getattr(Debt, key)).icontains(word, autoescape=True) for key in _SEARCHED)))
    return query


def _in_reach(db: Session, actor: Actor, permission: Permission, wanted: DebtFilter) -> Select[Debt]:
    """Of one organisation with its predecessors, or of all that may be seen."""
    codes: Sequence[str] | frozenset[str] | None = actor.scope(permission)
    if wanted.organisation is not None:
        if not actor.sees(permission, wanted.organisation):
            raise NotFound
        codes = organisations.family(db, wanted.organisation, clock.today())
    query = select(Debt)
    return query if codes is None else query.where(col(Debt.organisation_code).in_(codes))


def _of_status(query: Select[Debt], wanted: DebtFilter) -> Select[Debt]:
    named = {*wanted.statuses, *([wanted.status] if wanted.status else ())}
    if named:
        return query.where(col(Debt.status).in_(named))
    return query.where(col(Debt.status) != "withdrawn") if wanted.without_withdrawn else query


def _days_ago(days: int) -> date:
    if not 0 <= days <= MOST_DAYS:
        raise Refused(f"Enter an age of 0 to {MOST_DAYS:,} days.")
    return clock.today() - timedelta(days=days)
