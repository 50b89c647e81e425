"""From the bytes of the old spreadsheet to its rows in the order of our columns, packed so that a million fit in memory."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from app.core.errors import Refused
from app.core.spreadsheet import reading
from app.core.spreadsheet.headings import column_letter, heading_key
from app.core.spreadsheet.packing import Packed, as_text, is_blank, trim
from app.old_register.rules.findings import Entry
from app.old_register.rules.mapping import Columns
from app.old_register.rules.targets import BY_WORD, FIRST_REPORTED, ON_THE_INDEX, ORGANISATION
from app.return_template.columns import KEYS

MOST_ROWS = 1_048_576  # as many as a sheet can have
_LONGEST_SECONDS = 3600.0
_OTHERS = (ORGANISATION, FIRST_REPORTED, ON_THE_INDEX)


@dataclass
class Packs:
    """Entries, some hundreds in each compressed pack."""

    packs: list[bytes] = field(default_factory=list)
    count: int = 0

    def add(self, entries: list[Entry]) -> None:
        self.packs.append(zlib.compress(_encode(entries), 1))
        self.count += len(entries)

    def __iter__(self) -> Iterator[Entry]:
        for pack in self.packs:
            yield from _entries.decode(zlib.decompress(pack))


@dataclass
class Table:
    """The spreadsheet's table: its headings, and its rows as they came. `known` are the heading keys it was found by."""

    sheet: str
    heading_row: int
    headings: list[str]
    blank: int
    rival: str | None
    known: frozenset[str]
    parts: list[bytes] = field(default_factory=list)
    rows: int = 0


def look(data: bytes, given: Columns) -> Table:
    """The table as far as it is known which headings it has. Raises Refused (422) for a file that cannot be read."""
    return _read(data, frozenset({*BY_WORD, *map(heading_key, given)}))


def settle(data: bytes, table: Table, columns: Columns) -> Table:
    """The same, read by exactly the headings that matter: no title above them is mistaken for them, and no second sheet
    with the same headings goes unnoticed. Raises Refused (422).
    """
    known = frozenset(map(heading_key, columns))
    settled = table
    if table.known != known:
        table.parts.clear()  # a million rows need not be held twice
        settled = _read(data, known)
    if settled.rival:
        raise Refused(
            f'Two sheets carry these headings and rows: "{settled.sheet}" and "{settled.rival}". Put all rows into one '
            "sheet, or save each as a file of its own and load the second with --again."
        )
    if not settled.rows:
        raise Refused("This file has headings but no rows. Check that it is the right file.")
    return settled


def _read(data: bytes, known: frozenset[str]) -> Table:
    table = Table("", 0, [], 0, None, known)

    def take(part: bytes | memoryview) -> None:
        table.parts.append(zlib.compress(part, 1))
        table.rows += len(_raw(part))

    readers = reading.Readers(1, MOST_ROWS, _LONGEST_SECONDS)
    try:
        found = readers.read_in_parts(data, known, take)
    except reading.Unreadable as why:
        raise Refused(why.message, code=why.code) from None
    finally:
        readers.close()
    table.sheet, table.heading_row, table.blank, table.rival = found.sheet, found.heading_row, found.blank, found.rival
    table.headings = [trim(as_text(cell)) for cell in found.headings]
    return table


def entries(table: Table, columns: Columns) -> Iterator[tuple[list[Entry], int]]:
    """The rows in our order, some hundreds at a time, and how many were left out: blank in every column that we read."""
    at = _places(table, columns)
    ours, others = [at.get(key, []) for key in KEYS], [at.get(key, []) for key in _OTHERS]
    for part in table.parts:
        arranged = []
        rows = reading.unpacked(zlib.decompress(part))
        for number, cells in rows:
            entry = Entry(
                number, [_cell(cells, places) for places in ours], *(_cell(cells, places) for places in others)
            )
            if not all(map(is_blank, (*entry.cells, entry.organisation))):
                arranged.append(entry)
        yield arranged, len(rows) - len(arranged)


def letters(table: Table, columns: Columns) -> dict[str, str]:
    """The letter of each column that the file has, by target."""
    return {target: column_letter(places[0]) for target, places in _places(table, columns).items()}


def _places(table: Table, columns: Columns) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for index, heading in enumerate(table.headings):
        if target := columns.get(heading):
            places.setdefault(target, []).append(index)
    return places


def _cell(cells: list[Packed], places: list[int]) -> Packed:
    """One cell as it is; several, such as the lines of an address, as one text."""
    if len(places) == 1:
        return cells[places[0]] if places[0] < len(cells) else None
    texts = (trim(as_text(cells[place])) for place in places if place < len(cells))
    return ", ".join(text for text in texts if text) or None


_raw = msgspec.msgpack.Decoder(list[msgspec.Raw]).decode
_encode = msgspec.msgpack.Encoder().encode
_entries = msgspec.msgpack.Decoder(list[Entry])
