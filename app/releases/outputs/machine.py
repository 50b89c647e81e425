"""CSV for machines: RFC 4180, UTF-8 without a mark and without guards, ISO dates, pounds as `1250.00`; a layout is data."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any, Generic, NamedTuple, TypeVar

from app.core.spreadsheet.xml_cells import in_utf8

Row = TypeVar("Row")
Values = dict[str, Any]
A_PIECE = 500  # lines
NO_GIVEN_NAMES = "-"  # what a return says of a person with a single name


class Column(NamedTuple, Generic[Row]):
    """One column: its heading, and what a row says there."""

    name: str
    read: Callable[[Row], str]


def csv_pieces(layout: Sequence[Column[Row]], rows: Iterable[Row]) -> Iterator[bytes]:
    """Headings and one line a row, in pieces."""
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([column.name for column in layout])
    reads = [column.read for column in layout]
    for number, row in enumerate(rows, start=1):
        lines.writerow([read(row) for read in reads])
        if number % A_PIECE == 0:
            yield _taken(out)
    if rest := _taken(out):
        yield rest


def text(values: Values, key: str) -> str:
    return values.get(key) or ""


def day(values: Values, key: str) -> str:
    value = values.get(key)
    return value.isoformat() if isinstance(value, date) else ""


def pounds(values: Values, key: str) -> str:
    pence = values.get(key)
    return "" if pence is None else in_pounds(pence)


def in_pounds(pence: int) -> str:
    """Pounds and two digits, exactly."""
    whole, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}{whole}.{rest:02d}"


def given_names(values: Values, key: str = "given_names") -> str:
    """Empty for a person with a single name."""
    names = text(values, key)
    return "" if names == NO_GIVEN_NAMES else names


def moment(at: datetime) -> str:
    """An instant in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _taken(out: io.StringIO) -> bytes:
    piece = out.getvalue()
    out.seek(0)
    out.truncate()
    return in_utf8(piece)
