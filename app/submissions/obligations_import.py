"""Taking a list of obligations: what it would change, and doing exactly that as long as it is still so."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlmodel import Session

from app.audit.models import AuditAction
from app.audit.service import record
from app.core.csv_list import Faults
from app.core.db import take_turns
from app.core.errors import Conflict
from app.organisations import service as organisations
from app.submissions.obligations import TURN, Actor, held_by, note, span_of, write
from app.submissions.obligations_file import Entry, read
from app.submissions.rules.owing import all_in_words
from app.submissions.rules.spans import Span, joined, settled, without


@dataclass(frozen=True)
class Change:
    """What one organisation owes now and would owe then, and the lines that say so."""

    code: str
    name: str
    was: tuple[Span, ...]
    becomes: tuple[Span, ...]
    entries: tuple[Entry, ...]

    @property
    def added(self) -> str:
        """In words, as the three below; empty for no month."""
        return _months(without(self.becomes, self.was))

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
    def sentence(self) -> str:
        more = [f"adds {self.added}" if self.added else "", f"takes away {self.taken_away}" if self.taken_away else ""]
        return f"{self.code}: owes {self.now}; then {self.then} ({', '.join(filter(None, more))})."


@dataclass(frozen=True)
class Plan:
    """What a list would change, by code. `unchanged` are the organisations that owe already what it says."""

    changes: tuple[Change, ...]
    unchanged: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """The same for the same changes from the same state, so that what was shown is what is done."""
        told = [(one.code, one.was, one.becomes, one.entries) for one in self.changes]
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
    names = organisations.names(db, {entry.code for entry in entries})
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
            changes.append(Change(code, names[code], was, becomes, own))
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
