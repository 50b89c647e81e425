"""What months that are owed say beside whether their return came: how right the first file was, and how long mending took."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.core import clock
from app.core.db import among
from app.periods.calendar import Period
from app.returns.models import Lifecycle, OpenRow, Outcome, RefusedUpload, Return
from app.returns.open_rows import ACKNOWLEDGEMENT
from app.returns.reasons import ACCEPTED, REPLACED
from app.submissions.standings import Cell

EARLIER = 12  # months before the span in which a row of it may have been sent back first


@dataclass(frozen=True)
class FirstFile:
    """The rows of the first file that was submitted for a month: how many were read, how many of them stood."""

    read: int
    right: int


def first_files(db: Session, codes: frozenset[str], first: Period, last: Period) -> dict[Cell, FirstFile]:
    """Also of files of which every row went back, and of those that were withdrawn later: they were the first try."""
    order = func.row_number().over(
        partition_by=(col(Return.organisation_code), col(Return.period)),
        order_by=(col(Return.submitted_at), col(Return.id)),
    )
    files = (
        select(
            col(Return.organisation_code), col(Return.period), col(Return.read),
            (col(Return.accepted) + col(Return.unchanged)).label("right"), order.label("place"),
        )
        .where(
            col(Return.lifecycle) != Lifecycle.CHECKED, col(Return.submitted_at).is_not(None),
            col(Return.outcome) != Outcome.NIL, col(Return.period).between(str(first), str(last)),
            among(db, col(Return.organisation_code), codes),
        )
        .subquery()
    )  # fmt: skip
    found = db.execute(
        select(files.c.organisation_code, files.c.period, files.c.read, files.c.right).where(files.c.place == 1)
    )
    return {(code, period): FirstFile(read, right) for code, period, read, right in found}


def refused_files(db: Session, codes: frozenset[str], first: Period, last: Period) -> dict[Cell, int]:
    """How many files were refused whole. Nothing of them is kept, so their rows cannot be counted."""
    where = col(RefusedUpload.organisation_code), col(RefusedUpload.period)
    query = select(*where, func.count()).where(
        where[1].between(str(first), str(last)), among(db, where[0], codes)
    ).group_by(*where)  # fmt: skip
    return {(code, period): number for code, period, number in db.execute(query)}


def days_to_mend(db: Session, codes: frozenset[str], first: Period, last: Period) -> dict[Cell, list[int]]:
    """The days (UK dates) from a row's first coming back to its acceptance, for each row that was mended."""
    earlier = _sent_back_before(db, codes, first)
    query = select(
        col(OpenRow.organisation_code), col(OpenRow.period), col(OpenRow.return_id), col(OpenRow.invoice_number),
        col(OpenRow.opened_at), col(OpenRow.closed_at),
    ).where(
        col(OpenRow.closed_reason) == ACCEPTED, col(OpenRow.closed_at).is_not(None),
        col(OpenRow.origin) != ACKNOWLEDGEMENT,
        col(OpenRow.period).between(str(first), str(last)), among(db, col(OpenRow.organisation_code), codes),
    )  # fmt: skip
    found: dict[Cell, list[int]] = defaultdict(list)
    for code, period, return_id, invoice, opened_at, closed_at in db.execute(query):
        began = min((opened_at, *_openings(earlier, return_id, invoice)))
        found[code, period].append((clock.uk_date(closed_at) - clock.uk_date(began)).days)
    return found


_Replaced = Mapping[tuple[str, str], tuple[str, datetime]]


def _sent_back_before(db: Session, codes: frozenset[str], first: Period) -> _Replaced:
    """Rows that a later return sent back again, by that return and invoice: the return they came from, and when."""
    query = select(
        col(OpenRow.closed_by_return), col(OpenRow.invoice_number), col(OpenRow.return_id), col(OpenRow.opened_at)
    ).where(
        col(OpenRow.closed_reason) == REPLACED, col(OpenRow.invoice_number).is_not(None),
        col(OpenRow.period) >= str(first.plus(-EARLIER)), among(db, col(OpenRow.organisation_code), codes),
    ).order_by(col(OpenRow.opened_at).desc())  # fmt: skip
    return {(by, invoice): (return_id, at) for by, invoice, return_id, at in db.execute(query)}


def _openings(earlier: _Replaced, return_id: str, invoice: str | None) -> Iterator[datetime]:
    """When the same invoice was sent back before, one return after the other."""
    seen = {return_id}
    while invoice is not None and (before := earlier.get((return_id, invoice))) and before[0] not in seen:
        return_id, opened_at = before
        seen.add(return_id)
        yield opened_at
