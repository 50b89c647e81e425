"""What lines of releases said goes: with its debt, or when its time is over. Which debt, what changed and what was answered
stays. The line that told a recipient last of a debt stays as long as the debt, because the next release compares with it.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlmodel import Session, col

from app.core.db import among, take_turns
from app.debts.models import Debt
from app.releases import lines, mended
from app.releases.models import CarriedDebt, Release, ReleaseLine, ReleasePart, State

PARTS_AT_ONCE = 10
_LINES_AT_ONCE = PARTS_AT_ONCE * lines.A_PART
_NOTHING = {"reason": None, "status_digest": "", "particulars_digest": ""}


@dataclass(frozen=True)
class Before:
    """What was released, or given up, before these instants has been kept long enough."""

    released: datetime
    abandoned: datetime


def of_debts(db: Session, debt_ids: Collection[str], now: datetime) -> None:
    """These debts are about to be deleted, in the register's turn. No open release may carry one of them."""
    mended.note(db, among(db, col(ReleaseLine.debt_id), debt_ids))
    query = select(col(ReleaseLine.release_id), col(ReleaseLine.line)).where(
        among(db, col(ReleaseLine.debt_id), debt_ids), col(ReleaseLine.forgotten_at).is_(None)
    )
    found: dict[str, set[int]] = defaultdict(set)
    for release_id, number in db.execute(query):
        found[release_id].add(number)
    for release_id, numbers in found.items():
        _forget(db, release_id, numbers, now)
    told = update(CarriedDebt).where(among(db, col(CarriedDebt.debt_id), debt_ids))
    nothing = {"status_digest": "", "particulars_digest": ""}
    db.execute(told.values(**nothing), execution_options={"synchronize_session": False})


def count(db: Session, before: Before) -> tuple[int, datetime | None]:
    """How many lines are over, and when the oldest of them left or was given up."""
    ended = func.coalesce(col(Release.released_at), col(Release.abandoned_at))
    query = select(func.count(), func.min(ended)).select_from(Release)
    query = query.join(ReleaseLine, col(ReleaseLine.release_id) == col(Release.id))
    number, oldest = db.execute(query.where(_ended(before), _is_over())).one()
    return number, oldest


def forget_some(db: Session, before: Before, now: datetime) -> int:
    """The lines of some parts of one release. How many; 0 when nothing is left to forget."""
    old = select(col(Release.id)).where(_ended(before)).order_by(col(Release.number))
    for release_id in db.execute(old).scalars().all():
        if numbers := _over(db, release_id):
            take_turns(db, ["register"])  # so do purges of debts, which write the same parts anew
            numbers &= _over(db, release_id)
            _forget(db, release_id, numbers, now)
            return len(numbers)
    return 0


def _ended(before: Before) -> ColumnElement[bool]:
    """Releases that are over and of which something is left."""
    return and_(
        or_(
            and_(col(Release.state) == State.RELEASED.value, col(Release.released_at) < before.released),
            and_(col(Release.state) == State.ABANDONED.value, col(Release.abandoned_at) < before.abandoned),
        ),
        exists().where(col(ReleasePart.release_id) == col(Release.id)),
    )


def _is_over() -> ColumnElement[bool]:
    """Said, and not what somebody was told last of a debt that is still there."""
    told_last = exists().where(
        col(CarriedDebt.debt_id) == col(ReleaseLine.debt_id),
        col(CarriedDebt.release_id) == col(ReleaseLine.release_id),
        col(CarriedDebt.line) == col(ReleaseLine.line),
        col(CarriedDebt.debt_id) == col(Debt.id),
    )
    return and_(col(ReleaseLine.forgotten_at).is_(None), ~told_last)


def _over(db: Session, release_id: str) -> set[int]:
    """The first lines of a release that are over, of as many parts as are written anew at once."""
    mine = col(ReleaseLine.release_id) == release_id
    query = select(col(ReleaseLine.line)).where(mine, _is_over())
    found = db.execute(query.order_by(col(ReleaseLine.line)).limit(_LINES_AT_ONCE)).scalars().all()
    by_part: dict[int, list[int]] = defaultdict(list)
    firsts = lines.firsts(db, release_id)
    for number in found:
        by_part[lines.part_of(firsts, number)].append(number)
    return {number for part in sorted(by_part)[:PARTS_AT_ONCE] for number in by_part[part]}


def _forget(db: Session, release_id: str, numbers: Collection[int], now: datetime) -> None:
    if not numbers:
        return
    lines.take_away(db, release_id, numbers)
    those = (col(ReleaseLine.release_id) == release_id, among(db, col(ReleaseLine.line), numbers))
    forgotten = update(ReleaseLine).where(*those).values(forgotten_at=now, **_NOTHING)
    db.execute(forgotten, execution_options={"synchronize_session": False})
