"""Rows that went back: those nobody mended close by themselves, and what closed ones said is forgotten in time."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from app.core import clock
from app.core.db import among
from app.debts.models import Debt
from app.debts.register import held_by_fold
from app.organisations import service as organisations
from app.policy.retention import Kept
from app.releases import mended
from app.retention.limits import Limits, end_of
from app.retention.stage import BATCH, Due, Stage, counted
from app.returns.models import OpenRow
from app.returns.open_rows import ACKNOWLEDGEMENT
from app.returns.reasons import OURS, TIME_OVER
from app.returns.rules.together import fold_invoice

CLOSED_BY = "retention"


def _expired(limits: Limits) -> ColumnElement[bool]:
    return and_(col(OpenRow.closed_at).is_(None), col(OpenRow.expires_on) < limits.today)


def _look_at_expired(db: Session, limits: Limits) -> Due:
    return counted(db, col(OpenRow.expires_on), _expired(limits))


def _close_expired(db: Session, limits: Limits) -> int:
    """Closed at the end of their last day, however much later this runs: from then on they were on no list."""
    due = db.execute(select(OpenRow).where(_expired(limits)).limit(BATCH)).scalars().all()
    for row in due:
        row.closed_at, row.closed_by, row.closed_reason = end_of(row.expires_on), CLOSED_BY, TIME_OVER
        db.add(row)
    db.flush()
    return len(due)


def _over(limits: Limits) -> ColumnElement[bool]:
    closed = (col(OpenRow.closed_at).is_not(None), col(OpenRow.closed_at) < limits.instant(Kept.REJECTED_ROW))
    return and_(col(OpenRow.emptied_at).is_(None), *closed)  # never NULL, so that its opposite is one


def will_be_over(limits: Limits) -> ColumnElement[bool]:
    """The same before those that ran out are closed."""
    ran_out = and_(_expired(limits), col(OpenRow.expires_on) <= limits.day(Kept.REJECTED_ROW))
    return or_(_over(limits), ran_out)


def _look_at_closed(db: Session, limits: Limits) -> Due:
    return counted(db, func.coalesce(col(OpenRow.closed_at), col(OpenRow.opened_at)), will_be_over(limits))


def _empty(db: Session, limits: Limits) -> int:
    """Forgets what closed rows said. That there were rows, and how each ended, stays: it is counted."""
    due = db.execute(select(OpenRow).where(_over(limits)).limit(BATCH)).scalars().all()
    if due:
        mended.note(db)  # whether what a recipient had rejected is mended is read from these rows
    for row in due:
        _say_nothing(row, limits.now)
        db.add(row)
    db.flush()
    return len(due)


def _say_nothing(row: OpenRow, now: datetime) -> None:
    row.cells, row.findings, row.emptied_at = {}, [], now
    if row.closed_reason not in OURS:
        row.closed_reason = None  # a person's own words
    if not row.answers:
        row.invoice_number = row.debt_id = None


def forget_sent_back(db: Session, codes: Sequence[str], debts: Mapping[str, str], now: datetime) -> None:
    """These debts are deleted, their invoice numbers by id. A row that a recipient of a release had sent back says what the
    register said, so it goes with its debt: one that does not say of which it is, unless another debt of the same
    organisations bears the number by now.
    """
    numbers = set(debts.values())
    left = select(col(Debt.invoice_number)).where(col(Debt.organisation_code).in_(codes))
    borne = col(OpenRow.invoice_number).in_(left.where(among(db, col(Debt.invoice_number), numbers)))
    query = select(OpenRow).where(
        col(OpenRow.organisation_code).in_(codes),
        among(db, col(OpenRow.invoice_number), numbers),
        or_(among(db, col(OpenRow.debt_id), list(debts)), and_(col(OpenRow.debt_id).is_(None), ~borne)),
        col(OpenRow.origin) == ACKNOWLEDGEMENT,
        col(OpenRow.emptied_at).is_(None),
    )
    for row in db.execute(query.order_by(col(OpenRow.id))).scalars().all():
        if row.closed_at is None:
            row.closed_at, row.closed_by, row.closed_reason = now, CLOSED_BY, TIME_OVER
        _say_nothing(row, now)
        db.add(row)
    db.flush()


def _without_their_debt(db: Session) -> list[OpenRow]:
    """Emptied rows whose confirmed cell is needed no more: no debt of that number is in the register of its trust."""
    emptied = (col(OpenRow.emptied_at).is_not(None), col(OpenRow.invoice_number).is_not(None))
    rows = db.execute(select(OpenRow).where(*emptied).order_by(col(OpenRow.id))).scalars()
    return [row for row in rows if not _has_debt(db, row)]


def _has_debt(db: Session, row: OpenRow) -> bool:
    family = organisations.family(db, row.organisation_code, clock.today())
    number = row.invoice_number or ""
    return any(debt.invoice_number == number for debt in held_by_fold(db, family, {fold_invoice(number)}))


def _look_at_answers(db: Session, _limits: Limits) -> Due:
    rows = _without_their_debt(db)
    return Due(len(rows), min((clock.uk_date(row.opened_at) for row in rows), default=None))


def _forget_answers(db: Session, _limits: Limits) -> int:
    due = _without_their_debt(db)[:BATCH]
    for row in due:
        row.answers, row.has_answers, row.invoice_number, row.debt_id = {}, False, None, None
        db.add(row)
    db.flush()
    return len(due)


EXPIRED = Stage("open-rows", "rows that nobody mended in time, to be closed", (), _look_at_expired, _close_expired)
CLOSED = Stage("closed-rows", "closed rows, of what they said", ("open_rows",), _look_at_closed, _empty)
ANSWERS = Stage("answers", "answers about rows whose debt is gone", (), _look_at_answers, _forget_answers)
