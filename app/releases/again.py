"""What a release carries again because its recipient rejected it: what was mended since, and removals that never arrived."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from app.debts.models import Debt
from app.releases import mended
from app.releases.answer_reading import Result
from app.releases.mended import Fate, Fated
from app.releases.models import IS_REJECTED, CarriedDebt, Release, ReleaseLine
from app.return_template.choices import Status


@dataclass(frozen=True)
class _Rejected:
    """A rejected line, whether it is the last that its recipient was told of the debt, and of which moment that last one
    speaks. `has_to_go`: that told of the removal of a withdrawn debt.
    """

    line: ReleaseLine
    released_at: datetime | None
    is_last: bool
    last_as_at: datetime
    has_to_go: bool


def to_carry_again(db: Session, recipient_key: str) -> set[str]:
    """Debts of which this recipient rejected a line that was mended since it was told last: most often that line itself, or
    an earlier one, whose rejection came late. Of a withdrawn debt there is nothing to mend, so that its removal is told
    until it is not rejected. What was loaded last stands.
    """
    found = list(_rejected(db, recipient_key))
    fates = list(zip(found, mended.fates(db, [(one.line, one.released_at) for one in found]), strict=True))
    waiting = {one.line.debt_id for one, fated in fates if one.is_last and fated.fate is Fate.TO_MEND}
    return {one.line.debt_id for one, fated in fates if _goes(one, fated) and one.line.debt_id not in waiting}


def _goes(one: _Rejected, fated: Fated) -> bool:
    if one.is_last:
        return fated.fate is Fate.MENDED or (one.has_to_go and fated.fate is Fate.ENDED)
    return fated.at is not None and fated.at > one.last_as_at


def _rejected(db: Session, recipient_key: str) -> Iterator[_Rejected]:
    """Every rejected line to this recipient of a debt that it did not load last."""
    last, last_release = aliased(ReleaseLine), aliased(Release)
    is_last = (col(last.release_id) == col(CarriedDebt.release_id)) & (col(last.line) == col(CarriedDebt.line))
    told = (col(CarriedDebt.debt_id) == col(ReleaseLine.debt_id)) & (col(CarriedDebt.recipient_key) == recipient_key)
    query = (
        select(
            ReleaseLine, col(Release.released_at), col(last.release_id) == col(ReleaseLine.release_id),
            col(last_release.as_at), col(CarriedDebt.removed) & (col(Debt.status) == Status.WITHDRAWN.value),
        )
        .join(Release, col(Release.id) == col(ReleaseLine.release_id))
        .join(CarriedDebt, told)
        .join(last, is_last)
        .join(last_release, col(last_release.id) == col(last.release_id))
        .join(Debt, col(Debt.id) == col(ReleaseLine.debt_id))
        .where(col(Release.recipient_key) == recipient_key, literal_column(IS_REJECTED))
        .where(func.coalesce(col(last.result), "") != Result.LOADED)
    )  # fmt: skip
    for line, released_at, is_the_last, as_at, has_to_go in db.execute(query):
        yield _Rejected(line, released_at, bool(is_the_last), as_at, bool(has_to_go))
