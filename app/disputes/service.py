"""Opens, answers and ends disputes. The debt is held from the moment a dispute is opened until it is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts import writing
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import take_turns
from app.core.errors import Conflict, Refused
from app.core.months import months_later
from app.debts import holds, posting, queries, register
from app.debts.models import Debt, DebtEvent
from app.debts.posting import Source
from app.debts.rules.holding import HoldKind
from app.debts.rules.status import WITHDRAWAL_REASONS
from app.debts.service import Move
from app.disputes import letters, reading
from app.disputes.models import Dispute
from app.disputes.rules.cases import LEAVES, MENDED_BY, SETTLEMENTS, STATUS, UPHELD, Answer, Outcome, Reason, Received
from app.disputes.rules.timing import due_on
from app.organisations import service as organisations
from app.policy.in_force import policy_in_force
from app.return_template.choices import Status
from app.returns import amending

LONGEST_NOTE, LONGEST_CASE = 500, 40
_LATEST_DUE_MONTHS = 12


@dataclass(frozen=True)
class Objection:
    """What the Debtors Team notes of a dispute. Without `due_on` the answer is due as policy says."""

    reason: Reason
    received_how: Received
    received_on: date
    case_reference: str
    note: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class Reply:
    """A trust's answer. `particulars` are corrections to make with it, `reason` is why a debt is withdrawn."""

    answer: Answer
    note: str = ""
    reason: str | None = None
    particulars: Mapping[str, Any] | None = None


def open_dispute(db: Session, actor: Actor, debt_id: str, objection: Objection) -> Dispute:
    """Opens a dispute and holds the debt. Raises NotFound (404), Refused (422), Conflict (409) if one is open already."""
    debt = _locked(db, actor, queries.get_debt(db, actor, debt_id, Permission.DISPUTE_OPEN))
    if (before := reading.open_of(db, debt.id)) is not None:
        raise Conflict(f"A dispute about this debt is open already: {reading.state_in_words(before)}.")
    if debt.status == Status.WITHDRAWN:
        raise Conflict(
            "This debt is withdrawn, so it is not passed on any more. Reopen it first if it is owed after all."
        )
    made = Dispute(
        debt_id=debt.id, organisation_code=debt.organisation_code, reason=objection.reason.value,
        case_reference=_words(objection.case_reference, "case_reference", "Enter your case reference.", LONGEST_CASE),
        received_on=_received(objection.received_on, debt), received_how=objection.received_how.value,
        due_on=_due(objection), note=_optional(objection.note, "note"), opened_at=clock.now(), opened_by=actor.id,
    )  # fmt: skip
    db.add(made)
    db.flush()
    holds.place(db, _source(actor), HoldKind.DISPUTE, {debt.id: [made.id]}, objection.reason.label)
    record(db, actor, AuditAction.DISPUTE_OPENED, *_about(made), reason=made.reason)
    _tell(db, actor, made)
    db.refresh(debt)
    return made


def answer(db: Session, actor: Actor, dispute_id: str, reply: Reply) -> Dispute:
    """The trust answers. Raises NotFound (404), Refused (422), Conflict (409) with the present state if it has been."""
    found = reading.get(db, actor, dispute_id, Permission.DISPUTE_ANSWER)
    debt = _locked(db, actor, queries.get_debt(db, actor, found.debt_id))
    db.refresh(found)
    if found.answer is not None or found.closed_at is not None:
        raise Conflict(f"This dispute takes no answer any more: {reading.state_in_words(found)}.")
    note = _optional(reply.note, "note")
    if reply.answer is Answer.STANDS and not note:
        raise Refused("Say why the record is right.", field="note")
    if reply.particulars and reply.answer is not Answer.AMENDED:
        raise Refused(
            "Particulars are corrected by the answer `amended` only. Leave them out, or answer that.", field="answer"
        )
    if reply.answer is Answer.AMENDED:
        _amend(db, actor, found, reply)
    elif reply.answer is Answer.WITHDRAWN:
        _withdraw(db, actor, debt, reply)
    found.answer, found.answer_note = reply.answer.value, note or None
    found.answered_at, found.answered_by = clock.now(), actor.id
    db.add(found)
    record(db, actor, AuditAction.DISPUTE_ANSWERED, *_about(found), answer=found.answer)
    db.flush()
    return found


def settle(db: Session, actor: Actor, dispute_id: str, outcome: Outcome, note: str) -> Dispute:
    """The Debtors Team decides, and the dispute's hold ends. Raises NotFound (404), Refused (422), Conflict (409).

    The trust is heard first: without its answer only when that is late. A record that was found wrong and is as it was
    stays held by hand, so that it does not go out again unmended.
    """
    found = _to_close(db, actor, dispute_id, Permission.DISPUTE_SETTLE)
    if outcome not in SETTLEMENTS:
        raise Refused("Choose upheld, partly upheld or not upheld.", field="outcome")
    if found.answer is None and clock.today() <= found.due_on:
        raise Conflict(f"The trust has until {found.due_on:%-d %B %Y} to answer. Settle this dispute after that day.")
    words = _words(note, "note", "Say how the dispute was settled, and why.", LONGEST_NOTE)
    unmended = outcome in UPHELD and not was_put_right(db, found)
    _close(db, actor, found, outcome, words)
    if unmended:
        holds.place(db, _source(actor), HoldKind.HAND, {found.debt_id: [None]}, UNMENDED)
    found.settled_event = register.last_event_id(db)
    db.add(found)
    record(
        db, actor, AuditAction.DISPUTE_SETTLED, *_about(found), settlement=outcome.value, stays_held=unmended or None
    )
    return found


WITHDRAWN = "withdrawn"
UNMENDED = "a dispute about it was upheld, and the record is not corrected yet"


