"""The binary records of .xlsb parts: which sheets there are, and what calamine does not tell of their cells."""

import struct
from collections.abc import Iterator

from app.core.spreadsheet.packing import Packed, pack_error
from app.core.spreadsheet.refusals import two_in_one_place
from app.core.spreadsheet.second_look import SecondLook

_ROW, _RK, _ERROR, _REAL, _FORMULA_NUMBER, _FORMULA_ERROR = 0, 2, 3, 5, 9, 11
_LAST_CELL = 11  # every record of a lower number but the row is a cell, and begins with its column
_WORKBOOK_PROPERTIES, _SHEET = 153, 156

ERRORS = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
    43: "#GETTING_DATA",
}


def error_cell(code: int) -> Packed:
    """Excel's error codes, which .xls and .xlsb share."""
    return pack_error(ERRORS.get(code, "#VALUE!"))


def records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each record as its type and its bytes. Raises IndexError where the part ends too early."""
    at = 0
    while at < len(content):
        kind, at = _number(content, at, 2)
        size, at = _number(content, at, 4)
        yield kind, content[at : at + size]
        at += size


def _number(content: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in groups of seven bits, at most so many bytes, and where it ends."""
    value = 0
    for place in range(most):
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            break
    return value, at


def sheets_of(workbook: bytes) -> tuple[list[tuple[str, str]], bool]:
    """Names and relationship ids of the sheets, and whether dates count from 1904."""
    named, date1904 = [], False
    for kind, record in records(workbook):
        if kind == _WORKBOOK_PROPERTIES:
            date1904 = bool(record[0] & 1)
        elif kind == _SHEET:
            id_, at = _text(record, 8)
            name, _ = _text(record, at)
            named.append((name, id_))
    return named, date1904


def _text(record: bytes, at: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<I", record, at)
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    return record[at + 4 : end].decode("utf-16-le", "replace"), end


def second_look(sheet: bytes) -> SecondLook:
    """Error cells, and small numbers that calamine may have taken for a wrong date.

    Raises Unreadable (F01) for two rows of one number, or two cells of one place.
    """
    look, row, column = SecondLook(), -1, -1
    for kind, record in records(sheet):
        if kind > _LAST_CELL:
            continue
        before = row if kind == _ROW else column
        (place,) = struct.unpack_from("<I", record)
        if place <= before:
            raise two_in_one_place()
        if kind == _ROW:
            row, column = place, -1
            continue
        column = place
        if kind in {_ERROR, _FORMULA_ERROR}:
            look.put(row, column, error_cell(record[8]))
        elif kind in {_RK, _REAL, _FORMULA_NUMBER}:
            look.number(row, column, _rk(record) if kind == _RK else struct.unpack_from("<d", record, 8)[0])
    return look


def _rk(record: bytes) -> float:
    """A number packed into 30 bits: an integer or the upper half of a double, either possibly in hundredths."""
    (packed,) = struct.unpack_from("<i", record, 8)
    value: float = packed >> 2 if packed & 2 else struct.unpack("<d", struct.pack("<q", (packed & ~3) << 32))[0]
    return value / 100 if packed & 1 else value
