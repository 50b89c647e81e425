"""Day-to-day changes by people: a status, an amount, corrected particulars. One transition table for all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import take_turns
from app.core.errors import Conflict, Refused
from app.debts import holds, posting, queries, register, thresholds
from app.debts.held import PARTICULARS_KEYS, Held
from app.debts.models import Debt
from app.debts.posting import Change, Source
from app.debts.rules import matching
from app.debts.rules.status import (
    REINSTATEMENTS,
    REOPENING_REASONS,
    WITHDRAWAL_REASONS,
    MoveNotAllowed,
    may_become,
    may_correct,
)
from app.organisations import service as organisations
from app.policy.in_force import policy_in_force
from app.return_template.choices import OPEN_STATUSES, Status


@dataclass(frozen=True)
class Move:
    """A status to record: from which day, and how much (pence) is outstanding after it. Without a day the same status
    goes on and only the amount changes.
    """

    status: Status
    status_date: date | None
    amount_outstanding: int
    reason: str | None = None
    correction: bool = False
    declaring_officer: str | None = None


def change_status(db: Session, actor: Actor, debt_id: str, move: Move) -> Debt:
    """Applies one move. Raises NotFound (404), MoveNotAllowed (409) naming from, to and what is allowed, Refused (422)."""
    debt, held, family = _held(db, actor, debt_id, Permission.DEBT_CHANGE_STATUS)
    today, was = clock.today(), Status(held.status)
    on = _day_of(move, held, today)
    _check_figures(move, on, held, today)
    reinstates = move.status in REINSTATEMENTS.get(was, ())
    if move.correction:
        _check_correction(db, debt, held, move)
    elif reinstates:
        _check_reinstatement(db, actor, move, debt)
    elif not may_become(was, move.status):
        raise MoveNotAllowed(was, move.status)
    else:
        _check_not_older(move, on, held)
    same_day = move.status is was and move.status_date in (None, held.status_date)
    if (
        same_day
        and move.amount_outstanding == held.amount_outstanding
        and move.reason in (None, held.withdrawal_reason)
    ):
        return debt  # said before: not a change
    kind = posting.CORRECTED if move.correction else posting.UPDATED if move.status is was else posting.CHANGED
    values: dict[str, Any] = {"amount_outstanding": move.amount_outstanding}
    if not same_day:
        values |= {"status": move.status, "status_date": on}
    reason = _kept_reason(move, reinstates)
    as_at = on if move.correction else max(held.as_at, today if same_day else on)
    change = Change(held, values, kind, as_at, held.name_match, held.passport_match, None, reason)
    on_behalf = actor.is_on_behalf(Permission.DEBT_CHANGE_STATUS, debt.organisation_code)
    _apply(db, actor, change, family, (move.declaring_officer or actor.name) if on_behalf and not reinstates else None)
    record(
        db, actor, AuditAction.DEBT_STATUS_CHANGED, "debt", debt.id, debt.organisation_code,
        status_from=was.value, status=move.status.value, correction=move.correction or None,
        reason=reason, on_behalf=on_behalf or None,
    )  # fmt: skip
    db.refresh(debt)
    return debt


def amend(db: Session, actor: Actor, debt_id: str, changes: Mapping[str, Any]) -> Debt:
    """Corrects or clears particulars (by column key, typed as the columns are). Raises NotFound (404), Refused (422)."""
    debt, held, family = _held(db, actor, debt_id, Permission.DEBT_AMEND)
    if unknown := sorted(set(changes) - set(PARTICULARS_KEYS)):
        raise Refused(f"These are not particulars of a debt: {', '.join(unknown)}.")
    values = {key: value for key, value in changes.items() if value != getattr(held, key)}
    if not values:
        return debt
    person = _Person(held, values)
    change = Change(held, values, None, clock.today(), matching.name_match(person), matching.passport_match(person))
    _apply(db, actor, change, family)
    record(db, actor, AuditAction.DEBT_AMENDED, "debt", debt.id, debt.organisation_code, fields=sorted(values))
    db.refresh(debt)
    return debt


class _Person:
    """The person as an amendment leaves them."""

    def __init__(self, held: Held, values: Mapping[str, Any]) -> None:
        self.family_name: str | None = values.get("family_name", held.family_name)
        self.given_names: str | None = values.get("given_names", held.given_names)
        self.date_of_birth: date | None = values.get("date_of_birth", held.date_of_birth)
        self.nationality: str | None = values.get("nationality", held.nationality)
        self.passport_number: str | None = values.get("passport_number", held.passport_number)


def _held(db: Session, actor: Actor, debt_id: str, permission: Permission) -> tuple[Debt, Held, list[str]]:
    debt = queries.get_debt(db, actor, debt_id, permission)
    family = organisations.family(db, debt.organisation_code, clock.today())
    take_turns(db, [*family, "register"])
    db.refresh(debt)
    return debt, register.held(debt), family


def _kept_reason(move: Move, reinstates: bool) -> str | None:
    """An event holds no free text: a reason from the list, or that there was another."""
    if reinstates:
        return move.reason if move.reason in REOPENING_REASONS else "other"
    return move.reason if move.status is Status.WITHDRAWN else None


def _apply(db: Session, actor: Actor, change: Change, family: list[str], officer: str | None = None) -> None:
    held = change.held
    source = Source(actor.id, clock.now(), clock.today(), officer=officer)
    posting.post_changes(db, source, [change])
    if change.values.get("status") == Status.WITHDRAWN:  # nothing is left to doubt
        holds.lift_of_rules(db, source, [held.id], "the debt was withdrawn")
    digests = {change.name_match, change.passport_match, held.name_match, held.passport_match}
    thresholds.mark(db, policy_in_force(), family, {digest for digest in digests if digest}, {held.id})
    db.expire_all()


def _day_of(move: Move, held: Held, today: date) -> date:
    """The day from which the move holds. Raises Refused (422) for a new or corrected status without one."""
    if move.status_date is not None:
        return move.status_date
    if move.correction or move.status is not Status(held.status):
        raise Refused("The status date is missing. Enter the day on which it happened.", field="status_date")
    return held.status_date or today


def _check_figures(move: Move, on: date, held: Held, today: date) -> None:
    if on > today:
        raise Refused("The status date is in the future. Enter the day on which it happened.", field="status_date")
    if on < held.invoice_date:
        raise Refused("The status date is before the invoice date. Check both dates.", field="status_date")
    if move.amount_outstanding > held.invoice_amount:
        raise Refused("More is outstanding than was invoiced. Check the amount.", field="amount_outstanding")
    if move.status is Status.REPAID and move.amount_outstanding:
        raise Refused(
            "The debt is repaid, so 0.00 must be left. Check the status and the amount.", field="amount_outstanding"
        )
    if move.status in OPEN_STATUSES and not move.amount_outstanding:
        raise Refused(
            "Nothing is left to pay. Record Debt repaid, or enter what is still owed.", field="amount_outstanding"
        )
    if move.status is Status.WITHDRAWN and move.reason not in (None, *WITHDRAWAL_REASONS):
        choices = ", ".join(f"{code} ({words})" for code, words in WITHDRAWAL_REASONS.items())
        raise Refused(f"Choose a reason for withdrawing: {choices}.", field="reason")


def _check_not_older(move: Move, on: date, held: Held) -> None:
    if on < held.as_at and move.status != held.status and not held.status_is_second_hand:
        raise Conflict(
            f"A newer change of {held.as_at:%d/%m/%Y} stands. Enter a date from that day on.", field="status_date"
        )


def _check_reinstatement(db: Session, actor: Actor, move: Move, debt: Debt) -> None:
    if not may_reopen(actor):
        raise MoveNotAllowed(Status(debt.status), move.status)
    if (other := queries.live_under_number(db, debt)) is not None:
        raise Conflict(f"Invoice {debt.invoice_number} was reported anew and stands as {other.reference}. Change that "
                       "debt instead.")  # fmt: skip
    if not (move.reason or "").strip():
        raise Refused("Say why the debt is reopened.", field="reason")


def may_reopen(actor: Actor) -> bool:
    """Only the Debtors Team reopens what is repaid or withdrawn."""
    return actor.unlimited or actor.may(Permission.REGISTER_EXPORT)


def is_correctable(db: Session, debt: Debt) -> bool:
    """Whether the newest status is young enough to be corrected on the debt's page."""
    newest = next((event for event in reversed(queries.history(db, debt)) if event.status is not None), None)
    return newest is not None and newest.at >= clock.now() - timedelta(days=_correction_days())


def _correction_days() -> int:
    return policy_in_force().numbers.correction_days


def _check_correction(db: Session, debt: Debt, held: Held, move: Move) -> None:
    """A mistaken status is corrected on the page within 30 days, judged from the status before the mistake."""
    if not is_correctable(db, debt):
        days = _correction_days()
        raise Conflict(f"A status can be corrected within {days} days. Ask the Debtors Team about this one.")
    before = Status(held.status_from) if held.status_from else None
    if move.status is not Status(held.status) and not may_correct(before, move.status):
        raise MoveNotAllowed(before or Status.OUTSTANDING, move.status)
