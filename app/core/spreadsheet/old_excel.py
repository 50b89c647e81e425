"""Reads .xls with xlrd, which tells errors from empty cells; before that, looks for passwords, macros and links."""

import struct
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from itertools import zip_longest

import xlrd
from xlrd.compdoc import CompDoc, CompDocError
from xlrd.sheet import Sheet

from app.core.spreadsheet.biff8_formulas import not_calculated
from app.core.spreadsheet.biff12 import error_cell
from app.core.spreadsheet.kinds import OLE, has_stream
from app.core.spreadsheet.packing import FORMULA, Packed, pack_error, pack_text
from app.core.spreadsheet.refusals import damaged, links, macros, password, too_large
from app.core.spreadsheet.result import Limits, Unreadable
from app.core.spreadsheet.serials import pack_serial

_EOF, _FILEPASS, _BOUNDSHEET, _SUPBOOK = 0x0A, 0x2F, 0x85, 0x1AE
_WORKSHEET, _CHART = 0, 2
_BIFF8 = 80
_OWN_SHEETS, _ADD_IN = 0x0401, 0x3A01
_MACRO_STORAGES = ("_VBA_PROJECT_CUR", "_VBA_PROJECT", "Macros")


def open_old_excel(data: bytes, limits: Limits) -> list["OldGrid"]:
    """Raises Unreadable."""
    if data.startswith(OLE) and any(has_stream(data, storage) for storage in _MACRO_STORAGES):
        raise macros()
    try:
        stream = _workbook_stream(data)
        _check_records(stream)
        book = xlrd.open_workbook(file_contents=data, logfile=StringIO(), on_demand=True, ragged_rows=True)
        if book.nsheets > limits.sheets:
            raise too_large(f"The workbook has {book.nsheets:,} sheets; the limit is {limits.sheets}.")
        starts = _starts(stream) if book.biff_version == _BIFF8 else []
        return [
            OldGrid(sheet, bool(book.datemode), partial(not_calculated, stream, start) if start else frozenset)
            for sheet, start in zip_longest(book.sheets(), starts[: book.nsheets])
        ]
    except (MemoryError, Unreadable):
        raise
    except Exception as error:  # xlrd meets damage with whatever Python raises
        raise damaged() from error


def _workbook_stream(data: bytes) -> bytes:
    if not data.startswith(OLE):
        return data
    try:
        directory = CompDoc(data, logfile=StringIO())
        for name in ("Workbook", "Book"):
            content, start, length = directory.locate_named_stream(name)
            if content:
                return bytes(content[start : start + length])
    except CompDocError as error:
        raise damaged() from error
    raise damaged()


def _check_records(stream: bytes) -> None:
    """The records about the whole workbook: encryption, kinds of sheets, other workbooks that it refers to."""
    at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        record = stream[at + 4 : at + 4 + size]
        if kind == _FILEPASS:
            raise password()
        if kind == _BOUNDSHEET and len(record) > 5 and record[5] not in {_WORKSHEET, _CHART}:
            raise macros()
        if kind == _SUPBOOK and _refers_outside(record):
            raise links()
        if kind == _EOF:
            return
        at += 4 + size


def _starts(stream: bytes) -> list[int]:
    """Where the records of each worksheet begin, as the workbook says."""
    at, starts = 0, list[int]()
    while at + 10 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _EOF:
            break
        if kind == _BOUNDSHEET and stream[at + 9] == _WORKSHEET:
            starts += struct.unpack_from("<I", stream, at + 4)
        at += 4 + size
    return starts


def _refers_outside(record: bytes) -> bool:
    """[MS-XLS] 2.4.271: the workbook's own sheets, add-in functions, and two forms of nothing are inside."""
    if len(record) < 4 or struct.unpack_from("<H", record, 2)[0] in {_OWN_SHEETS, _ADD_IN}:
        return False
    return record[5:] not in {b" ", b"\0", b" \0", b"\0\0"}


class OldGrid:
    """One worksheet of an .xls workbook."""

    def __init__(self, sheet: Sheet, date1904: bool, not_calculated: Callable[[], frozenset[tuple[int, int]]]) -> None:
        self.name: str = sheet.name
        self.height: int = sheet.nrows
        self.width: int = sheet.ncols
        self._sheet = sheet
        self._date1904 = date1904
        self._look = not_calculated
        self._formulas: frozenset[tuple[int, int]] | None = None

    def rows(self) -> Iterator[list[Packed]]:
        for number in range(self.height):
            kinds, values = self._sheet.row_types(number), self._sheet.row_values(number)
            row = [self._pack(kind, value) for kind, value in zip(kinds, values, strict=True)]
            if (xlrd.XL_CELL_TEXT in kinds and "" in values) or (xlrd.XL_CELL_NUMBER in kinds and 0.0 in values):
                self._put_formulas(number, row)
            yield row + [None] * (self.width - len(row))

    def _put_formulas(self, number: int, row: list[Packed]) -> None:
        """An empty text or a 0 may be a formula that was not calculated."""
        if self._formulas is None:
            self._formulas = self._look()
        for column, cell in enumerate(row):
            if cell in {None, 0.0} and (number, column) in self._formulas:
                row[column] = FORMULA

    def _pack(self, kind: int, value: str | float) -> Packed:
        if isinstance(value, str):
            return pack_text(value) or None
        if kind == xlrd.XL_CELL_NUMBER:
            return value if value - value == 0 else pack_error("#NUM!")
        if kind == xlrd.XL_CELL_DATE:
            return pack_serial(value, self._date1904)
        return bool(value) if kind == xlrd.XL_CELL_BOOLEAN else error_cell(int(value))
