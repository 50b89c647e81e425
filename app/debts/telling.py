"""What happened to a debt, in plain English: one sentence for each of its events."""

from collections.abc import Iterator, Sequence
from typing import Any

from app.core.money import in_words
from app.debts import posting
from app.debts.models import DebtEvent
from app.debts.rules.holding import HoldKind
from app.debts.rules.status import REOPENING_REASONS, WITHDRAWAL_REASONS
from app.return_template.choices import Status
from app.return_template.columns import BY_KEY


def told(history: Sequence[DebtEvent]) -> list[str]:
    """A sentence without full stop for each event of one debt, which come oldest first.

    Each is compared with the status event before it: an event's own `status_from` is the status from which a correction
    would be judged, which an update carries on from the change before.
    """
    words = []
    before: DebtEvent | None = None
    for event in history:
        words.append(_words(event, before))
        before = event if event.status is not None else before
    return words


def _words(event: DebtEvent, before: DebtEvent | None) -> str:
    if event.kind in (posting.HELD, posting.RELEASED):
        return _held(event)
    return _status(event, before) if event.status is not None else _particulars(event)


def _held(event: DebtEvent) -> str:
    if event.kind == posting.RELEASED:
        return "Released from hold"
    kinds = {kind.value: kind for kind in HoldKind}
    return f"Held: {kinds.get(event.reason or '', HoldKind.RULE).label}"


def _status(event: DebtEvent, before: DebtEvent | None) -> str:
    if before is None or event.kind == posting.REPORTED:
        if event.import_id is not None:
            return f"Stood in the register before this service as {_label(event)}"
        return f"First reported as {_label(event)}{_because(event)}"
    if event.status != before.status:
        verb = "corrected" if event.kind == posting.CORRECTED else "changed"
        said = f"status {verb} from {_label(before)} to {_label(event)}{_because(event)}"
    else:
        said = "; ".join(_updates(event, before)) or f"{_label(event)} stated again"
    return f"A return was withdrawn: {said}" if event.kind == posting.UNDONE else said[:1].upper() + said[1:]


def _updates(event: DebtEvent, before: DebtEvent) -> Iterator[str]:
    """What moved although the status is the same."""
    left, left_before = event.amount_outstanding or 0, before.amount_outstanding or 0
    if left != left_before and event.kind in (posting.CORRECTED, posting.UNDONE):
        yield f"amount outstanding corrected from {in_words(left_before)} to {in_words(left)}"
    elif left < left_before:
        yield f"{in_words(left_before - left)} paid: {in_words(left)} left"
    elif left > left_before:
        yield f"{in_words(left - left_before)} more is outstanding: {in_words(left)} left"
    if event.status_date != before.status_date and event.status_date is not None:
        yield f"status date is now {event.status_date:%-d %B %Y}"
    if event.reason != before.reason and event.reason in WITHDRAWAL_REASONS:
        yield f"reason for withdrawing is now that {WITHDRAWAL_REASONS[event.reason]}"


def _because(event: DebtEvent) -> str:
    reasons = WITHDRAWAL_REASONS | REOPENING_REASONS
    words = reasons.get(event.reason or "", "")
    return f", because {words}" if words else ""


def _particulars(event: DebtEvent) -> str:
    """Names what was added, corrected and removed; never the values, which stand elsewhere."""
    changed: dict[str, list[str]] = {}
    for key in BY_KEY:  # in the order of the columns
        if key in (event.particulars or {}):
            was, now = (event.particulars or {})[key]
            changed.setdefault(_what_became(was, now), []).append(BY_KEY[key].heading.removesuffix(" (£)"))
    words = "; ".join(f"{_listed(headings)} {what}" for what, headings in changed.items())
    return f"A return was withdrawn: {words}" if event.kind == posting.UNDONE else words


def _what_became(was: Any, now: Any) -> str:
    if was is None:
        return "added"
    return "removed" if now is None else "corrected"


def _listed(headings: Sequence[str]) -> str:
    *first, last = headings
    return f"{', '.join(first)} and {last}" if first else last


def _label(event: DebtEvent) -> str:
    return Status(event.status or "").label
