"""Once a return is withdrawn: on which return each hold of a rule rests now, read from the rows sent back for its invoice."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from app.core import clock
from app.core.db import among
from app.debts.holds import Rest
from app.debts.models import Debt, Hold
from app.debts.rules.holding import HoldKind
from app.organisations import service as organisations
from app.returns.answering import Answer
from app.returns.models import Lifecycle, OpenRow, Return
from app.returns.reasons import ACCEPTED, REPLACED
from app.returns.ties import CHECK

_SETTLED = frozenset({ACCEPTED, *Answer})


def rests(db: Session, holds: Sequence[Hold]) -> dict[str, Rest]:
    """By hold the return that asks for it still, or the one that has answered it since.

    The newest row that is open for the same rule asks for it, else the return that placed it, or one that came back for the
    same rule while it stood; as long as that return stands and nothing has mended or answered its row since.
    """
    rows = _rows_of_debts(db, {hold.debt_id for hold in holds if hold.kind == HoldKind.RULE})
    return {hold.id: _rest(db, hold, rows.get(hold.debt_id, ())) for hold in holds}


def _rest(db: Session, hold: Hold, rows: Sequence[OpenRow]) -> Rest:
    placed_by = hold.placed_by_return
    if hold.kind != HoldKind.RULE or placed_by is None:
        return Rest(True, placed_by)
    asking = [row for row in rows if any(finding["code"] == hold.code for finding in row.findings)]
    if still := [row.return_id for row in asking if row.closed_at is None]:
        return Rest(True, still[-1])
    placed_by_stands = _is_submitted(db, placed_by)
    own = [(row, _last_of(row, rows)) for row in reversed(asking) if row.return_id == placed_by or not placed_by_stands]
    settled_by = [last.closed_by_return for _, last in own if last.closed_reason in _SETTLED]
    if settled_by:
        return Rest(False, settled_by[0])
    if placed_by_stands:
        return Rest(True, placed_by)
    since = [row.return_id for row, _ in own if row.opened_at >= hold.placed_at and _is_submitted(db, row.return_id)]
    return Rest(bool(since), since[0] if since else None)  # closed by hand, or too old: that settles no doubt


def _is_submitted(db: Session, return_id: str) -> bool:
    return db.get_one(Return, return_id).lifecycle == Lifecycle.SUBMITTED


def _last_of(row: OpenRow, rows: Sequence[OpenRow]) -> OpenRow:
    """What stands in the row's place after it was sent back again, once or more often."""
    left = {one.return_id: one for one in rows}
    while row.closed_reason == REPLACED and (later := left.pop(row.closed_by_return or "", None)) is not None:
        row = later
    return row


def _rows_of_debts(db: Session, debt_ids: set[str]) -> Mapping[str, list[OpenRow]]:
    """The rows that our rules sent back under the number of each debt, oldest first."""
    if not debt_ids:
        return {}
    debts = db.execute(select(Debt).where(among(db, col(Debt.id), debt_ids))).scalars().all()
    query = select(OpenRow).where(
        among(db, col(OpenRow.invoice_number), {debt.invoice_number for debt in debts}), col(OpenRow.origin) == CHECK
    )
    by_number: dict[str, list[OpenRow]] = {}
    for row in db.execute(query.order_by(col(OpenRow.opened_at), col(OpenRow.id))).scalars():
        by_number.setdefault(row.invoice_number or "", []).append(row)
    today = clock.today()
    codes = {code: organisations.relatives(db, code, today) for code in {debt.organisation_code for debt in debts}}
    return {
        debt.id: [row for row in by_number.get(debt.invoice_number, ())
                  if row.organisation_code in codes[debt.organisation_code]]
        for debt in debts
    }  # fmt: skip
