"""Rows that a recipient's answer opened, closed without a return: mended on the debt's page, or loaded after all."""

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import among
from app.debts.models import Debt
from app.returns.models import OpenRow
from app.returns.open_rows import ACKNOWLEDGEMENT
from app.returns.reasons import DEBT_ENDED, LOADED_AFTER_ALL, MENDED_ON_PAGE, REPLACED

__all__ = ["DEBT_ENDED", "MENDED_ON_PAGE", "close_loaded", "close_of_debt", "open_of", "replace"]


def close_of_debt(db: Session, actor: Actor, debt: Debt, reason: str) -> int:
    """Closes what is open of this debt, whichever release sent it back. How many."""
    return _close(db, actor, [row for row, _ in open_of(db, [debt])], reason)


def replace(db: Session, actor: Actor, release_ids: Collection[str], debts: Collection[Debt]) -> int:
    """Closes what these releases sent back of these debts: the same recipient sends them back anew. How many."""
    return _close(db, actor, [row for row, _ in open_of(db, debts) if row.origin_id in release_ids], REPLACED)


def close_loaded(
    db: Session, actor: Actor, release_id: str, release_ids: Collection[str], debts: Collection[Debt]
) -> int:
    """Closes what these releases sent back of these debts, the newest of which was loaded. How many. What a return had closed
    stays so without that return; only where a row came back with it, that tells what became of an older release's line.
    """
    rows = [row for row, _ in _rows(db, debts) if row.origin_id in release_ids]
    for row in rows:
        if row.origin_id == release_id or row.closed_reason != REPLACED:
            row.closed_by_return = None
            db.add(row)
    return _close(db, actor, [row for row in rows if row.closed_at is None], LOADED_AFTER_ALL)


def open_of(db: Session, debts: Collection[Debt]) -> list[tuple[OpenRow, Debt]]:
    """The rows of these debts that recipients sent back and that are still open, while nobody else closes them."""
    return [(row, debt) for row, debt in _rows(db, debts) if row.closed_at is None]


def _rows(db: Session, debts: Collection[Debt]) -> list[tuple[OpenRow, Debt]]:
    """Each with its debt. A row that does not say of which it is, is of the organisation's debt of that number."""
    if not debts:
        return []
    by_id = {debt.id: debt for debt in debts}
    by_number = {(debt.organisation_code, debt.invoice_number): debt for debt in debts}
    query = select(OpenRow).where(
        among(db, col(OpenRow.invoice_number), {debt.invoice_number for debt in debts}),
        col(OpenRow.origin) == ACKNOWLEDGEMENT,
    )
    found: list[tuple[OpenRow, Debt]] = []
    for row in db.execute(query.order_by(col(OpenRow.id)).with_for_update()).scalars():
        debt = (
            by_id.get(row.debt_id) if row.debt_id else by_number.get((row.organisation_code, row.invoice_number or ""))
        )
        if debt is not None:
            found.append((row, debt))
    return found


def _close(db: Session, actor: Actor, rows: Collection[OpenRow], reason: str) -> int:
    for row in rows:
        row.closed_at, row.closed_by, row.closed_reason = clock.now(), actor.id, reason
        db.add(row)
        record(db, actor, AuditAction.OPEN_ROW_CLOSED, "open-row", row.id, row.organisation_code, because=reason)
    db.flush()
    return len(rows)
