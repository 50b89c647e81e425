"""What debts to list, and the one query that finds them within what somebody may see."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, literal_column, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import among
from app.core.errors import NotFound, Refused
from app.debts import cumulative, finding
from app.debts.models import Debt
from app.organisations import service as organisations
from app.organisations.models import Organisation
from app.return_template.choices import Status

MOST_DAYS = 36_500


@dataclass(frozen=True)
class DebtFilter:
    """What to list. Amounts are in pence outstanding, `min_total` in those of all open debts of one person; days count
    from the invoice; `q` is free text, taken literally.
    """

    organisation: str | None = None
    status: str | None = None
    statuses: Sequence[str] | None = None
    region: str | None = None
    nationality: str | None = None
    min_amount: int | None = None
    max_amount: int | None = None
    min_total: int | None = None
    older_than_days: int | None = None
    newer_than_days: int | None = None
    changed_since: datetime | None = None
    held: bool | None = None
    q: str = ""
    without_withdrawn: bool = False

    @property
    def owing_everywhere(self) -> Callable[[int], ColumnElement[bool]]:
        """How to look for `min_total` where every debt that fits has to be looked at."""
        few = self.organisation is not None or self.q.strip()
        return cumulative.person_owes if few else cumulative.is_of_those_who_owe

    @property
    def is_of_kept_sums(self) -> bool:
        """Whether the kept sums answer it, which know organisation, status and whether a debt is held."""
        known = ("organisation", "status", "statuses", "region", "held", "without_withdrawn")
        return self == DebtFilter(**{name: getattr(self, name) for name in known})

    def takes_status(self, status: str) -> bool:
        if self.status is not None or self.statuses is not None:
            return self.status in (None, status) and (self.statuses is None or status in self.statuses)
        return not (self.without_withdrawn and status == Status.WITHDRAWN)

    @property
    def is_of_words_alone(self) -> bool:
        """Whether the index of words answers it, which knows the organisations too."""
        return bool(self.q.strip()) and self == DebtFilter(organisation=self.organisation, q=self.q)


def codes_of(db: Session, actor: Actor, permission: Permission, wanted: DebtFilter) -> Collection[str] | None:
    """The organisations among which to look; None means every one. Raises NotFound (404) for one that is not theirs."""
    if wanted.organisation is None:
        return actor.scope(permission)
    if not actor.sees(permission, wanted.organisation):
        raise NotFound
    return organisations.family(db, wanted.organisation, clock.today())


def filtered(
    db: Session, actor: Actor, permission: Permission, wanted: DebtFilter, found: Collection[str] | None = None,
    owing: Callable[[int], ColumnElement[bool]] = cumulative.person_owes,
) -> Select[Debt]:  # fmt: skip
    """The debts that fit and that this person may see; with `found` only these, which are known to have the words.

    Raises NotFound (404) for an organisation that is not theirs, Forbidden (403) for a total of persons that is not.
    """
    query, codes = select(Debt), codes_of(db, actor, permission, wanted)
    organisation: SQLColumnExpression[str] = col(Debt.organisation_code)
    if wanted.q.strip():
        has_words = (
            finding.found(db, col(Debt.id), wanted.q, codes) if found is None else among(db, col(Debt.id), found)
        )
        query = query.where(has_words)
        organisation = organisation.concat("")  # few are found: SQLite must not go through the organisation's debts
    if codes is not None:
        query = query.where(organisation.in_(codes))
    if wanted.without_withdrawn and wanted.status is None and wanted.statuses is None:
        query = query.where(col(Debt.status) != Status.WITHDRAWN.value)
    if wanted.min_total is not None:
        cumulative.allow(actor)
        query = query.where(owing(wanted.min_total))
    return query.where(*_conditions(wanted, clock.today()))


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
    "held": lambda held: literal_column(f"debts.held IS {str(held).lower()}"),  # as its index says it
}
