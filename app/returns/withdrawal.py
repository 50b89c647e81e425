"""Withdrawing a return: undoes, as new events, every change that nothing later rests on, and lists the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import take_turns
from app.core.errors import Conflict, NotFound, Refused
from app.debts import holds, thresholds, undoing, warnings_index
from app.debts.posting import Source
from app.organisations import service as organisations
from app.policy.in_force import policy_in_force
from app.returns import doubts, parts, reopening
from app.returns.models import Lifecycle, Outcome, Return


@dataclass(frozen=True)
class Withdrawal:
    """The withdrawn return, how many changes were undone, and those left because something later rests on them."""

    return_: Return
    undone: int
    left: list[dict[str, Any]]


def withdraw(db: Session, actor: Actor, return_id: str, reason: str) -> Withdrawal:
    """Takes a submitted return back. Raises NotFound (404), Conflict (409) when it is not submitted."""
    found = db.get(Return, return_id)
    if found is None or not actor.sees(Permission.RETURN_WITHDRAW, found.organisation_code):
        raise NotFound
    if not reason.strip():
        raise Refused("Say in a few words why this return is withdrawn.")
    family = organisations.family(db, found.organisation_code, clock.today())
    relatives = organisations.relatives(db, found.organisation_code, clock.today())
    take_turns(db, [*family, "register"])
    db.refresh(found)
    if found.lifecycle == Lifecycle.CHECKED:
        raise NotFound
    if found.lifecycle != Lifecycle.SUBMITTED:
        raise Conflict(f"Return {found.reference} is withdrawn already.")
    source = Source(actor.id, clock.now(), clock.today(), found.id, found.period)
    undone = undoing.undo_return(db, source, found.id, _period_of_returns(db))
    found.lifecycle, found.withdrawn_at = Lifecycle.WITHDRAWN, clock.now()
    found.withdrawn_reason = reason.strip()[:500]
    db.add(found)
    db.flush()
    _unconfirm(db, found, relatives)
    reopening.void(db, actor, found, relatives)
    holds.undo_return(db, source, found.id, partial(doubts.rests, db))
    warnings_index.settle(db, source.at, undone.debt_ids)
    _reinstate_nil(db, found)
    thresholds.mark(db, policy_in_force(), family, undone.digests, undone.debt_ids)
    record(
        db, actor, AuditAction.RETURN_WITHDRAWN, "return", found.id, found.organisation_code,
        undone=undone.count, left=len(undone.left),
    )  # fmt: skip
    return Withdrawal(found, undone.count, [_named(db, left) for left in undone.left])


def _named(db: Session, left: dict[str, Any]) -> dict[str, Any]:
    """What was left, with the return or the change by a person that rests on it."""
    query = select(col(Return.reference)).where(col(Return.id) == (left["because_of"] or ""))
    reference = db.execute(query).scalar_one_or_none()
    return left | {"because_of": f"return {reference}" if reference else "a change made by a person"}


def _period_of_returns(db: Session) -> Any:
    def period(return_id: str) -> str | None:
        return db.execute(select(col(Return.period)).where(col(Return.id) == return_id)).scalar_one_or_none()

    return period


def _unconfirm(db: Session, withdrawn: Return, relatives: Sequence[str]) -> None:
    """Debts that this return confirmed fall back to the day on which the trust, or one that may speak for it or for which
    it speaks, last spoke of them before.
    """
    spoken = _debts_spoken_of(db, withdrawn.id)
    others = (
        select(Return)
        .where(
            col(Return.organisation_code).in_(relatives),
            col(Return.lifecycle) == Lifecycle.SUBMITTED,
            col(Return.outcome) != Outcome.NIL,
        )
        .order_by(col(Return.reporting_day).desc())
    )
    confirmed_on: dict[str, Any] = {}
    for other in db.execute(others).scalars() if spoken else ():
        for debt_id in _debts_spoken_of(db, other.id) & spoken:
            confirmed_on.setdefault(debt_id, other.reporting_day)
    undoing.set_confirmed(db, spoken, confirmed_on, withdrawn.reporting_day)


def _debts_spoken_of(db: Session, return_id: str) -> set[str]:
    return {row.debt_id for row in parts.rows(db, return_id, parts.ACCEPTED).rows if row.debt_id}


def _reinstate_nil(db: Session, withdrawn: Return) -> None:
    """The nil return that this one had replaced stands again, unless another qualifying return stands for the month."""
    others: Sequence[str] = (
        db.execute(
            select(col(Return.id))
            .where(
                col(Return.organisation_code) == withdrawn.organisation_code,
                col(Return.period) == withdrawn.period,
                col(Return.lifecycle) == Lifecycle.SUBMITTED,
                col(Return.qualifies),
                col(Return.outcome) != Outcome.NIL,
            )
            .order_by(col(Return.submitted_at))
        )
        .scalars()
        .all()
    )
    replaced = update(Return).where(col(Return.superseded_by) == withdrawn.id)
    if others:
        db.execute(replaced.values(superseded_by=others[0]))
    else:
        db.execute(replaced.values(superseded_by=None, lifecycle=Lifecycle.SUBMITTED, withdrawn_at=None))
