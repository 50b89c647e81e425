"""A return is withdrawn: what becomes of the rows that it had left open, and of those that it had closed."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.core import clock
from app.core.db import among
from app.debts.models import Debt
from app.return_template.choices import Status
from app.returns import later, parts
from app.returns.answering import Answer
from app.returns.later import Key, Said
from app.returns.models import Lifecycle, OpenRow, Return
from app.returns.open_rows import ACKNOWLEDGEMENT
from app.returns.reasons import ACCEPTED, REPLACED, RETURN_WITHDRAWN
from app.returns.ties import Ties

# Closed by one of these, a row was taken into the register for its return, and that is undone with the return.
_TAKEN = frozenset({Answer.REPORTED_BEFORE_SERVICE, Answer.WRONG_PERSON_BEFORE})

_Debts = Mapping[tuple[str, str], Debt]


def void(db: Session, actor: Actor, withdrawn: Return, family: Sequence[str]) -> None:
    """The rows that the return left open close, and those that it had closed are open again, unless something later closes
    them now: what closed the row that had taken their place, or a later return that spoke of the same invoice.

    A row that our rules sent back stands with its return; one that a recipient sent back stands while its debt does.
    """
    left = _rows(db, col(OpenRow.return_id) == withdrawn.id, col(OpenRow.closed_at).is_(None))
    closed = _rows(db, col(OpenRow.closed_by_return) == withdrawn.id, col(OpenRow.emptied_at).is_(None))
    debts = _debts_of(db, [*left, *closed])
    standing = [row for row in closed if _stands(db, row, debts)]
    _open_again(db, withdrawn, family, standing)
    for row in left:
        if not _stands(db, row, debts):
            row.closed_at, row.closed_by, row.closed_reason = clock.now(), actor.id, RETURN_WITHDRAWN
    for row in (*left, *standing):
        if row.closed_at is None and not _is_submitted(db, row.return_id):
            _move(db, row, debts[_key(row)])
        db.add(row)
    db.flush()


def _rows(db: Session, *which: ColumnElement[bool]) -> Sequence[OpenRow]:
    return db.execute(select(OpenRow).where(*which).order_by(col(OpenRow.id))).scalars().all()


def _key(row: OpenRow) -> tuple[str, str]:
    return row.organisation_code, row.invoice_number or ""


def _debts_of(db: Session, rows: Sequence[OpenRow]) -> _Debts:
    """The debts of the rows that recipients sent back, but for those that are withdrawn."""
    keys = {_key(row) for row in rows if row.origin == ACKNOWLEDGEMENT}
    if not keys:
        return {}
    query = select(Debt).where(
        col(Debt.organisation_code).in_({code for code, _ in keys}),
        among(db, col(Debt.invoice_number), {number for _, number in keys}),
        col(Debt.status) != Status.WITHDRAWN,
    )
    return {(debt.organisation_code, debt.invoice_number): debt for debt in db.execute(query).scalars()}


def _stands(db: Session, row: OpenRow, debts: _Debts) -> bool:
    if row.origin == ACKNOWLEDGEMENT:
        return _key(row) in debts
    return _is_submitted(db, row.return_id)


def _is_submitted(db: Session, return_id: str) -> bool:
    return db.get_one(Return, return_id).lifecycle == Lifecycle.SUBMITTED


def _open_again(db: Session, withdrawn: Return, family: Sequence[str], rows: Sequence[OpenRow]) -> None:
    ties = Ties(db)
    waiting: list[tuple[OpenRow, set[Key]]] = []
    numbers = _numbers_by_tie(db, withdrawn) if rows else {}
    for row in rows:
        line = ties.line(row)
        heirs = ties.after(row, withdrawn.id, line) if row.closed_reason == REPLACED else []
        if heirs and all(heir.closed_at and heir.closed_reason not in _TAKEN for heir in heirs):
            _close_as(row, heirs[-1])
        else:
            invoices = {row.invoice_number, *(numbers.get(id_) for id_ in line)}
            waiting.append((row, {("tie", id_) for id_ in line} | {("invoice", each) for each in invoices if each}))
    said = later.first_said(db, withdrawn, family, {key for _, keys in waiting for key in keys}, ties)
    for row, keys in waiting:
        _settle(row, min((said[key] for key in keys if key in said), key=lambda word: word.place, default=None))


def _settle(row: OpenRow, word: Said | None) -> None:
    if word is None:
        row.closed_at = row.closed_by = row.closed_reason = row.closed_by_return = None
        return
    row.closed_at, row.closed_by_return = word.return_.submitted_at, word.return_.id
    row.closed_by = word.return_.submitted_by or row.closed_by
    row.closed_reason = ACCEPTED if word.is_good else REPLACED


def _numbers_by_tie(db: Session, withdrawn: Return) -> dict[str, str]:
    """The invoice numbers that its rows gave to the rows to which they were tied."""
    kept = [row for part in (parts.ACCEPTED, parts.REJECTED) for row in parts.rows(db, withdrawn.id, part).rows]
    return {row.open_row: later.invoice_of(row) for row in kept if row.open_row}


def _close_as(row: OpenRow, other: OpenRow) -> None:
    row.closed_at, row.closed_by = other.closed_at, other.closed_by
    row.closed_reason, row.closed_by_return = other.closed_reason, other.closed_by_return


def _move(db: Session, row: OpenRow, debt: Debt) -> None:
    """To the return on which its debt rests now. Where that does not stand either, or there is none (only the old register
    speaks of the debt), the row stays where it is, since the debt stands.
    """
    if debt.return_id is None or not _is_submitted(db, debt.return_id):
        return
    resting_on = db.get_one(Return, debt.return_id)
    row.return_id, row.period, row.row = resting_on.id, resting_on.period, debt.return_row or row.row
    row.findings = [finding | {"row": row.row} for finding in row.findings]
