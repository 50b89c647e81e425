"""Cells as they travel from the reading process and as they are kept: JSON-able values, nothing lost.

A packed cell is None, a text, a number or a bool. What JSON has no word for is a text with a NUL and a letter in
front, which no spreadsheet cell can begin with: a date or date-time, an Excel error, a formula without a value,
a text that was withheld (never kept), and, so that nothing can be spoofed, a text that itself begins with NUL.
"""

import math
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal

Packed = None | str | float | int | bool

EXACT = 1e15  # a spreadsheet keeps fifteen figures of a number and makes noughts of the others
DATE, ERROR, FORMULA, WITHHELD, TEXT = "\0d", "\0e", "\0f", "\0w", "\0t"


def pack_date(value: date | datetime) -> str:
    return DATE + value.isoformat()


def pack_error(text: str) -> str:
    """An Excel error such as #N/A."""
    return ERROR + text


def pack_text(text: str) -> str:
    return TEXT + text if text.startswith("\0") else text


def is_tagged(cell: Packed) -> bool:
    return isinstance(cell, str) and cell[:1] == "\0"


def is_withheld(cell: Packed) -> bool:
    """A cell whose text must not be kept; what stands after the tag is a digest, not the text."""
    return isinstance(cell, str) and cell.startswith(WITHHELD)


def is_blank(cell: Packed) -> bool:
    """Nothing there, or only white space and characters that nobody can see."""
    if cell is None:
        return True
    return isinstance(cell, str) and (not cell or ((not cell.isascii() or cell[0] <= " ") and not _shows(trim(cell))))


def _shows(text: str) -> bool:
    """Whether anything of it can be seen: marks without a letter, fillers and what only steers the others cannot."""
    return any(letter not in _FILLERS and unicodedata.category(letter) not in _STEERING for letter in text)


def unpack_date(cell: str) -> date | datetime:
    """The value of a cell that starts with DATE; midnight counts as a date."""
    moment = datetime.fromisoformat(cell[2:])
    return moment.date() if moment.time() == time() else moment


def unpack_day(cell: str) -> date:
    """The day alone."""
    return date.fromisoformat(cell[2:12])


def as_figures(number: float) -> Decimal:
    """The number in fifteen figures: what Excel itself holds exactly, and shows."""
    return Decimal(format(number, ".15g"))


def as_text(cell: Packed) -> str:
    """What a person would see in the cell; a whole number without its .0, a date as day/month/year."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if EXACT <= abs(cell) < math.inf:
            return format(cell, ".16E")  # as a spreadsheet shows it: no number that anybody gave
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if not isinstance(cell, str) or cell[:1] != "\0":
        return str(cell)
    if cell.startswith(DATE):
        value = unpack_date(cell)
        return value.strftime("%d/%m/%Y") if not isinstance(value, datetime) else value.strftime("%d/%m/%Y %H:%M:%S")
    return "" if cell[:2] in {FORMULA, WITHHELD} else cell[2:]


_STEERING = frozenset({"Cf", "Mn", "Me", "Zs", "Zl", "Zp"})
# Letters that show nothing, what stands for no letter, and what is written in its place.
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffd\ufffe\uffff")
# White space and characters without width that copying from web pages and other systems leaves around a value.
_UNSEEN = "".join(map(chr, [*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0xAD, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029,
                            0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF]))  # fmt: skip


def trim(text: str) -> str:
    return text.strip(_UNSEEN)


def with_plain_spaces(text: str) -> str:
    """The text with ordinary spaces for every kind of space in it, and nothing for what cannot be seen."""
    return text if text.isascii() else text.translate(_PLAIN)


_PLAIN = {ord(letter): " " if unicodedata.category(letter) in {"Zs", "Cc"} else None for letter in _UNSEEN}
