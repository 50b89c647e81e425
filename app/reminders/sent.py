"""What was put into the outbox to remind of a month, and what has become of it since."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from app.core import clock, outbox
from app.core.outbox import Message
from app.periods.calendar import Period
from app.reminders.models import Reminder
from app.reminders.rules.occasions import BY_CODE, Occasion


class Outcome(StrEnum):
    """What became of the mails of one reminder: of several the first of these that one of them met."""

    FAILED = "failed"
    WAITING = "waiting"
    KEPT = "kept"  # no channel is set: it is read in the outbox and goes nowhere
    SENT = "sent"
    OVER = "over"  # the return came before the mail had left
    PURGED = "purged"  # so old that the mail itself is not kept any more


@dataclass(frozen=True)
class Sent:
    """One organisation reminded on one occasion and day. `to` counts the recipients; `trouble` is in words."""

    organisation: str
    occasion: Occasion
    on: date
    at: datetime
    recipients: frozenset[str]
    outcome: Outcome
    trouble: str | None
    sent_by: str

    @property
    def to(self) -> int:
        return len(self.recipients)


def sent(db: Session, period: Period, codes: Collection[str] | None = None) -> list[Sent]:
    """The reminders of a month, the newest first; of these organisations or of all."""
    query = (
        select(Reminder, Message.state, Message.trouble)  # type: ignore[call-overload]
        .outerjoin(Message, col(Message.id) == col(Reminder.message_id))
        .where(col(Reminder.period) == str(period))
        .order_by(col(Reminder.at), col(Reminder.id))
    )
    if codes is not None:
        query = query.where(col(Reminder.organisation_code).in_(codes))
    together: dict[tuple[str, str, date], list[tuple[Reminder, str | None, str | None]]] = defaultdict(list)
    for one, state, trouble in db.execute(query):
        together[one.organisation_code, one.occasion, clock.uk_date(one.at)].append((one, state, trouble))
    found = [_added_up(each) for each in together.values() if each[0][0].occasion in BY_CODE]
    return sorted(found, key=lambda each: (each.at, each.organisation), reverse=True)


def _added_up(mails: Sequence[tuple[Reminder, str | None, str | None]]) -> Sent:
    first = mails[0][0]
    met = {Outcome(state) if state else Outcome.PURGED for _, state, _ in mails}
    return Sent(
        organisation=first.organisation_code,
        occasion=BY_CODE[first.occasion],
        on=clock.uk_date(first.at),
        at=first.at,
        recipients=frozenset(one.recipient_id for one, _, _ in mails),
        outcome=next(outcome for outcome in Outcome if outcome in met),
        trouble=next((trouble for _, state, trouble in mails if state == Outcome.FAILED and trouble), None),
        sent_by=first.sent_by,
    )


assert set(outbox.State) <= set(Outcome)
