"""Which of the lines that a recipient rejected their trusts have mended since: read from the rows that were opened for them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from app.core import clock
from app.core.db import among
from app.debts.models import Debt
from app.organisations import service as organisations
from app.releases.answer_reading import Result
from app.releases.models import Release, ReleaseLine
from app.returns.answering import Answer
from app.returns.models import OpenRow
from app.returns.open_rows import ACCEPTED, ACKNOWLEDGEMENT

_MENDED = frozenset({ACCEPTED, *(answer.value for answer in Answer)})

Rejected = tuple[ReleaseLine, datetime | None]


def among_rejected(db: Session, rejected: Sequence[Rejected]) -> list[ReleaseLine]:
    """Those that are mended. `rejected` are rejected lines with the moments at which they were released.

    A row that was opened for the line may be replaced by one of a later return that came back too: it tells as well.
    Nothing is written when a row closes, so that a return that is taken back, and opens its rows again, needs no undoing.
    """
    debts = _debts(db, {line.debt_id for line, _ in rejected})
    rows = _rows(db, {debt.invoice_number for debt in debts.values()})
    related = _related(db, {row.organisation_code for each in rows.values() for row in each})
    found = []
    for line, released_at in rejected:
        debt = debts.get(line.debt_id)
        if line.mended_at is not None:
            found.append(line)
        elif debt is not None and released_at is not None:
            own = [
                row
                for row in rows.get(debt.invoice_number, ())
                if row.opened_at >= released_at and debt.organisation_code in related[row.organisation_code]
            ]
            if _is_mended(own) or (not own and _is_reported_since(debt, released_at)):
                found.append(line)
    return found


def note(db: Session, *among_lines: ColumnElement[bool]) -> None:
    """Keeps on the lines which of them are mended, before the rows or debts that tell it are forgotten."""
    query = (
        select(ReleaseLine, col(Release.released_at))
        .join(Release, col(Release.id) == col(ReleaseLine.release_id))
        .where(col(ReleaseLine.result) == Result.REJECTED, col(ReleaseLine.mended_at).is_(None), *among_lines)
    )
    for line in among_rejected(db, [(line, released_at) for line, released_at in db.execute(query)]):
        line.mended_at = clock.now()
        db.add(line)
    db.flush()


def _is_mended(rows: Sequence[OpenRow]) -> bool:
    """`rows` in the order in which they were opened."""
    answers = [place for place, row in enumerate(rows) if row.origin == ACKNOWLEDGEMENT]
    if not answers:
        return False
    chain = rows[answers[0] : answers[1] if len(answers) > 1 else None]  # what a later release had rejected is its own
    return any(row.closed_reason in _MENDED for row in chain)


def _is_reported_since(debt: Debt, released_at: datetime) -> bool:
    """A debt of the old register, for which no row could be opened: its trust has said something new of it."""
    return debt.import_id is not None and debt.return_id is not None and debt.changed_at > released_at


def _debts(db: Session, ids: set[str]) -> dict[str, Debt]:
    if not ids:
        return {}
    return {debt.id: debt for debt in db.execute(select(Debt).where(among(db, col(Debt.id), ids))).scalars()}


def _rows(db: Session, numbers: set[str]) -> Mapping[str, list[OpenRow]]:
    """By invoice number, in the order in which they were opened."""
    found: dict[str, list[OpenRow]] = defaultdict(list)
    if numbers:
        query = select(OpenRow).where(among(db, col(OpenRow.invoice_number), numbers))
        for row in db.execute(query.order_by(col(OpenRow.opened_at), col(OpenRow.id))).scalars():
            found[row.invoice_number or ""].append(row)
    return found


def _related(db: Session, codes: set[str]) -> dict[str, set[str]]:
    """For each organisation, all whose debts its returns may speak of, and all that may speak of its own."""
    return {code: set(organisations.relatives(db, code, clock.today())) for code in codes}
