"""The template as one trust downloads it for one period: prefilled with its open debts that are reportable by then."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.core import clock
from app.core.errors import Refused
from app.debts.models import Debt
from app.organisations import service as organisations
from app.periods import service as periods
from app.periods.calendar import Period
from app.policy import countries
from app.policy.in_force import policy_in_force
from app.policy.tables import Policy
from app.return_template import workbook
from app.return_template.choices import OPEN_STATUSES
from app.return_template.columns import COLUMNS, Column, Kind
from app.return_template.stamp import TEMPLATE_VERSION, Stamp
from app.returns.rules.sheet import made_for_this_period


def template(db: Session, organisation: str, period: Period) -> bytes:
    """The workbook for one organisation and period, with the state of this very moment.

    Raises Refused (422) for a period that takes no returns.
    """
    now, policy = clock.now(), policy_in_force()
    if closed := made_for_this_period(None, str(period), period.label, periods.is_open(period, clock.today())):
        raise Refused(closed.message, code=closed.code)
    family = organisations.family(db, organisation, clock.today())
    stamp = Stamp("template", organisation, str(period), TEMPLATE_VERSION, now)
    rows = [row_of(debt) for debt in reportable(db, family, period, policy)]
    return workbook.template(stamp, rows, on=clock.today(), countries=countries.drop_down())


def reportable(db: Session, family: list[str], period: Period, policy: Policy) -> list[Debt]:
    """Open debts, held ones included, that are old enough on the period's last day, oldest invoice first."""
    statuses = [status.value for status in OPEN_STATUSES]
    query = (
        select(Debt)
        .where(col(Debt.organisation_code).in_(family), col(Debt.status).in_(statuses))
        .order_by(col(Debt.invoice_date), col(Debt.invoice_number))
    )
    return [
        debt for debt in db.execute(query).scalars() if policy.reportable_from(debt.invoice_date) <= period.last_day
    ]


def row_of(debt: Debt) -> Mapping[str, str | date | Decimal | None]:
    """The debt's cells by column key, as a person would type them."""
    return {column.key: _cell(column, getattr(debt, column.key)) for column in COLUMNS}


def _cell(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.kind is Kind.MONEY:
        return Decimal(value) / 100
    if column.choices is not None:
        return column.choices(value).label
    return countries.country_name(value) if column.kind is Kind.COUNTRY else value
