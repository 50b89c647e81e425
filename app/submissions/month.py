"""One organisation's month: where it stands, when it was due, what arrived and did not count, and who excused it. No persons."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts import service as accounts
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import NotFound, Refused
from app.periods import service as periods
from app.periods.calendar import Period
from app.periods.models import DueDate
from app.returns.models import Lifecycle, Outcome, RefusedUpload, Return
from app.returns.rules.engine import RULES
from app.submissions.models import Excusal
from app.submissions.standings import Submission, standings


class Why(StrEnum):
    """Why something that arrived does not count."""

    REFUSED = "refused"
    REJECTED = "rejected"
    EARLY = "early"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


@dataclass(frozen=True)
class NotCounted:
    """A file or a nil. Of a refused file nothing is kept but its code, with `rule` what that says."""

    at: datetime
    why: Why
    is_nil: bool = False
    code: str | None = None
    rule: str | None = None
    return_id: str | None = None
    reference: str | None = None


@dataclass(frozen=True)
class Month:
    """`moved` is there when the due date is not the usual one. `excused_by` is a name. `not_counted`: the newest first."""

    cell: Submission
    reference: str | None
    moved: DueDate | None
    excusal: Excusal | None
    excused_by: str
    not_counted: list[NotCounted]


def month(db: Session, actor: Actor, code: str, period: str) -> Month:
    """Raises NotFound (404) for an organisation out of sight, and for what is no month or none that it can have yet."""
    accounts.visible_organisation(db, actor, Permission.SUBMISSION_READ, code)
    cell = _cell(db, code, period)
    query = select(Return).where(
        col(Return.organisation_code) == code,
        col(Return.period) == str(cell.period),
        col(Return.submitted_at).is_not(None),
    )
    returns = list(db.execute(query).scalars())
    excusal = _excusal(db, code, cell.period)
    return Month(
        cell=cell,
        reference=next((one.reference for one in returns if one.id == cell.return_id), None),
        moved=periods.moved(db, [cell.period]).get(cell.period),
        excusal=excusal,
        excused_by=accounts.names(db, [excusal.excused_by]).get(excusal.excused_by, "the service") if excusal else "",
        not_counted=sorted(
            [*_refused(db, code, cell.period), *_not_counted(returns)], key=lambda one: one.at, reverse=True
        ),
    )


def _cell(db: Session, code: str, text: str) -> Submission:
    try:
        period = Period.parse(text)
    except Refused:
        raise NotFound from None
    if period > Period.containing(clock.today()):
        raise NotFound
    found = standings(db, frozenset({code}), [period])
    if not found:
        raise NotFound  # it was closed all along
    return found[0]


def _excusal(db: Session, code: str, period: Period) -> Excusal | None:
    query = select(Excusal).where(col(Excusal.organisation_code) == code, col(Excusal.period) == str(period))
    return db.execute(query).scalar_one_or_none()


def _refused(db: Session, code: str, period: Period) -> Iterator[NotCounted]:
    query = select(RefusedUpload).where(
        col(RefusedUpload.organisation_code) == code, col(RefusedUpload.period) == str(period)
    )
    for one in db.execute(query).scalars():
        rule = RULES.get(one.code)
        yield NotCounted(one.at, Why.REFUSED, code=one.code, rule=rule.summary if rule else None)


def _not_counted(returns: list[Return]) -> Iterator[NotCounted]:
    for one in returns:
        why = _why(one)
        if why is not None and one.submitted_at is not None:
            is_nil = one.outcome == Outcome.NIL
            yield NotCounted(one.submitted_at, why, is_nil, return_id=one.id, reference=one.reference)


def _why(one: Return) -> Why | None:
    """None for a return that counts, or would if an earlier one did not."""
    if one.lifecycle == Lifecycle.WITHDRAWN:
        return Why.REPLACED if one.superseded_by else Why.WITHDRAWN
    if one.lifecycle != Lifecycle.SUBMITTED or one.qualifies:
        return None
    return Why.REJECTED if one.outcome == Outcome.REJECTED else Why.EARLY
