"""Reads .csv: which encoding, which delimiter, quoted fields over several lines, errors, the guard apostrophe undone."""

import codecs
import csv
import sys
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from itertools import islice

from app.core.spreadsheet.guard import unguard
from app.core.spreadsheet.headings import heading_key
from app.core.spreadsheet.kinds import utf16_without_mark
from app.core.spreadsheet.packing import Packed, pack_error, pack_text
from app.core.spreadsheet.refusals import damaged, not_a_spreadsheet, unpaired_quotes
from app.core.spreadsheet.xml_cells import ERRORS

_DELIMITERS = ",;\t"
_LOOKED_AT = 10


def open_csv(data: bytes, known: frozenset[str]) -> list["CsvGrid"]:
    """`known` are the heading keys that tell the delimiter. Raises Unreadable (F01) for a text that is no table."""
    csv.field_size_limit(sys.maxsize)
    text, delimiter = _announced(decode(data))
    if delimiter is None:
        delimiter = max(_DELIMITERS, key=lambda candidate: _likeness(text, candidate, known))
        if _likeness(text, delimiter, known) <= (0, 1):
            raise not_a_spreadsheet("plain text without columns")
    rows: list[list[Packed]] = []
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows.extend([_packed(field) for field in fields] for fields in reader)
    except csv.Error as error:
        raise unpaired_quotes(reader.line_num) from error
    return [CsvGrid(rows)]


def _packed(field: str) -> Packed:
    """A text; what a spreadsheet program writes for an error is the error."""
    if field[:1] == "#" and field in ERRORS:
        return pack_error(field)
    return pack_text(unguard(field)) or None


def decode(data: bytes) -> str:
    """UTF-16 by its mark or its NULs, else UTF-8 if it is, else Windows-1252. Raises Unreadable (F01) for broken UTF-16."""
    utf16 = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else utf16_without_mark(data)
    if utf16 is not None:
        try:
            return data.decode(utf16)
        except UnicodeDecodeError as error:
            raise damaged() from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="as control")


def _as_control(error: UnicodeError) -> tuple[str, int]:
    """The five bytes that Windows-1252 leaves open are control characters, which the row's check then finds."""
    assert isinstance(error, UnicodeDecodeError)
    return chr(error.object[error.start]), error.start + 1


codecs.register_error("as control", _as_control)


def _announced(text: str) -> tuple[str, str | None]:
    """Excel's first line `sep=;` names the delimiter; Excel shows the line below it as row 1."""
    first, _, rest = text.partition("\n")
    first = first.strip().strip('"')
    if len(first) == 5 and first[:4].lower() == "sep=":
        return rest, first[4]
    if first.lower() == "sep=":
        return rest, "\t"
    return text, None


def _likeness(text: str, delimiter: str, known: frozenset[str]) -> tuple[int, int]:
    """How much the first rows look like our table: known headings in one row, then columns that most rows have."""
    lines = csv.reader(StringIO(text[: 1 << 20], newline=""), delimiter=delimiter)
    try:
        rows = [row for row in islice(lines, _LOOKED_AT) if any(row)]
    except csv.Error:
        rows = []
    headings = max((len({heading_key(field) for field in row} & known) for row in rows), default=0)
    widths = Counter(len(row) for row in rows).most_common(1)
    return headings, widths[0][0] if widths and widths[0][1] * 2 >= len(rows) else 0


class CsvGrid:
    """The one table of a CSV. A row's number is the one that a spreadsheet program shows."""

    name = "CSV"

    def __init__(self, rows: list[list[Packed]]) -> None:
        self._rows = rows
        self.height = len(rows)
        self.width = max(map(len, rows), default=0)

    def rows(self) -> Iterator[list[Packed]]:
        for row in self._rows:
            yield row + [None] * (self.width - len(row))
