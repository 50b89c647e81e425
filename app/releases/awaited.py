"""Which debts a release has still to tell of: those that an open one carries, and removals that the next one would tell.

It says in SQL what `selecting` decides debt by debt. Where the two could differ, a debt counts as awaited.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from app.core import clock
from app.debts.models import Debt, DebtEvent
from app.releases.answer_reading import Result
from app.releases.models import CarriedDebt, Release, ReleaseLine, State
from app.releases.queries import OPEN_STATES
from app.return_template.choices import OPEN_STATUSES, Status
from app.returns.models import OpenRow
from app.returns.open_rows import ACKNOWLEDGEMENT
from app.returns.reasons import MENDING, REPLACED

_OPEN = [status.value for status in OPEN_STATUSES]


def in_an_open_release() -> ColumnElement[bool]:
    """Of a debt: a release that is not finished has a line of it."""
    being_made = select(col(Release.id)).where(col(Release.state).in_([state.value for state in OPEN_STATES]))
    return exists().where(col(ReleaseLine.debt_id) == col(Debt.id), col(ReleaseLine.release_id).in_(being_made))


def removal_due(active_since: datetime) -> ColumnElement[bool]:
    """Of a debt that has ended: somebody who received a release at this instant or later does not know that it ended."""
    active = _active(active_since)
    told = exists().where(col(CarriedDebt.debt_id) == col(Debt.id), col(CarriedDebt.recipient_key).in_(active))
    return or_(told.where(~col(CarriedDebt.removed)), told.where(col(CarriedDebt.removed), or_(_to_be_sent_again(), _rejected_late())),
               and_(_loaded_as_owed(), _unknown_to_some(active_since)))  # fmt: skip


def _active(since: datetime) -> Select[str]:
    released = (col(Release.state) == State.RELEASED.value, col(Release.released_at) >= since)
    return select(col(Release.recipient_key)).where(*released)


def _to_be_sent_again() -> ColumnElement[bool]:
    """The recipient rejected the removal, and what was wrong with it is mended or may still be, or nothing can be mended of a
    withdrawn debt, so that it is told again.
    """
    rejected = select(col(ReleaseLine.line)).where(
        col(ReleaseLine.release_id) == col(CarriedDebt.release_id),
        col(ReleaseLine.line) == col(CarriedDebt.line),
        col(ReleaseLine.result) == Result.REJECTED.value,
        or_(col(ReleaseLine.mended_at).is_not(None), _row().exists(), col(Debt.status) == Status.WITHDRAWN.value),
    )
    return rejected.correlate(Debt, CarriedDebt).exists()


def _rejected_late() -> ColumnElement[bool]:
    """An earlier line of the debt was rejected, and is mended since the removal was told, or may still be."""
    earlier, of, told, by = aliased(ReleaseLine), aliased(Release), aliased(ReleaseLine), aliased(Release)
    is_open = and_(col(OpenRow.closed_at).is_(None), col(OpenRow.expires_on) >= clock.today())
    mends = and_(col(OpenRow.closed_at) > col(by.as_at), col(OpenRow.closed_reason).in_([*MENDING, REPLACED]))
    found = select(col(earlier.line)).where(
        col(told.release_id) == col(CarriedDebt.release_id), col(told.line) == col(CarriedDebt.line),
        func.coalesce(col(told.result), "") != Result.LOADED.value, col(by.id) == col(told.release_id),
        col(earlier.debt_id) == col(Debt.id), col(earlier.result) == Result.REJECTED.value,
        col(of.id) == col(earlier.release_id), col(of.recipient_key) == col(CarriedDebt.recipient_key),
        or_(col(earlier.mended_at) > col(by.as_at), _row().where(or_(is_open, mends)).correlate(Debt, by).exists()),
    )  # fmt: skip
    return found.correlate(Debt, CarriedDebt).exists()


def _row() -> Select[str]:
    """Rows of the debt that recipients sent back, as long as they say something."""
    found = select(col(OpenRow.id)).where(
        col(OpenRow.invoice_number) == col(Debt.invoice_number),
        col(OpenRow.origin) == ACKNOWLEDGEMENT,
        col(OpenRow.emptied_at).is_(None),
    )
    return found.correlate(Debt)


def _loaded_as_owed() -> ColumnElement[bool]:
    """Every recipient counts as told of a debt of the register before this service."""
    loaded = (col(DebtEvent.debt_id) == col(Debt.id), col(DebtEvent.import_id).is_not(None))
    return and_(col(Debt.import_id).is_not(None), exists().where(*loaded, col(DebtEvent.status).in_(_OPEN)))


def _unknown_to_some(since: datetime) -> ColumnElement[bool]:
    """Not every recipient has had a line of it."""
    active = _active(since).distinct().subquery()
    told = select(func.count()).where(
        col(CarriedDebt.debt_id) == col(Debt.id), col(CarriedDebt.recipient_key).in_(select(active.c.recipient_key))
    )
    return told.scalar_subquery() < select(func.count()).select_from(active).scalar_subquery()
