"""What the returns that came after a withdrawn one say of the same invoices, and still say now that it is gone."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.core.db import among
from app.core.spreadsheet.packing import as_text, trim
from app.debts.models import Debt
from app.returns import parts
from app.returns.models import Lifecycle, Outcome, Return
from app.returns.parts import KeptRow


@dataclass(frozen=True)
class Said:
    """A later return spoke of an invoice: it took the row, or sent it back."""

    return_: Return
    is_good: bool


def first_said(db: Session, withdrawn: Return, family: Sequence[str], numbers: Collection[str]) -> dict[str, Said]:
    """By invoice number, the first word on it after the withdrawn return, of these invoices.

    A row that did no more than confirm a debt says nothing once the report of that debt is undone.
    """
    said: dict[str, list[tuple[Said, str | None]]] = {}
    for return_ in _after(db, withdrawn, family) if numbers else ():
        for row, is_good in _rows(db, return_):
            if (number := invoice_of(row)) in numbers:
                said.setdefault(number, []).append((Said(return_, is_good), row.debt_id))
    gone = _undone(db, {debt_id for each in said.values() for one, debt_id in each if one.is_good and debt_id})
    standing = {number: [one for one, debt_id in each if not (one.is_good and debt_id in gone)]
                for number, each in said.items()}  # fmt: skip
    return {number: each[0] for number, each in standing.items() if each}


def invoice_of(row: KeptRow) -> str:
    return trim(as_text(row.cells[0]))


def _after(db: Session, withdrawn: Return, family: Sequence[str]) -> Sequence[Return]:
    """The returns that were merged later and stand, in that order. Events are numbered in it; times may be equal."""
    query = select(Return).where(
        col(Return.last_event_id) >= withdrawn.last_event_id,
        col(Return.organisation_code).in_(family),
        col(Return.lifecycle) == Lifecycle.SUBMITTED,
        col(Return.outcome) != Outcome.NIL,
    )
    merged = {_order(found): found for found in db.execute(query).scalars()}
    return [merged[order] for order in sorted(merged) if order > _order(withdrawn)]


def _order(found: Return) -> tuple[int, str, str]:
    return found.last_event_id, found.submitted_at.isoformat() if found.submitted_at else "", found.id


def _rows(db: Session, return_: Return) -> Iterator[tuple[KeptRow, bool]]:
    for part in (parts.ACCEPTED, parts.REJECTED):
        for row in parts.rows(db, return_.id, part).rows:
            yield row, part == parts.ACCEPTED


def _undone(db: Session, debt_ids: Collection[str]) -> set[str]:
    if not debt_ids:
        return set()
    query = select(col(Debt.id)).where(among(db, col(Debt.id), debt_ids), col(Debt.report_undone))
    return set(db.execute(query).scalars())
