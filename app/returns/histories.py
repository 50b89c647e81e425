"""A debt's history as it is told: what happened in words, who said so, and in which return."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.accounts import service as accounts
from app.debts import queries, telling
from app.debts.models import Debt, DebtEvent
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
    return [
        Told(event, people.get(event.actor, event.actor), words, returns.get(event.return_id or ""))
        for event, words in zip(events, telling.told(events), strict=True)
    ]
