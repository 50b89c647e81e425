"""A debt's history in words: what happened, who said so, when, and where it stands."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.accounts import service as accounts
from app.core.money import to_pounds
from app.debts import posting, queries
from app.debts.models import Debt, DebtEvent
from app.return_template.choices import Status
from app.return_template.columns import BY_KEY
from app.returns.queries import references


@dataclass(frozen=True)
class Told:
    """One event. `amount` is what was outstanding after it, in pence."""

    at: datetime
    by: str
    words: str
    kind: str
    effective_on: date
    amount: int | None
    source: str | None
    return_id: str | None
    row: int | None


def history_of(db: Session, debt: Debt) -> list[Told]:
    """Every event of the debt, oldest first."""
    events = queries.history(db, debt)
    people = accounts.names(db, (event.actor for event in events))
    returns = references(db, {event.return_id for event in events if event.return_id})
    told, before = [], None
    for event in events:
        told.append(
            Told(
                event.at, people.get(event.actor, event.actor), _words(event, before), event.kind,
                event.status_date or event.as_at, event.amount_outstanding,
                returns.get(event.return_id) if event.return_id else None, event.return_id, event.return_row,
            )
        )  # fmt: skip
        before = event.amount_outstanding if event.amount_outstanding is not None else before
    return told


def _words(event: DebtEvent, before: int | None) -> str:
    if event.particulars:
        headings = [BY_KEY[key].heading for key in event.particulars]
        return f"{', '.join([headings[0], *(heading[0].lower() + heading[1:] for heading in headings[1:])])} corrected"
    label = Status(event.status).label if event.status else ""
    if event.kind == posting.REPORTED:
        return f"First reported as {label}"
    if event.status_from and event.status_from != event.status:
        return f"Status changed from {Status(event.status_from).label} to {label}"
    if before is not None and event.amount_outstanding is not None and event.amount_outstanding < before:
        return f"£{to_pounds(before - event.amount_outstanding)} paid: £{to_pounds(event.amount_outstanding)} left"
    return f"{label} stated again"
