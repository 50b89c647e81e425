"""Checks of one return: its numbers, what is kept of its rows, and that the debts it opened began as its cells say."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select
from sqlmodel import Session, col

from app.core.db import among
from app.debts.held import PARTICULARS_KEYS, STATUS_KEYS
from app.debts.models import Debt, DebtEvent
from app.debts.posting import REPORTED
from app.debts.register import from_json
from app.periods.calendar import Period
from app.policy.in_force import policy_in_force
from app.returns import parts
from app.returns.assessing import ruleset
from app.returns.judging import Result
from app.returns.merging import counts_for_period
from app.returns.models import Lifecycle, Outcome, Return
from app.returns.parsing import parse
from app.returns.parts import KeptRow
from app.returns.rules.context import context_for
from app.returns.rules.row import Row
from app.verifying.check import Check, Difference, differing

_BEGAN = (*(key for key in PARTICULARS_KEYS), "invoice_number")


@dataclass(frozen=True)
class Sent:
    """One return and what is kept of its rows."""

    db: Session
    return_: Return
    accepted: Sequence[KeptRow]
    rejected: Sequence[KeptRow] | None
    is_readable: bool = True

    @property
    def where(self) -> str:
        return self.return_.reference or f"check {self.return_.id}"


def opened(db: Session, return_: Return) -> Sent:
    try:
        has_rejected = parts.has(db, return_.id, parts.REJECTED)
        rejected = parts.rows(db, return_.id, parts.REJECTED).rows if has_rejected else None
        parts.findings(db, return_.id)
        return Sent(db, return_, parts.rows(db, return_.id, parts.ACCEPTED).rows, rejected)
    except (zlib.error, msgspec.DecodeError):
        return Sent(db, return_, (), None, is_readable=False)


def numbers(sent: Sent) -> Iterator[Difference]:
    """read = accepted + unchanged + rejected; accepted = new + changed; a nil says nothing. Whether it counts as the month's
    submission follows from them and from when it came.
    """
    found = sent.return_
    read = found.accepted + found.unchanged + found.rejected
    yield from differing(sent.where, {"read": 0 if found.outcome == Outcome.NIL else read}, found)
    yield from differing(sent.where, {"accepted": found.new + found.changed}, found)
    if found.submitted_at is not None:
        says_something = found.outcome == Outcome.NIL or found.accepted + found.unchanged > 0
        in_time = counts_for_period(found.submitted_at, Period.parse(found.period))
        yield from differing(sent.where, {"qualifies": says_something and in_time}, found)


def rows(sent: Sent) -> Iterator[Difference]:
    """Rows go with their debts, or all rejected ones together; none is ever added."""
    if not sent.is_readable:
        yield Difference(sent.where, "what is kept of its file cannot be read")
    most = sent.return_.accepted + sent.return_.unchanged
    if len(sent.accepted) > most:
        yield Difference(sent.where, "accepted rows kept", f"{most} at most", str(len(sent.accepted)))
    if sent.rejected is not None and len(sent.rejected) != sent.return_.rejected:
        yield Difference(sent.where, "rejected rows kept", str(sent.return_.rejected), str(len(sent.rejected)))


def first_reports(sent: Sent) -> Iterator[Difference]:
    """A debt began as the cells say that first reported it, read again by the policy that judged them."""
    if sent.return_.ruleset != ruleset(policy_in_force()) or sent.return_.lifecycle == Lifecycle.CHECKED:
        return
    new = [row for row in sent.accepted if row.result == Result.NEW]
    debts, histories = _of(sent.db, [row.debt_id for row in new if row.debt_id])
    for row, read in zip(new, _read_again(sent.return_, new), strict=True):
        debt = debts.get(row.debt_id or "")
        if debt is None:
            yield Difference(sent.where, f"row {row.number} opened a debt that is not there")
            continue
        began = _began(debt, histories[debt.id])
        for key in (*STATUS_KEYS, *_BEGAN):
            if key not in read.faulty and getattr(read, key) != began[key]:
                yield Difference(debt.reference, f"{key} did not begin as row {row.number} of {sent.where} says")


def _read_again(return_: Return, kept: Sequence[KeptRow]) -> list[Row]:
    """The cells as values. That a trust has confirmed a cell is remembered elsewhere: here each counts as confirmed."""
    last_day = Period.parse(return_.period).last_day
    context = context_for(
        policy_in_force(), return_.period, last_day, return_.reporting_day, confirmed=lambda _text: True
    )
    return parse([(row.number, row.cells) for row in kept], {}, context)


def _of(db: Session, ids: Sequence[str]) -> tuple[dict[str, Debt], dict[str, list[DebtEvent]]]:
    debts = {debt.id: debt for debt in db.execute(select(Debt).where(among(db, col(Debt.id), ids))).scalars()}
    histories: dict[str, list[DebtEvent]] = {id_: [] for id_ in debts}
    events = select(DebtEvent).where(among(db, col(DebtEvent.debt_id), debts)).order_by(col(DebtEvent.id))
    for event in db.execute(events).scalars():
        histories[event.debt_id].append(event)
    return debts, histories


def _began(debt: Debt, events: Sequence[DebtEvent]) -> dict[str, Any]:
    """The debt as it was first reported: every later change of its details taken back."""
    state = {key: getattr(debt, key) for key in _BEGAN}
    for event in reversed(events):
        state |= {key: from_json(key, was) for key, (was, _) in (event.particulars or {}).items()}
    report = next((event for event in events if event.kind == REPORTED), None)
    return state | {key: getattr(report, key, None) for key in STATUS_KEYS}


CHECKS = (
    Check("Returns whose numbers add up", numbers),
    Check("Returns of which no more rows are kept than were sent", rows),
    Check("Returns whose new debts began as their cells say", first_reports),
)
