"""Formulas of an .xls sheet that nobody has calculated.

Programs that do not calculate leave an empty text as the result, and Excel stores the same for a formula that gives one,
such as =IF(A1="","",A1). Only the formula tells them apart: one that ends in arithmetic, or is a constant, never gives an
empty text. Of others, such as =A1, it cannot be told, and the cell counts as empty. LibreOffice leaves the number 0 where
it has not calculated: one that ends in joining texts, or is one, never gives that.
"""

import struct
from collections.abc import Callable

_BOF, _EOF, _FORMULA = 0x809, 0x0A, 0x06
_RESULT, _LENGTH, _TOKENS = 6, 20, 22  # where they begin in the record
_AN_EMPTY_TEXT = 3
# [MS-XLS] 2.5.198: tokens in the order of calculation. Those from 0x20 on come in three classes, which are folded here.
_ONE_BYTE = range(0x03, 0x17)
_TEXT, _ATTRIBUTE, _FUNCTION, _FUNCTION_OF_ANY = 0x17, 0x19, 0x21, 0x22
_CHOOSE, _SUM = 0x04, 0x10  # attributes
_SIZES = {0x1C: 2, 0x1D: 2, 0x1E: 3, 0x1F: 9, 0x21: 3, 0x22: 4, 0x23: 5, 0x24: 5, 0x25: 9, 0x2A: 5, 0x2B: 9, 0x2C: 5,
          0x2D: 9, 0x39: 7, 0x3A: 7, 0x3B: 11, 0x3C: 7, 0x3D: 11}  # fmt: skip
_PARENTHESES = 0x15
_ARITHMETIC = frozenset({*range(0x03, 0x08), *range(0x09, 0x0F), 0x13, 0x14})
_CONSTANTS = frozenset(range(0x1C, 0x20))
# COUNT, SUM, AVERAGE, MIN, MAX, ABS, INT, ROUND, VALUE, DATE, NOW, TODAY
_NUMERIC = frozenset({0, 4, 5, 6, 7, 24, 25, 27, 33, 65, 74, 221})
_JOINED = 0x08
# FIXED, REPT, MID, TEXT, CHAR, LOWER, UPPER, PROPER, LEFT, RIGHT, TRIM, REPLACE, SUBSTITUTE, CLEAN, CONCATENATE
_TEXTUAL = frozenset({14, 30, 31, 48, 111, 112, 113, 114, 115, 116, 118, 119, 120, 162, 336})


def not_calculated(stream: bytes, start: int) -> frozenset[tuple[int, int]]:
    """Rows and columns (from 0) of such cells in the sheet whose records begin at `start`."""
    found, at, depth = set(), start, 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        record = stream[at + 4 : at + 4 + size]
        at += 4 + size
        if kind == _BOF:
            depth += 1  # a chart within the sheet has records of its own
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                break
        elif kind == _FORMULA and depth == 1 and _lacks_its_value(record):
            found.add(struct.unpack_from("<HH", record))
    return frozenset(found)


def _lacks_its_value(record: bytes) -> bool:
    if _is_empty(record):
        return _ends_in(_tokens(record), _gives_something, summed=True)
    return _is_nought(record) and _ends_in(_tokens(record), _gives_a_text, summed=False)


def _is_nought(record: bytes) -> bool:
    return len(record) >= _TOKENS and record[_RESULT:14] == bytes(8)


def _is_empty(record: bytes) -> bool:
    return len(record) >= _TOKENS and record[_RESULT] == _AN_EMPTY_TEXT and record[12:14] == b"\xff\xff"


def _tokens(record: bytes) -> bytes:
    (length,) = struct.unpack_from("<H", record, _LENGTH)
    return record[_TOKENS : _TOKENS + length]


def _ends_in(tokens: bytes, gives: Callable[[int, bytes], bool], *, summed: bool) -> bool:
    """Whether the last step of the formula gives for certain what `gives` asks for; `summed`: whether a sum does."""
    at, certain = 0, False
    while at < len(tokens):
        token = tokens[at] if tokens[at] < 0x20 else tokens[at] & 0x1F | 0x20
        size = _size(token, tokens[at : at + 3])
        if not size or at + size > len(tokens):
            return False
        if token == _ATTRIBUTE:
            certain = summed if tokens[at + 1] & _SUM else certain  # the others only steer, or are white space
        elif token != _PARENTHESES:
            certain = gives(token, tokens[at : at + size])
        at += size
    return certain


def _size(token: int, start: bytes) -> int:
    """Bytes of a token; 0 of one that is not known here."""
    if token in _ONE_BYTE:
        return 1
    if token == _TEXT and len(start) > 2:
        return 3 + start[1] * (2 if start[2] & 1 else 1)
    if token == _ATTRIBUTE and len(start) > 1:
        return 0 if start[1] & _CHOOSE else 4
    return _SIZES.get(token, 0)


def _gives_a_text(token: int, content: bytes) -> bool:
    if token in {_FUNCTION, _FUNCTION_OF_ANY}:
        return _function(content) in _TEXTUAL
    return token in {_TEXT, _JOINED}


def _gives_something(token: int, content: bytes) -> bool:
    """A number, a truth or a text with letters."""
    if token == _TEXT:
        return content[1] > 0
    if token in {_FUNCTION, _FUNCTION_OF_ANY}:
        return _function(content) in _NUMERIC
    return token in _ARITHMETIC or token in _CONSTANTS


def _function(content: bytes) -> int:
    return int.from_bytes(content[-2:], "little") & 0x7FFF
