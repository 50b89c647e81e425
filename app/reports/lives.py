"""What was recorded of each debt, month by month, from its first report on: what every look back in time is made from."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select, true
from sqlmodel import Session, col

from app.debts.models import Debt, DebtEvent, Debtor
from app.reports.month_ends import place_of
from app.reports.report import Asked, Reader


class Step(NamedTuple):
    """One status event. `month` is its place in the span (month_ends.place_of), `pence` what was outstanding after it."""

    kind: str
    status: str
    pence: int
    is_taken_over: bool
    month: int


class Life(NamedTuple):
    """One debt: whose it is at which organisation, and its steps in the order in which they were recorded.

    A step that was begun in one month and recorded after one of the next counts in the next, so that months never go back.
    """

    code: str
    person: str
    steps: list[Step]


def lives(db: Session, reader: Reader, asked: Asked) -> Iterator[Life]:
    """Every debt of the reader's organisations, those that have ended too."""
    joined = persons(db)
    for _, rows in groupby(db.connection().execute(_steps(reader, asked)), key=itemgetter(0)):
        steps: list[Step] = []
        month = 0
        for _, code, debtor_id, kind, status, pence, import_id, place in rows:  # noqa: B007 - the last ones are used
            month = max(month, place)
            steps.append(Step(kind, status, pence, import_id is not None, month))
        yield Life(code, joined.get(debtor_id, debtor_id), steps)


def persons(db: Session) -> dict[str, str]:
    """Who a debtor is, for those few that were joined to another; all others are themselves."""
    query = select(col(Debtor.id), col(Debtor.root_id)).where(col(Debtor.joined_into).is_not(None))
    return {debtor_id: root_id for debtor_id, root_id in db.execute(query)}


def of_reader(reader: Reader) -> ColumnElement[bool]:
    """Only debts of the organisations that this reader's question is about."""
    return true() if reader.is_everybody else col(Debt.organisation_code).in_(reader.codes)


def _steps(reader: Reader, asked: Asked) -> Any:
    what = (
        col(DebtEvent.debt_id), col(Debt.organisation_code), col(Debt.debtor_id), col(DebtEvent.kind),
        col(DebtEvent.status), col(DebtEvent.amount_outstanding), col(DebtEvent.import_id),
        place_of(col(DebtEvent.at), asked),
    )  # fmt: skip
    query = select(*what).join(Debt, col(Debt.id) == col(DebtEvent.debt_id)).where(col(DebtEvent.status).is_not(None))
    in_order = query.where(of_reader(reader)).order_by(col(DebtEvent.debt_id), col(DebtEvent.id))
    return in_order.execution_options(yield_per=2_000)
