"""The Warnings Index CSV of a release: which flags to show and which to take off; its columns are declared in LAYOUT."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from app.debts.warnings_index import ADD, IDENTITY, REMOVE
from app.releases.models import Change, Scope
from app.releases.outputs import machine
from app.releases.outputs.machine import Column, Values
from app.releases.outputs.said import Said

NAME = "warnings-index.csv"


class Flag(NamedTuple):
    """One line of the file."""

    action: str
    line: Said
    values: Values
    as_at: str


class Carried(NamedTuple):
    """A line and the one that the recipient had of the same debt before: None if there was none, or it is not kept."""

    line: Said
    before: Said | None


LAYOUT: tuple[Column[Flag], ...] = (
    Column("reference", lambda flag: flag.line.reference),
    Column("action", lambda flag: flag.action),
    Column("family_name", lambda flag: machine.text(flag.values, "family_name")),
    Column("given_names", lambda flag: machine.given_names(flag.values)),
    Column("date_of_birth", lambda flag: machine.day(flag.values, "date_of_birth")),
    Column("nationality", lambda flag: machine.text(flag.values, "nationality")),
    Column("passport_number", lambda flag: machine.text(flag.values, "passport_number")),
    Column("organisation_code", lambda flag: flag.line.organisation),
    Column("invoice_number", lambda flag: machine.text(flag.values, "invoice_number")),
    Column("as_at", lambda flag: flag.as_at),
)


def csv_pieces(flags: Iterable[Flag]) -> Iterator[bytes]:
    return machine.csv_pieces(LAYOUT, flags)


def flags(scope: Scope, as_at: datetime, lines: Iterable[Carried]) -> Iterator[Flag]:
    """`full`: every flag that is on after the release, and what must go; `changes`: only the differences.

    A flag goes as it was shown: with the person that the recipient was told of, before the same debt is added anew.
    """
    at = machine.moment(as_at)
    for line, before in lines:
        told = before.values if before is not None else line.values
        renamed = before is not None and before.shown and _person(before) != _person(line)
        if _was_shown(line, before) and (renamed or not line.shown):
            yield Flag(REMOVE, line, told, at)
        if line.shown and (scope is Scope.FULL or renamed or not line.flagged or not _was_shown(line, before)):
            yield Flag(ADD, line, line.values, at)


def ended(as_at: datetime, lines: Iterable[Said]) -> Iterator[Flag]:
    """The flags of debts that the release does not carry, because they are held: they go as they were shown."""
    at = machine.moment(as_at)
    return (Flag(REMOVE, line, line.values, at) for line in lines)


def _was_shown(line: Said, before: Said | None) -> bool:
    """Whether the recipient shows a flag for this debt. Of what an import carried, nobody can tell: it was shown."""
    if line.change == Change.REMOVED:
        return True  # to take off a flag that is off harms nobody
    return before.shown if before is not None else line.change in (Change.UPDATED, Change.CORRECTED)


def _person(line: Said) -> tuple[object, ...]:
    return tuple(line.values.get(key) for key in IDENTITY)
