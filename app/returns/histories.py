"""A debt's history and holds as they are told: what happened in words, who said so, and in which return."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.accounts import service as accounts
from app.debts import holds, imports, queries, telling
from app.debts.models import Debt, DebtEvent, Hold
from app.debts.posting import UNDONE
from app.debts.rules.holding import HoldKind
from app.returns.queries import references
from app.returns.rules.engine import RULES


@dataclass(frozen=True)
class Told:
    """One event with the name of who said it, the status before it and, where it came by a return, its reference; the
    same for the loading of the register before this service.
    """

    event: DebtEvent
    by: str
    words: str
    reference: str | None
    was: str | None
    imported: str | None = None

    @property
    def effective_on(self) -> date:
        return self.event.status_date or self.event.as_at

    @property
    def source(self) -> str:
        """The return and row, a return that was taken back, the register before this service, or a person."""
        if self.imported is not None:
            return imports.told(self.imported, self.event.return_row)
        if self.event.return_id is None:
            return "person"
        row = self.event.return_row
        undone = ", withdrawn" if self.event.kind == UNDONE else ""
        return f"{self.reference}, row {row}" if row else f"{self.reference}{undone}"


@dataclass(frozen=True)
class ToldHold:
    """One hold that stands on a debt, and what it takes to end it."""

    hold: Hold
    words: str
    way_out: str


def holds_of(db: Session, debt: Debt) -> list[ToldHold]:
    """The holds that stand, oldest first: who asks what, in words."""
    return [hold_told(hold) for hold in holds.standing_of(db, debt.id)]


def hold_told(hold: Hold) -> ToldHold:
    """One hold, standing or not."""
    kind = HoldKind(hold.kind)
    if kind is HoldKind.RULE:
        found = RULES[hold.code or ""].summary.removesuffix(".")
        return ToldHold(hold, f"{found} ({hold.code})", _MEND)
    if kind is HoldKind.IMPORT:
        found = RULES[hold.code or ""].summary.removesuffix(".")
        return ToldHold(hold, f"{found}, in the register before this service ({hold.code})", _ENDS[kind])
    words = f"{kind.label[:1].upper()}{kind.label[1:]}"
    said = (hold.reason or "").rstrip(". ")
    return ToldHold(hold, f"{words}: {said}" if said else words, _ENDS[kind])


_MEND = (
    "Withdraw the debt if it should not have been reported, send the right facts in a return, or say on the open row "
    "that the earlier facts stand."
)
_ENDS = {
    HoldKind.HAND: "The Debtors Team ends this hold.",
    HoldKind.SAMPLE: "The Debtors Team ends this hold once the record is right.",
    HoldKind.DISPUTE: "It ends when the dispute is settled.",
    HoldKind.IMPORT: "Withdraw the debt if it should not have been reported, or send the right facts in a return. "
    "The Debtors Team can end this hold too.",
}


def history_of(db: Session, debt: Debt) -> list[Told]:
    """Every event of the debt, oldest first."""
    events = queries.history(db, debt)
    people = accounts.names(db, (event.actor for event in events))
    returns = references(db, {event.return_id for event in events if event.return_id})
    imported = imports.references(db, {event.import_id for event in events if event.import_id})
    return [
        Told(
            event,
            people.get(event.actor, event.actor),
            words,
            returns.get(event.return_id or ""),
            was,
            imported.get(event.import_id or ""),
        )
        for event, words, was in zip(events, telling.told(events), _statuses_before(events), strict=True)
    ]


def _statuses_before(events: Sequence[DebtEvent]) -> Iterator[str | None]:
    """The status in which each event found the debt; an event's own is the one from which a correction is judged."""
    status: str | None = None
    for event in events:
        yield status if event.status is not None else None
        status = event.status or status
