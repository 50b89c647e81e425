"""From the bytes of the old spreadsheet to its rows in the order of our columns, packed so that a million fit in memory."""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from app.core.errors import Refused
from app.core.spreadsheet import reading
from app.core.spreadsheet.headings import column_letter, heading_key
from app.core.spreadsheet.packing import Packed, as_text, is_blank, trim
from app.old_register.rules.findings import Entry
from app.old_register.rules.mapping import Columns
from app.old_register.rules.targets import FIRST_REPORTED, ON_THE_INDEX, ORGANISATION
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
    """The spreadsheet's table: its headings, and its rows as they came."""

    sheet: str
    heading_row: int
    headings: list[str]
    blank: int
    rival: str | None
    parts: list[bytes]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(heading_key(heading) for heading in self.headings if heading)


def read(data: bytes, known: Iterable[str]) -> Table:
    """The table whose headings are most like these. Raises Refused (422) for a file that cannot be read."""
    parts: list[bytes] = []
    readers = reading.Readers(1, MOST_ROWS, _LONGEST_SECONDS)
    try:
        found = readers.read_in_parts(
            data, frozenset(map(heading_key, known)), lambda part: parts.append(zlib.compress(part, 1))
        )
    except reading.Unreadable as why:
        raise Refused(why.message, code=why.code) from None
    finally:
        readers.close()
    headings = [trim(as_text(cell)) for cell in found.headings]
    return Table(found.sheet, found.heading_row, headings, found.blank, found.rival, parts)


def entries(table: Table, columns: Columns) -> Iterator[list[Entry]]:
    """The rows in our order, some hundreds at a time; what is blank in every column we read is left out."""
    at = _places(table, columns)
    ours, others = [at.get(key, []) for key in KEYS], [at.get(key, []) for key in _OTHERS]
    for part in table.parts:
        arranged = []
        for number, cells in reading.unpacked(zlib.decompress(part)):
            entry = Entry(number, [_cell(cells, places) for places in ours], *(_cell(cells, places) for places in others))
            if not all(map(is_blank, (*entry.cells, entry.organisation))):
                arranged.append(entry)
        yield arranged


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


_encode = msgspec.msgpack.Encoder().encode
_entries = msgspec.msgpack.Decoder(list[Entry])
