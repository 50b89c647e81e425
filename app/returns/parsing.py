"""Reads the cells of a file into typed rows, column by column: what stands in a column is mostly of one kind."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat, zip_longest
from typing import Any

from app.core.spreadsheet import packing
from app.core.spreadsheet.packing import Packed, is_blank
from app.debts.rules import matching
from app.return_template.columns import COLUMNS, KEYS, Column
from app.returns.rules import cells as cell_rules
from app.returns.rules.cells import Reader
from app.returns.rules.context import Context
from app.returns.rules.plain_cells import Shortcut, shortcuts
from app.returns.rules.row import Fault, Row

_NOTHING = {type(None)}


def parse(sheet_rows: Iterable[tuple[int, list[Packed]]], place: Mapping[str, str], context: Context) -> list[Row]:
    """Typed rows, with the findings that each cell gives by itself."""
    given = list(sheet_rows)
    columns = list(zip_longest(*(cells for _, cells in given)))
    columns += [(None,) * len(given)] * (len(COLUMNS) - len(columns))
    faults: dict[int, list[tuple[int, Fault]]] = {}
    values: list[Sequence[Any]] = []
    ways = zip(columns, cell_rules.readers(context.policy), shortcuts(context.policy), COLUMNS, strict=False)
    for index, way in enumerate(ways):
        read = _read_column(*way)
        for at, value in enumerate(read) if Fault in set(map(type, read)) else ():
            if isinstance(value, Fault):
                faults.setdefault(at, []).append((index, value))
                read[at] = None
        values.append(read)
    rows = list(map(Row, (number for number, _ in given), (cells for _, cells in given), repeat(place), *values))
    for at, found in faults.items():
        for index, fault in found:
            _note(rows[at], index, fault, context)
    for row in rows:
        row.name_match, row.passport_match = matching.name_match(row), matching.passport_match(row)
    return rows


def _read_column(
    cells: Sequence[Packed], reader: Reader, shortcut: tuple[type, Shortcut] | None, column: Column
) -> list[Any]:
    """The value or fault of each cell. Where all are of one kind, equal cells are the same and are read once."""
    kinds = set(map(type, cells)) - _NOTHING
    if len(kinds) > 1:
        return [_read(cell, reader, column) for cell in cells]
    different = set(cells)
    known: dict[Packed, Any] = {}
    if shortcut is not None and kinds == {shortcut[0]}:
        different.discard(None)
        known = shortcut[1](different) | {None: None}
        different -= known.keys()
    for cell in different:
        known[cell] = _read(cell, reader, column)
    return [known[cell] for cell in cells]


def _read(cell: Packed, reader: Reader, column: Column) -> Any:
    if cell is None:
        return None
    if isinstance(cell, str) and (cell[:1] <= " " or not cell.isascii()):  # the others are neither blank nor tagged
        if is_blank(cell):
            return None
        if cell[:1] == "\0" and cell[:2] != packing.DATE and column.judged:
            return _tagged(cell, reader)
    return reader(cell)


def _tagged(cell: str, reader: Reader) -> Any:
    if cell.startswith((packing.ERROR, packing.FORMULA)):
        return cell_rules.calculated(cell)
    if cell.startswith(packing.WITHHELD):
        return cell_rules.clinical_words_removed()
    return reader(" " + cell[2:])  # a text that begins with NUL: behind a space it is not taken for a tag


def _note(row: Row, index: int, fault: Fault, context: Context) -> None:
    key, text = KEYS[index], packing.trim(packing.as_text(row.cells[index]))
    if fault.code == "R17" and text and context.confirmed(text):
        value = cell_rules.a_text(text, COLUMNS[index].limit or 0)
        if not isinstance(value, Fault):
            setattr(row, key, value)
            return
        fault = value
    row.find(fault.code, key, fault.words, text, fault.unquoted)
    if fault.code.startswith("R"):
        row.faulty.add(key)
