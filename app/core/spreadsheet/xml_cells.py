"""One cell as the XML of a worksheet: texts that never become formulas, numbers to the last digit, dates, errors."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from app.core.spreadsheet.packing import DATE, ERROR, TEXT, Packed, is_tagged, unpack_date

# The errors that every reader knows. Others (#SPILL! and the like) are stored as #VALUE!, as Excel itself does.
ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
LONGEST_TEXT = 32_767  # UTF-16 units, Excel's limit for a cell; a longer text is cut

_LEAP_DAY_THAT_NEVER_WAS = date(1900, 3, 1)  # Excel counts a 29 February 1900
_FIRST_DAY = date(1900, 1, 1)
_DAY = timedelta(days=1)
_ESCAPED = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)")
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class CellError:
    """An Excel error such as #N/A, standing in a cell without a formula."""

    text: str


Value = None | str | bool | int | float | Decimal | date | datetime | CellError


def from_packed(cell: Packed) -> Value:
    """The value to write for a cell as it was read. A formula without a value and withheld words become blank."""
    if not is_tagged(cell):
        return cell
    tagged = str(cell)
    if tagged.startswith(DATE):
        return unpack_date(tagged)
    if tagged.startswith(ERROR):
        return CellError(tagged[2:])
    return tagged[2:] if tagged.startswith(TEXT) else None


def rest_of_cell(value: Value) -> str:
    """What follows `<c r=".." s=".."` in the worksheet's XML.

    Readers give back the same value, except: lone surrogates and the two characters that are none (U+FFFE, U+FFFF)
    become U+FFFD, dates before 1900 become texts, NaN and infinity become #NUM!, and texts are cut to LONGEST_TEXT.
    """
    if isinstance(value, str):
        text = _fitting(value)
        as_it_is = "" if text and text == text.strip() else ' xml:space="preserve"'
        return f' t="inlineStr"><is><t{as_it_is}>{_escape(text)}</t></is></c>'
    if value is None:
        return "/>"
    if isinstance(value, bool):
        return f' t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        return f"><v>{_serial(value)}</v></c>" if is_date_cell(value) else rest_of_cell(_spelled(value))
    if isinstance(value, CellError):
        return f' t="e"><v>{value.text if value.text in ERRORS else "#VALUE!"}</v></c>'
    if not math.isfinite(value):
        return ' t="e"><v>#NUM!</v></c>'
    return f"><v>{value:f}</v></c>" if isinstance(value, Decimal) else f"><v>{value!r}</v></c>"


def is_date_cell(value: Value) -> bool:
    """Whether the value is a date that a cell can hold as one."""
    return isinstance(value, date) and date(value.year, value.month, value.day) >= _FIRST_DAY


def writable(text: str) -> str:
    """The text without what no XML can hold, for comments."""
    return _UNWRITABLE.sub("\ufffd", text)


def in_utf8(text: str) -> bytes:
    """A long `writable` text as bytes. Nearly none needs the search, which would take a quarter of the time of a CSV."""
    if "\ufffe" not in text and "\uffff" not in text:
        try:
            return text.encode()
        except UnicodeEncodeError:
            pass  # a lone surrogate
    return writable(text).encode()


def _spelled(value: date) -> str:
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def _serial(value: date) -> str:
    """Days since the last day of 1899, with the time of day as a fraction."""
    day = date(value.year, value.month, value.day)
    days = (day - _FIRST_DAY).days + (2 if day >= _LEAP_DAY_THAT_NEVER_WAS else 1)
    if not isinstance(value, datetime) or value.time() == time():
        return str(days)
    return repr(days + (value.replace(tzinfo=None) - datetime.combine(day, time())) / _DAY)


def _fitting(text: str) -> str:
    if len(text) * 2 <= LONGEST_TEXT or len(text.encode("utf-16-le", "surrogatepass")) <= LONGEST_TEXT * 2:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: LONGEST_TEXT * 2].decode("utf-16-le", "replace")


def _escape(text: str) -> str:
    return _ESCAPED.sub(_escaped, text) if _ESCAPED.search(text) else text


def _escaped(match: re.Match[str]) -> str:
    """XML's own escapes; Excel's _xHHHH_ for control characters, and for the underscore of a text that looks so."""
    letter = match.group()
    if letter in "&<>\r":
        return {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}[letter]
    return "\ufffd" if letter > "\u00ff" else f"_x{ord(letter):04X}_"
