"""Which debts a release has still to tell of: those that an open one carries, and removals that the next one would tell.

It says in SQL what `selecting` decides debt by debt. Where the two could differ, a debt counts as awaited.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlmodel import col

from app.debts.models import Debt, DebtEvent
from app.releases.answer_reading import Result
from app.releases.models import CarriedDebt, Release, ReleaseLine, State
from app.releases.queries import OPEN_STATES
from app.return_template.choices import OPEN_STATUSES
from app.returns.models import OpenRow
from app.returns.open_rows import ACKNOWLEDGEMENT

_OPEN = [status.value for status in OPEN_STATUSES]


def in_an_open_release() -> ColumnElement[bool]:
    """Of a debt: a release that is not finished has a line of it."""
    being_made = select(col(Release.id)).where(col(Release.state).in_([state.value for state in OPEN_STATES]))
    return exists().where(col(ReleaseLine.debt_id) == col(Debt.id), col(ReleaseLine.release_id).in_(being_made))


def removal_due(active_since: datetime) -> ColumnElement[bool]:
    """Of a debt that has ended: somebody who received a release at this instant or later does not know that it ended."""
    active = _active(active_since)
    told = exists().where(col(CarriedDebt.debt_id) == col(Debt.id), col(CarriedDebt.recipient_key).in_(active))
    return or_(told.where(~col(CarriedDebt.removed)), told.where(col(CarriedDebt.removed), _to_be_sent_again()),
               and_(_loaded_as_owed(), _unknown_to_some(active_since)))  # fmt: skip


def _active(since: datetime) -> Select[str]:
    released = (col(Release.state) == State.RELEASED.value, col(Release.released_at) >= since)
    return select(col(Release.recipient_key)).where(*released)


def _to_be_sent_again() -> ColumnElement[bool]:
    """The recipient rejected the removal, and what was wrong with it is mended or may still be."""
    may_be_mended = exists().where(
        col(OpenRow.invoice_number) == col(Debt.invoice_number),
        col(OpenRow.origin) == ACKNOWLEDGEMENT,
        col(OpenRow.emptied_at).is_(None),
    )
    return exists().where(
        col(ReleaseLine.release_id) == col(CarriedDebt.release_id),
        col(ReleaseLine.line) == col(CarriedDebt.line),
        col(ReleaseLine.result) == Result.REJECTED.value,
        or_(col(ReleaseLine.mended_at).is_not(None), may_be_mended),
    )


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
