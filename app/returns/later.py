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
from app.returns.ties import Ties

Key = tuple[str, str]  # what a row speaks of: ("invoice", its number), or ("tie", an open row to which it is tied)


@dataclass(frozen=True)
class Said:
    """A later return spoke of an invoice or a row: it took it, or sent it back. `place`: in the order of all that was said."""

    place: int
    return_: Return
    is_good: bool


def first_said(
    db: Session, withdrawn: Return, family: Sequence[str], keys: Collection[Key], ties: Ties
) -> dict[Key, Said]:
    """The first word on each of these after the withdrawn return.

    A row that did no more than confirm a debt says nothing once the report of that debt is undone.
    """
    said: list[tuple[Key, Said, str | None]] = []
    for return_ in _after(db, withdrawn, family) if keys else ():
        for row, is_good in _rows(db, return_):
            word = Said(len(said), return_, is_good)
            said += [(key, word, row.debt_id) for key in _keys(row, ties) if key in keys]
    gone = _undone(db, {debt_id for _, word, debt_id in said if word.is_good and debt_id})
    first: dict[Key, Said] = {}
    for key, word, debt_id in said:
        if not (word.is_good and debt_id in gone):
            first.setdefault(key, word)
    return first


def _keys(row: KeptRow, ties: Ties) -> list[Key]:
    return [("invoice", invoice_of(row)), *(("tie", id_) for id_ in ties.line_of(row.open_row))]


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
