"""A debt's history in words: what happened, who said so, when, and where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.accounts import service as accounts
from app.debts import posting, queries
from app.debts.models import Debt, DebtEvent
from app.debts.rules.status import WITHDRAWAL_REASONS
from app.return_template.choices import Status
from app.return_template.columns import BY_KEY, KEYS
from app.returns.queries import references


@dataclass(frozen=True)
class Told:
    """One event. `amount` is what was outstanding after it, in pence; `source` the reference of the return it came from.

    `from_` and `to` are statuses, `changed` the keys of particulars that it changed.
    """

    at: datetime
    by: str
    words: str
    kind: str
    from_: str | None
    to: str | None
    effective_on: date
    amount: int | None
    reason: str | None
    changed: Sequence[str]
    source: str | None
    return_id: str | None
    row: int | None


def history_of(db: Session, debt: Debt) -> list[Told]:
    """Every event of the debt, oldest first."""
    events = queries.history(db, debt)
    people = accounts.names(db, (event.actor for event in events))
    returns = references(db, {event.return_id for event in events if event.return_id})
    told: list[Told] = []
    left: int | None = None
    for event in events:
        told.append(_told(event, left, people, returns))
        left = left if event.amount_outstanding is None else event.amount_outstanding
    return told


def _told(
    event: DebtEvent, left: int | None, people: Mapping[str, str], returns: Mapping[str, str | None]
) -> Told:  # fmt: skip
    return Told(
        at=event.at,
        by=people.get(event.actor, event.actor),
        words=_words(event, left),
        kind=event.kind,
        from_=event.status_from,
        to=event.status,
        effective_on=event.status_date or event.as_at,
        amount=event.amount_outstanding,
        reason=event.reason,
        changed=sorted(event.particulars or ()),
        source=returns.get(event.return_id) if event.return_id else None,
        return_id=event.return_id,
        row=event.return_row,
    )


def _words(event: DebtEvent, left: int | None) -> str:
    """What happened. `left` is what was outstanding before it, in pence."""
    undone = event.kind == posting.UNDONE
    if event.particulars:
        return f"{_headings(event.particulars)} {'put back: a return was withdrawn' if undone else 'corrected'}"
    label = Status(event.status).label if event.status else "Debt"
    if undone:
        return f"{label}, because a return was withdrawn"
    if event.kind == posting.REPORTED:
        return f"First reported as {label}"
    if event.kind == posting.CORRECTED:
        return f"Status corrected to {label}"
    if event.status_from and event.status_from != event.status:
        because = WITHDRAWAL_REASONS.get(event.reason or "") if event.status == Status.WITHDRAWN else None
        changed = f"Status changed from {Status(event.status_from).label} to {label}"
        return f"{changed}: {because}" if because else changed
    return _amounts(left, event.amount_outstanding) or f"{label} stated again"


def _amounts(before: int | None, now: int | None) -> str:
    if before is None or now is None or before == now:
        return ""
    if now < before:
        return f"{_pounds(before - now)} paid: {_pounds(now)} left"
    return f"Amount outstanding raised from {_pounds(before)} to {_pounds(now)}"


def _headings(changed: Mapping[str, object]) -> str:
    """In the order of the return's columns."""
    first, *others = [BY_KEY[key].heading for key in KEYS if key in changed]
    return ", ".join([first, *(_in_a_sentence(heading) for heading in others)])


def _in_a_sentence(heading: str) -> str:
    """Family name becomes family name; UK address stays."""
    return heading if heading[1:2].isupper() else heading[0].lower() + heading[1:]


def _pounds(pence: int) -> str:
    return f"£{pence // 100:,}.{pence % 100:02d}"
