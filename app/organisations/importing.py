"""Taking a CSV of organisations into the table: compares with what is held, changes it and reports what changed."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session, select

from app.core.csv_list import Faults
from app.core.errors import Refused
from app.organisations.models import Organisation
from app.organisations.reading import Entry, read

_SUCCESSION = ("successor_code", "successor_from")


@dataclass
class Report:
    """What an import did, by organisation code; `lines` is the same in sentences to print."""

    added: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    reopened: list[str] = field(default_factory=list)
    renamed: list[str] = field(default_factory=list)
    successor: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    unused_columns: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def say(self, kind: list[str], code: str, sentence: str) -> None:
        if code not in kind:
            kind.append(code)
        self.lines.append(f"{code}: {sentence}")


class NotAmended(Refused):
    """`sentences` are the faults, one by one, for the form that asked."""

    def __init__(self, faults: Faults) -> None:
        self.sentences = [sentence[0].upper() + sentence[1:] for _, sentence in faults.found]
        super().__init__(" ".join(self.sentences))


def take(db: Session, text: str) -> Report:
    """Applies the whole file or nothing. Raises Refused (422) naming every faulty line."""
    entries, unused, faults = read(text)
    return _take(db, entries, unused, faults)


def amend(db: Session, code: str, values: Mapping[str, str]) -> Report:
    """Changes one organisation that is held, by the rules of an import. Raises NotAmended (422) with every fault."""
    cells = {"code": code, **values}
    text = io.StringIO()
    csv.writer(text).writerows((cells.keys(), cells.values()))
    entries, unused, faults = read(text.getvalue())
    try:
        return _take(db, entries, unused, faults)
    except Refused:
        raise NotAmended(faults) from None


def _take(db: Session, entries: list[Entry], unused: list[str], faults: Faults) -> Report:
    held = {found.code: found for found in db.exec(select(Organisation))}
    _check_against_held(entries, held, faults)
    faults.raise_any()
    report = Report(unused_columns=unused)
    if unused:
        report.lines.append(f"Columns that are not used: {', '.join(unused)}.")
    new = [entry for entry in entries if entry.code not in held]
    for entry in new:
        held[entry.code] = _added(entry, report)
        db.add(held[entry.code])
    db.flush()  # before any successor refers to them
    fresh = {entry.code for entry in new}
    for entry in entries:
        _apply(held[entry.code], entry, report, is_new=entry.code in fresh)
    db.flush()
    return report


def _added(entry: Entry, report: Report) -> Organisation:
    values = {key: value for key, value in entry.values.items() if key not in _SUCCESSION}
    report.say(report.added, entry.code, f"added as {values['name']}.")
    return Organisation(code=entry.code, **_filled(values))


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {"organisation_type": "", "acute_provider": False} | {k: v for k, v in values.items() if v is not None}


def _apply(organisation: Organisation, entry: Entry, report: Report, *, is_new: bool) -> None:
    changes = {
        key: value
        for key, value in entry.values.items()
        if value != getattr(organisation, key) and not (value is None and key in _filled({}))
    }
    if not changes:
        report.unchanged += not is_new
        return
    code = entry.code
    for key, value in changes.items():
        before = getattr(organisation, key)
        setattr(organisation, key, value)
        match key:
            case "name":
                report.say(report.renamed, code, f"renamed from {before} to {value}.")
            case "close_date" if value is None:
                report.say(report.reopened, code, f"open again; it had closed on {before}.")
            case "close_date":
                report.say(report.closed, code, f"closed, last open day {value}.")
            case "open_date":
                report.say(
                    report.opened, code, f"opened on {value}." if value else f"no open date any more ({before})."
                )
            case "successor_code" | "successor_from":
                pass
            case _:
                report.say(
                    report.changed, code, f"{key.replace('_', ' ')} is now {_shown(value)} (was {_shown(before)})."
                )
    if changes.keys() & set(_SUCCESSION):
        who, since = organisation.successor_code, organisation.successor_from
        report.say(report.successor, code, f"succeeded by {who} from {since}." if who else "has no successor any more.")


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value not in (None, "") else "empty"


def _check_against_held(entries: list[Entry], held: dict[str, Organisation], faults: Faults) -> None:
    """What only the table can tell: names for new codes, successors that exist, no circles, dates in order."""
    known = held.keys() | {entry.code for entry in entries}
    follows: dict[str, str | None] = {
        code: found.successor_code for code, found in held.items() if found.successor_code
    }
    for entry in entries:
        if "successor_code" in entry.values:
            follows[entry.code] = entry.values["successor_code"]
    for entry in entries:
        found = held.get(entry.code)
        state = {key: getattr(found, key, None) for key in ("open_date", "close_date", *_SUCCESSION)} | entry.values
        if found is None:
            for key in ("name", "nation", "region"):
                if not entry.values.get(key):
                    faults.add(entry.line, f"{entry.code} is new and has no {key}. Fill it in.")
        opened, closed = state["open_date"], state["close_date"]
        if isinstance(opened, date) and isinstance(closed, date) and closed < opened:
            faults.add(entry.line, f"{entry.code} would close on {closed}, before it opened on {opened}.")
        _check_successor(entry, state, known, follows, faults)


def _check_successor(
    entry: Entry, state: dict[str, Any], known: set[str], follows: dict[str, str | None], faults: Faults
) -> None:
    successor, since = state["successor_code"], state["successor_from"]
    if (successor is None) != (since is None):
        faults.add(entry.line, f"{entry.code} needs both successor_code and successor_from, or neither.")
    elif successor is not None and successor not in known:
        faults.add(
            entry.line, f"the successor {successor} of {entry.code} is not known. Add it first, or in this file."
        )
    elif successor is not None and _leads_back(entry.code, follows):
        faults.add(entry.line, f"the successors of {entry.code} lead back to itself.")


def _leads_back(code: str, follows: dict[str, str | None]) -> bool:
    seen: set[str] = set()
    at: str | None = code
    while (at := follows.get(at) if at else None) is not None and at not in seen:
        if at == code:
            return True
        seen.add(at)
    return False
