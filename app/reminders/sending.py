"""Puts reminders into the outbox: those whose day has come, and those that a person sends. Never twice for one reason."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock, outbox
from app.core.db import take_turns
from app.core.errors import Forbidden, Refused
from app.core.outbox import Message
from app.organisations import service as organisations
from app.periods import service as periods
from app.periods.calendar import Period
from app.reminders import wording
from app.reminders.models import Reminder
from app.reminders.planning import STILL_OWES, Planned, plan
from app.reminders.recipients import Recipient
from app.reminders.rules.occasions import BY_HAND, Occasion
from app.reminders.rules.words import Wording
from app.submissions.rules.state import RECEIVED, State
from app.submissions.standings import standings

KIND = "reminder"


class Reason(StrEnum):
    """Why an organisation was left out when a person sent reminders."""

    RECEIVED = "received"
    EXCUSED = "excused"
    NOT_OWED = "not_owed"
    REMINDED_TODAY = "reminded_today"
    NOBODY = "nobody_to_write_to"

    @property
    def words(self) -> str:
        return _REASONS[self]


_REASONS = {
    Reason.RECEIVED: "its return is in",
    Reason.EXCUSED: "it is excused for the month",
    Reason.NOT_OWED: "it owes no return for the month",
    Reason.REMINDED_TODAY: "it was reminded today already",
    Reason.NOBODY: "there is nobody to write to: no account and no office with an e-mail address",
}


@dataclass(frozen=True)
class Skipped:
    organisation: str
    reason: Reason


@dataclass(frozen=True)
class Outcome:
    """What came of sending by hand: organisations by code, and to how many recipients."""

    sent: Sequence[str]
    mails: int
    skipped: Sequence[Skipped]


def send_due(db: Session, actor: Actor, period: Period, today: date) -> list[tuple[Planned, int]]:
    """Sends what has come and was not sent; gives who was reminded, and by how many mails.

    Each organisation's turn is taken first, as an upload takes it: whoever's return is in by then has dropped out.
    """
    codes = frozenset(one.organisation for one in plan(db, period, today) if one.to_reach)
    if not codes:
        return []
    take_turns(db, sorted(codes))
    words, done = wording.in_force(db), []
    for one in plan(db, period, today, codes):
        if one.now is not None and one.to_reach:
            number = _put(
                db, actor, one, one.now, _because_of(one.now.code, one.cell.due_on), one.to_reach, words, today
            )
            done += [(one, number)] if number else []
    return done


def send_by_hand(db: Session, actor: Actor, period: Period, codes: Collection[str] | None, today: date) -> Outcome:
    """Reminds these organisations, or all that still owe and that this person may remind, once a day at most.

    Raises NotFound (404) for an organisation that is not this person's to see, Forbidden (403) for one that they may not
    remind, Refused (422) for a month that cannot be returned now.
    """
    _is_time_for(period, today)
    scope = actor.scope(Permission.REMINDER_SEND)
    if codes is None:
        wanted = frozenset(one.organisation for one in plan(db, period, today, scope))
    else:
        wanted = frozenset(visible_organisation(db, actor, Permission.REMINDER_READ, code) for code in codes)
        _may_remind(db, wanted, scope)
    take_turns(db, sorted(wanted))
    words, reached, mails = wording.in_force(db), [], 0
    skipped = _left_out(db, wanted, period)
    for one in plan(db, period, today, wanted):
        if (reason := _why_not(one, today)) is not None:
            skipped.append(Skipped(one.organisation, reason))
        elif number := _put(db, actor, one, BY_HAND, f"{BY_HAND.code} {today}", one.recipients, words, today):
            reached.append(one.organisation)
            mails += number
    return Outcome(reached, mails, sorted(skipped, key=lambda each: each.organisation))


def is_over(db: Session, message: Message) -> bool:
    """Whether a reminder that waits is about a month that is not owed any more, because the return came or it was excused,
    or that is due on another day than it says.
    """
    one = db.execute(select(Reminder).where(col(Reminder.message_id) == message.id)).scalar_one_or_none()
    if one is None:
        return False
    found = standings(db, frozenset({one.organisation_code}), [Period.parse(one.period)])
    owed = [cell for cell in found if cell.state in STILL_OWES]
    if one.occasion == BY_HAND.code:
        return not owed
    return not any(f":{_because_of(one.occasion, cell.due_on)}:" in (message.once or "") for cell in owed)


def _because_of(occasion: str, due_on: date) -> str:
    """Another due date is another reason."""
    return f"{occasion} {due_on}"


def _put(  # noqa: PLR0913, PLR0917 - what to send to whom, by whom and why is that much
    db: Session, actor: Actor, one: Planned, occasion: Occasion, reason: str, whom: Sequence[Recipient],
    words: Mapping[str, Wording], today: date,
) -> int:  # fmt: skip
    """One mail to each; how many were written."""
    letter = words[occasion.code].filled(wording.values(one.cell, today))
    code, period, number = one.organisation, str(one.cell.period), 0
    for recipient in whom:
        once = f"{KIND}:{code}:{period}:{reason}:{recipient.id}"
        message = outbox.put(db, recipient.email, letter.subject, letter.body, KIND, once=once, about=code)
        if message is not None:
            db.add(
                Reminder(
                    organisation_code=code, period=period, occasion=occasion.code, recipient_id=recipient.id,
                    message_id=message.id, at=clock.now(), sent_by=actor.id,
                )
            )  # fmt: skip
            number += 1
    if number:
        record(
            db, actor, AuditAction.REMINDER_SENT, "organisation", code, code,
            period=period, occasion=occasion.code, recipients=number,
        )  # fmt: skip
    return number


def _is_time_for(period: Period, today: date) -> None:
    if today <= period.last_day:
        raise Refused(f"{period.label} has not ended, so no return can be due for it yet. Choose an earlier month.")
    if not periods.is_open(period, today):
        raise Refused(f"{period.label} takes no returns any more. Choose a later month.")


def _may_remind(db: Session, codes: frozenset[str], scope: frozenset[str] | None) -> None:
    if scope is None or not (beyond := sorted(codes - scope)):
        return
    named = ", ".join(f"{name} ({code})" for code, name in sorted(organisations.names(db, beyond).items()))
    raise Forbidden(f"Not in your portfolio: {named}. Nobody was reminded. Leave them out, or ask the Debtors Team.")


def _why_not(one: Planned, today: date) -> Reason | None:
    if one.had_on(today):
        return Reason.REMINDED_TODAY
    return None if one.recipients else Reason.NOBODY


def _left_out(db: Session, codes: frozenset[str], period: Period) -> list[Skipped]:
    """Those who owe nothing any more, each with the reason."""
    states = {cell.organisation: cell.state for cell in standings(db, codes, [period])}
    return [
        Skipped(code, _reason(states.get(code, State.NOT_OWED)))
        for code in codes
        if states.get(code, State.NOT_OWED) not in STILL_OWES
    ]


def _reason(state: State) -> Reason:
    if state in RECEIVED:
        return Reason.RECEIVED
    return Reason.EXCUSED if state is State.EXCUSED else Reason.NOT_OWED
