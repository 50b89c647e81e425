"""Taking a list of obligations: what it would change, and doing exactly that as long as it is still so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from sqlmodel import Session

from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.csv_list import Faults
from app.core.db import take_turns
from app.core.errors import Conflict
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.submissions.obligations import TURN, Actor, held_by, note, span_of, write
from app.submissions.obligations_file import Entry, read
from app.submissions.rules.owing import all_in_words, owed_in_words
from app.submissions.rules.spans import Span, joined, settled, without
from app.submissions.rules.state import RECEIVED
from app.submissions.standings import standings


@dataclass(frozen=True)
class Change:
    """What one organisation owes now and would owe then, and the lines that say so."""

    code: str
    name: str
    was: tuple[Span, ...]
    becomes: tuple[Span, ...]
    entries: tuple[Entry, ...]
    opened: date | None = None
    closed: date | None = None
    received: int = 0  # returns that were received for the months taken away

    @property
    def added(self) -> str:
        """In words, as the three below; empty for no month. Says where opening or closing leaves nothing to owe."""
        spans = without(self.becomes, self.was)
        return "; ".join(owed_in_words(span, self.opened, self.closed) for span in spans)

    @property
    def taken_away(self) -> str:
        return _months(without(self.was, self.becomes))

    @property
    def now(self) -> str:
        return all_in_words(joined(self.was))

    @property
    def then(self) -> str:
        return all_in_words(joined(self.becomes))

    @property
    def lost(self) -> str:
        """What becomes of returns of the months taken away; empty when there are none."""
        if not self.received:
            return ""
        return (
            f"{self.received} received return{'s of them count' if self.received > 1 else ' of them counts'} no longer"
        )

    @property
    def sentence(self) -> str:
        taken = ": ".join(filter(None, [f"takes away {self.taken_away}", self.lost]))
        more = [f"adds {self.added}" if self.added else "", taken if self.taken_away else ""]
        return f"{self.code}: owes {self.now}; then {self.then} ({', '.join(filter(None, more))})."


@dataclass(frozen=True)
class Plan:
    """What a list would change, by code. `unchanged` are the organisations that owe already what it says."""

    changes: tuple[Change, ...]
    unchanged: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """The same for the same changes from the same state, so that what was shown is what is done."""
        told = [(one.code, one.was, one.becomes, one.entries, one.received) for one in self.changes]
        return sha256(repr((told, self.unchanged)).encode()).hexdigest()[:32]


class Overtaken(Conflict):
    """What is owed has changed since the changes were shown; `plan` is what the list would change now."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(
            "What organisations owe has changed since this was shown, so nothing was imported. Look at it again."
        )
        self.plan = plan


def plan(db: Session, text: str) -> Plan:
    """Raises Refused (422) for a list with any fault, naming each with its line.

    Of each organisation, months before the first one in the list stay as they are; from there on the list says all.
    """
    entries, faults = read(text)
    known = {one.code: one for one in organisations.everyone(db, frozenset(entry.code for entry in entries))}
    names = {code: one.name for code, one in known.items()}
    _check_codes(entries, names, faults)
    faults.raise_any()
    held = held_by(db, list(names))
    changes: list[Change] = []
    unchanged: list[str] = []
    for code in sorted(names):
        own = tuple(sorted((one for one in entries if one.code == code), key=lambda one: one.span.first))
        was = tuple(map(span_of, held[code]))
        becomes = _becomes(was, own)
        if joined(was) == joined(becomes):
            unchanged.append(code)
        else:
            one, received = known[code], _received(db, code, without(was, becomes))
            changes.append(Change(code, one.name, was, becomes, own, one.open_date, one.close_date, received))
    return Plan(tuple(changes), tuple(unchanged))


def take(db: Session, actor: Actor, text: str, seen: str | None = None) -> Plan:
    """Does what the list says, all of it or nothing. `seen` is the fingerprint of what was shown before.

    Raises Refused (422) as `plan` does, and Overtaken (409) when something else would change than was shown.
    """
    take_turns(db, [TURN])
    wanted = plan(db, text)
    if seen is not None and seen != wanted.fingerprint:
        raise Overtaken(wanted)
    held = held_by(db, [one.code for one in wanted.changes])
    for change in wanted.changes:
        write(db, actor, change.code, held[change.code], change.becomes)
    db.flush()
    for change in wanted.changes:
        for entry in change.entries:
            note(db, actor, change.code, entry.span, entry.reason)
    record(
        db, actor, AuditAction.OBLIGATIONS_IMPORTED, "obligations", "file",
        changed=len(wanted.changes), unchanged=len(wanted.unchanged),
    )  # fmt: skip
    return wanted


def _received(db: Session, code: str, spans: Sequence[Span]) -> int:
    """How many months of the spans, up to the current one, have a return that counts."""
    now = Period.containing(clock.today())
    months = [month for span in spans for month in Period.span(span.first, min(span.last or now, now))]
    return sum(cell.state in RECEIVED for cell in standings(db, frozenset({code}), months))


def _check_codes(entries: Sequence[Entry], names: dict[str, str], faults: Faults) -> None:
    for entry in entries:
        if entry.code not in names:
            faults.add(entry.line, f"there is no organisation {entry.code}. Check the code.")


def _becomes(was: Sequence[Span], entries: Sequence[Entry]) -> tuple[Span, ...]:
    spans = list(was)
    for entry in entries:
        spans = settled(spans, entry.span)
    return tuple(spans)


def _months(spans: Sequence[Span]) -> str:
    return all_in_words(spans) if spans else ""
