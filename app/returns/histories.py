"""A debt's history as it is told: what happened in words, who said so, and in which return."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.accounts import service as accounts
from app.debts import posting, queries
from app.debts.models import Debt, DebtEvent
from app.return_template.choices import Status
from app.return_template.columns import BY_KEY, KEYS
from app.returns.queries import references


@dataclass(frozen=True)
class Told:
    """One event with the name of who said it and, where it came by a return, that return's reference."""

    event: DebtEvent
    by: str
    words: str
    reference: str | None

    @property
    def effective_on(self) -> date:
        return self.event.status_date or self.event.as_at

    @property
    def source(self) -> str:
        """The return and row, a return that was taken back, or a person."""
        if self.event.return_id is None:
            return "person"
        row = self.event.return_row
        return f"{self.reference}, row {row}" if row else f"{self.reference}, withdrawn"


def history_of(db: Session, debt: Debt) -> list[Told]:
    """Every event of the debt, oldest first."""
    events = queries.history(db, debt)
    people = accounts.names(db, (event.actor for event in events))
    returns = references(db, {event.return_id for event in events if event.return_id})
    told: list[Told] = []
    left: int | None = None
    for event in events:
        name = people.get(event.actor, event.actor)
        told.append(Told(event, name, in_words(event, left), returns.get(event.return_id or "")))
        left = left if event.amount_outstanding is None else event.amount_outstanding
    return told


def in_words(event: DebtEvent, left_before: int | None) -> str:
    """What happened, without any value that the particulars had. `left_before` is in pence."""
    undone = event.kind == posting.UNDONE
    if event.particulars:
        headings = [BY_KEY[key].heading.removesuffix(" (£)") for key in KEYS if key in event.particulars]
        return f"{', '.join(headings)}: {'put back, as the return was withdrawn' if undone else 'corrected'}"
    label = Status(event.status).label if event.status else ""
    if undone:
        return f"Put back to {label}, as the return was withdrawn"
    if event.kind == posting.REPORTED:
        return f"First reported as {label}"
    if event.kind == posting.CORRECTED:
        return f"Status corrected to {label}"
    if event.status_from and event.status_from != event.status:
        return f"Status changed from {Status(event.status_from).label} to {label}"
    return _amount_in_words(event.amount_outstanding, left_before)


def _amount_in_words(left: int | None, before: int | None) -> str:
    if left is None or before is None or left == before:
        return "Details of the status updated"
    if left < before:
        return f"{_pounds(before - left)} paid: {_pounds(left)} left"
    return f"Amount outstanding raised by {_pounds(left - before)} to {_pounds(left)}"


def _pounds(pence: int) -> str:
    return f"£{pence // 100:,}.{pence % 100:02d}"
