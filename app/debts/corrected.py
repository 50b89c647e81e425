"""What puts a debt right: a corrected particular, status or amount, and a withdrawal; what its recipients must be told of."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlmodel import Session, col

from app.core.db import among
from app.debts import posting
from app.debts.models import PUTS_RIGHT, DebtEvent
from app.return_template.choices import Status
from app.return_template.columns import BY_KEY

# Who the person is and which debt it is. A new address is news, not a correction.
PASSED_ON = (
    "invoice_date", "invoice_amount", "family_name", "given_names", "other_names", "date_of_birth", "sex", "nationality",
    "passport_number", "home_office_reference", "ni_number",
)  # fmt: skip
WITHDRAWN = "Withdrawn"


@dataclass(frozen=True)
class Correction:
    """One event that put something right, with the headings of what it changed, never the values."""

    event_id: int
    at: datetime
    headings: tuple[str, ...]


def newest_since(db: Session, after: int) -> dict[str, int]:
    """By debt, the newest event after this one that may have put something right. The index of such events serves it."""
    query = select(col(DebtEvent.debt_id), col(DebtEvent.id)).where(col(DebtEvent.id) > after, text(f"({PUTS_RIGHT})"))
    return {debt_id: event_id for debt_id, event_id in db.execute(query.order_by(col(DebtEvent.id)))}


def corrections_of(db: Session, debt_ids: Collection[str]) -> dict[str, list[Correction]]:
    """Everything that was ever put right on these debts, oldest first."""
    query = select(DebtEvent).where(among(db, col(DebtEvent.debt_id), list(debt_ids))).order_by(col(DebtEvent.id))
    histories: dict[str, list[DebtEvent]] = defaultdict(list)
    for event in db.execute(query).scalars() if debt_ids else ():
        histories[event.debt_id].append(event)
    return {debt_id: list(corrections(history)) for debt_id, history in histories.items()}


def corrections(history: Sequence[DebtEvent]) -> Iterator[Correction]:
    """Of one debt's events, oldest first."""
    before: DebtEvent | None = None
    for event in history:
        headings = [*_particulars(event), *(_status(event, before) if before is not None else ())]
        if headings:
            yield Correction(event.id or 0, event.at, tuple(headings))
        before = event if event.status is not None else before


def _particulars(event: DebtEvent) -> Iterator[str]:
    """A value that was there and is another now. What was only added was not wrong before."""
    for key in PASSED_ON:
        if (event.particulars or {}).get(key, [None])[0] is not None:
            yield BY_KEY[key].heading.removesuffix(" (£)")


def _status(event: DebtEvent, before: DebtEvent) -> Iterator[str]:
    if event.status is None:
        return
    if event.status == Status.WITHDRAWN != before.status:
        yield WITHDRAWN
    elif event.kind in (posting.CORRECTED, posting.UNDONE):
        if (event.status, event.status_date) != (before.status, before.status_date):
            yield "Debt status"
        if event.amount_outstanding != before.amount_outstanding:
            yield "Amount outstanding"
