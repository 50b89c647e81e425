"""Excusing an organisation from one month's return, with a reason, and taking that back."""

from dataclasses import dataclass
from typing import NoReturn

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import take_turns
from app.core.errors import Conflict, Forbidden, Refused
from app.periods.calendar import Period
from app.submissions.models import Excusal
from app.submissions.obligations import TURN
from app.submissions.reasons import check_reason
from app.submissions.rules.state import RECEIVED, State
from app.submissions.standings import standings

LONGEST_REASON = 500


@dataclass(frozen=True)
class Month:
    """Where an organisation stands for a month, and the excusal if there is one."""

    organisation: str
    period: Period
    state: State
    excusal: Excusal | None

    @property
    def may_be_excused(self) -> bool:
        return self.excusal is None and self.state in (State.MISSING, State.NOT_DUE)


def month(db: Session, actor: Actor, code: str, period: Period) -> Month:
    """Raises NotFound (404) for what this person may not see, Forbidden (403) for what is not theirs to excuse."""
    visible_organisation(db, actor, Permission.ORGANISATION_READ, code)
    if not actor.sees(Permission.MONTH_EXCUSE, code):
        raise Forbidden(
            "This organisation is not in your portfolio. Ask its Local Partnership Manager or the Debtors Team."
        )
    cells = standings(db, frozenset({code}), [period])
    return Month(code, period, cells[0].state if cells else State.NOT_OWED, excusal(db, code, period))


def excusal(db: Session, code: str, period: Period) -> Excusal | None:
    """The excusal of this month, without asking who may know of it."""
    query = select(Excusal).where(col(Excusal.organisation_code) == code, col(Excusal.period) == str(period))
    return db.execute(query).scalar_one_or_none()


def excuse(db: Session, actor: Actor, code: str, period: Period, reason: str) -> Excusal:
    """Raises as `month` does, Refused (422) without a reason, Conflict (409) where nothing is to be excused."""
    take_turns(db, [TURN])
    found = month(db, actor, code, period)
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise Refused(f"Give a reason of 1 to {LONGEST_REASON} characters.", field="reason")
    check_reason(reason)
    if not found.may_be_excused:
        _refuse(found)
    made = Excusal(
        organisation_code=code, period=str(period), reason=reason, excused_by=actor.id, excused_at=clock.now()
    )
    db.add(made)
    record(db, actor, AuditAction.MONTH_EXCUSED, "organisation", code, code, period=str(period))
    return made


def no_longer(db: Session, actor: Actor, code: str, period: Period) -> Month:
    """The month is owed again. Raises as `month` does, Conflict (409) when it is not excused."""
    take_turns(db, [TURN])
    found = month(db, actor, code, period)
    if found.excusal is None:
        raise Conflict(f"{period.label} is not excused, so there is nothing to take back.")
    db.delete(found.excusal)
    db.flush()
    record(db, actor, AuditAction.MONTH_NO_LONGER_EXCUSED, "organisation", code, code, period=str(period))
    return month(db, actor, code, period)


def _refuse(found: Month) -> NoReturn:
    """Says why there is nothing to excuse."""
    if found.excusal is not None:
        raise Conflict(f"{found.period.label} is excused already. Take that back first to give another reason.")
    if found.state in RECEIVED:
        raise Conflict(f"The return for {found.period.label} has been received, so there is nothing to excuse.")
    raise Conflict(f"No return is owed for {found.period.label}, so there is nothing to excuse.")