def abandon(db: Session, actor: Actor, dispute_id: str, note: str) -> Dispute:
    """It was opened by mistake: the hold ends, and it counts nowhere. Raises NotFound (404), Refused (422), Conflict (409)."""
    found = _to_close(db, actor, dispute_id, Permission.DISPUTE_OPEN)
    _close(db, actor, found, Outcome.ABANDONED, _words(note, "note", "Say why it was a mistake.", LONGEST_NOTE))
    record(db, actor, AuditAction.DISPUTE_ABANDONED, *_about(found))
    return found


def was_put_right(db: Session, dispute: Dispute) -> bool:
    """Whether the debt was withdrawn since this dispute, the newest of its debt, was opened, or what it is about is another
    now than it was then. A payment puts no name right.
    """
    changed = changed_since(db, dispute)
    return WITHDRAWN in changed or not changed.isdisjoint(MENDED_BY[Reason(dispute.reason)])


def changed_since(db: Session, dispute: Dispute) -> set[str]:
    """Which of the columns that leave hold another value than when the dispute was opened, and `withdrawn`; none where what
    was changed was put back again.
    """
    debt = db.get_one(Debt, dispute.debt_id)
    query = select(DebtEvent).where(col(DebtEvent.debt_id) == debt.id).order_by(col(DebtEvent.id))
    then: dict[str, Any] = {}
    is_open = True  # going back from now to when the dispute was opened, and on to the status of that day
    for event in reversed(db.execute(query).scalars().all()):
        if is_open:
            then |= {key: was for key, (was, _) in (event.particulars or {}).items()}
            is_open = (event.kind, event.reason) != (posting.HELD, HoldKind.DISPUTE.value)
        elif event.status is not None:
            then |= {key: register.to_json(getattr(event, key)) for key in STATUS}
            break
    changed = {key for key, was in then.items() if register.to_json(getattr(debt, key)) != was}
    return (changed & LEAVES) | ({WITHDRAWN} if debt.status == Status.WITHDRAWN else set())


def _tell(db: Session, actor: Actor, dispute: Dispute) -> None:
    """Writes to the organisation that an answer is wanted."""
    if actor.sends_mail:
        code = dispute.organisation_code
        name = f"{organisations.names(db, [code])[code]} ({code})"
        letter = letters.opened(
            name, dispute.due_on, writing.link(f"/disputes/{dispute.id}"), writing.sign_off(db, code)
        )
        writing.write_to_officers(db, code, letter, "dispute", dispute.id)


def _amend(db: Session, actor: Actor, found: Dispute, reply: Reply) -> None:
    if reply.particulars:
        amending.amend(db, actor, found.debt_id, reply.particulars)
    if not changed_since(db, found):
        raise Refused("Nothing of this debt has been corrected since the dispute was opened. Correct the details or record "
                      "the change on the debt first, then answer.", field="answer")  # fmt: skip


def _withdraw(db: Session, actor: Actor, debt: Debt, reply: Reply) -> None:
    if reply.reason not in WITHDRAWAL_REASONS:
        raise Refused("Choose why the debt is withdrawn.", field="reason")
    if debt.status != Status.WITHDRAWN or debt.withdrawal_reason != reply.reason:
        move = Move(Status.WITHDRAWN, clock.today(), debt.amount_outstanding, reply.reason)
        amending.change_status(db, actor, debt.id, move)


def _to_close(db: Session, actor: Actor, dispute_id: str, permission: Permission) -> Dispute:
    found = reading.get(db, actor, dispute_id, permission)
    _locked(db, actor, queries.get_debt(db, actor, found.debt_id))
    db.refresh(found)
    if found.closed_at is not None:
        raise Conflict(f"This dispute is closed already: {reading.state_in_words(found)}.")
    return found


def _close(db: Session, actor: Actor, found: Dispute, outcome: Outcome, note: str) -> None:
    found.outcome, found.outcome_note, found.closed_at, found.closed_by = outcome.value, note, clock.now(), actor.id
    db.add(found)
    standing = [each for each in holds.standing_of(db, found.debt_id) if each.code == found.id]
    holds.lift(db, _source(actor), standing, f"the dispute was closed: {outcome.label.lower()}")
    db.flush()


def _locked(db: Session, _actor: Actor, debt: Debt) -> Debt:
    take_turns(db, [*organisations.family(db, debt.organisation_code, clock.today()), "register"])
    db.refresh(debt)
    return debt


def _source(actor: Actor) -> Source:
    return Source(actor.id, clock.now(), clock.today())


def _received(day: date, debt: Debt) -> date:
    if not debt.invoice_date <= day <= clock.today():
        raise Refused("The day received is in the future or before the invoice. Enter the day on which the dispute "
                      "reached you.", field="received_on")  # fmt: skip
    return day


def _due(objection: Objection) -> date:
    due = objection.due_on or due_on(objection.received_on, policy_in_force().numbers.dispute_months)
    if not objection.received_on <= due <= months_later(objection.received_on, _LATEST_DUE_MONTHS):
        raise Refused("The day on which the answer is due must come within a year after the dispute was received. Enter "
                      "another day.", field="due_on")  # fmt: skip
    return due


def _words(text: str, field: str, missing: str, longest: int) -> str:
    if not text.strip():
        raise Refused(missing, field=field)
    return _optional(text, field, longest)


def _optional(text: str, field: str, longest: int = LONGEST_NOTE) -> str:
    if len(text.strip()) > longest:
        raise Refused(f"Shorten this to {longest} characters or fewer.", field=field)
    return text.strip()


def _about(found: Dispute) -> tuple[str, str, str]:
    """What an audit event says of which dispute it speaks."""
    return "dispute", found.id, found.organisation_code
