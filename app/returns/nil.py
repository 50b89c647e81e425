"""Nil returns: "no new debts and no changes", so that silence differs from none (ICIBI 6.165)."""

from datetime import datetime

from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import take_turns
from app.core.errors import Conflict, NotFound, Refused
from app.organisations import service as organisations
from app.periods import service as periods
from app.periods.calendar import Period
from app.policy.in_force import policy_in_force
from app.returns import telling
from app.returns.again import counts_only_now, submitted
from app.returns.assessing import ruleset
from app.returns.merging import counts_for_period, next_reference
from app.returns.models import Lifecycle, Outcome, Return
from app.returns.service import Received, declaring_officer


def nil_return(
    db: Session, actor: Actor, organisation: str, period: Period, received_at: datetime,
    officer: str | None = None,
) -> Received:  # fmt: skip
    """Takes a nil return. Repeated it answers with the one that stands; after a qualifying return it is a Conflict (409)."""
    if not actor.sees(Permission.RETURN_UPLOAD, organisation) or organisations.organisation(db, organisation) is None:
        raise NotFound
    today = clock.today()
    if not periods.is_open(period, today):
        raise Refused(f"{period.label} does not take returns now. Choose a month that has begun and ended no more "
                      "than twelve months ago.", code="F07")  # fmt: skip
    take_turns(db, organisations.family(db, organisation, today))
    for earlier in _standing(db, organisation, period):
        if earlier.outcome != Outcome.NIL:
            raise Conflict(f"Return {earlier.reference} for {period.label} has rows, so a nil return cannot stand beside "
                           "it. Withdraw that return first if it was wrong.")  # fmt: skip
        if not counts_only_now(earlier, period):
            return Received(earlier)
    policy = policy_in_force()
    return_ = Return(
        reference=next_reference(db, organisation, period),
        organisation_code=organisation,
        period=str(period),
        lifecycle=Lifecycle.SUBMITTED,
        outcome=Outcome.NIL,
        qualifies=counts_for_period(received_at, period),
        submitted_at=received_at,
        submitted_by=None if actor.unlimited else actor.id,
        declaring_officer=declaring_officer(actor, organisation, officer),
        ruleset=ruleset(policy),
        reporting_day=min(period.last_day, today),
    )
    db.add(return_)
    db.flush()
    on_behalf = actor.is_on_behalf(Permission.RETURN_UPLOAD, organisation) or None
    record(db, actor, AuditAction.RETURN_NIL, "return", return_.id, organisation, on_behalf=on_behalf)
    telling.tell(db, actor, return_)
    return Received(return_, created=True)


def _standing(db: Session, organisation: str, period: Period) -> list[Return]:
    """What stands for the month: returns that qualify, newest first, and nil returns that were sent too early."""
    counting = col(Return.qualifies) | (col(Return.outcome) == Outcome.NIL)
    return list(db.execute(submitted(organisation, period).where(counting)).scalars())
