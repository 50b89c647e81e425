"""The consolidated output: every debt with every column that may leave, as a workbook and as a CSV for people."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path

from app.core.clock import UK
from app.core.spreadsheet.guard import guard
from app.core.spreadsheet.writing import DATE_FORMAT, GENERAL, MONEY_FORMAT, TEXT_FORMAT, Look, Sheet, streamed
from app.core.spreadsheet.xml_cells import Value as CellValue
from app.core.spreadsheet.xml_cells import in_utf8
from app.releases.outputs.machine import in_pounds
from app.return_template.choices import OPEN_STATUSES
from app.return_template.columns import COLUMNS, Column, Kind

NOT_A_RELEASE = "not a signed release"
SHEET, COVER = "Consolidated", "About this output"
_KNOWN, _DAYS = 1 << 12, 1 << 15  # values of a column, days: eighty years of them
_TOGETHER = 500  # rows
# Columns of texts that hold few different ones, or mostly none.
_FEW = frozenset({"organisation", "organisation_name", "region", "nationality", "return_reference", "other_names",
                  "home_office_reference", "ni_number", "overseas_address", "held", "disputed", "unconfirmed",
                  "below_threshold", "release"})  # fmt: skip

Value = str | date | int | bool | None
Row = Mapping[str, Value]


@dataclass(frozen=True)
class Field:
    """One column of the output. `money` values come as integer pence."""

    key: str
    heading: str
    number_format: str = TEXT_FORMAT
    width: float = 16

    @property
    def money(self) -> bool:
        return self.number_format == MONEY_FORMAT


def _field(column: Column) -> Field:
    number_format = {Kind.DATE: DATE_FORMAT, Kind.MONEY: MONEY_FORMAT}.get(column.kind, TEXT_FORMAT)
    return Field(column.key, column.heading, number_format, 13 if column.limit is None else min(column.limit, 28))


LAYOUT: tuple[Field, ...] = (
    Field("reference", "Reference", width=19),
    Field("organisation", "Organisation code", width=13),
    Field("organisation_name", "Organisation", width=36),
    Field("region", "Region", width=22),
    *(_field(column) for column in COLUMNS if column.leaves),
    Field("return_reference", "Return reference", width=19),
    Field("row", "Row in the return", GENERAL, 9),
    Field("first_reported", "First reported", DATE_FORMAT, 13),
    Field("last_confirmed", "Last confirmed", DATE_FORMAT, 13),
    Field("held", "Held", width=12),
    Field("disputed", "Disputed", width=12),
    Field("unconfirmed", "Unconfirmed", width=13),
    Field("below_threshold", "Below the threshold", width=12),
    Field("release", "Release", width=20),
)


_KEYS = tuple(column.key for column in LAYOUT)
_LABELS: dict[str, dict[str, str]] = {
    column.key: {choice.value: choice.label for choice in column.choices} for column in COLUMNS if column.choices
}
_OPEN = frozenset(_LABELS["status"][status.value] for status in OPEN_STATUSES)


@dataclass(frozen=True)
class Cover:
    """What stands beside the debts: for whom the output was made, when, why and of what.

    A release has no filters but somebody who approved it, and `facts` of its own.
    """

    as_at: datetime
    prepared_by: str
    recipient: str
    purpose: str
    filters: Mapping[str, str] = field(default_factory=dict)
    release: str = NOT_A_RELEASE
    approved_by: str = ""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    title: str = "NHS debts reported to the Home Office, consolidated"


class Totals:
    """What is counted while the debts go by: a cover that is written last can tell it without a second reading. Of debts that
    have ended nothing is outstanding, as everywhere in the service.
    """

    def __init__(self) -> None:
        self.debts = 0
        self.outstanding = 0
        self.by_status: Counter[str] = Counter()

    def counting(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.add(row)
            yield row

    def add(self, row: Row) -> None:
        amount, status = row.get("amount_outstanding"), _words("status", row.get("status"))
        self.debts += 1
        self.outstanding += amount if isinstance(amount, int) and status in _OPEN else 0
        self.by_status[status] += 1


def write_workbook(rows: Iterable[Row], cover: Cover, to: Path) -> int:
    """Writes the workbook in constant memory, debts on the first sheet, and gives the number of debts.

    Rows carry the keys of LAYOUT: money as pence, choices as stored or as labels, `release` may be left out.
    """
    totals = Totals()
    with streamed(to, made=cover.as_at) as book:
        debts, about = book.sheet(SHEET), book.sheet(COVER)
        looks = [Look(column.number_format) for column in LAYOUT]
        cells = [_in_workbook(debts, column, cover.release) for column in LAYOUT]
        debts.fit(0, ("\n\n", 10))
        for place, column in enumerate(LAYOUT):
            debts.column(place, column.width, looks[place])
            debts.put(0, place, column.heading, Look(bold=True, wrap=True, ink="FFFFFF", fill="005EB8"))
        for number, ready in enumerate(chain.from_iterable(_said(totals.counting(rows), cells)), start=1):
            debts.put_ready(number, ready)
        debts.finish(len(LAYOUT), max(totals.debts, 1))
        _write_cover(about, cover, totals)
    return totals.debts


def csv_lines(rows: Iterable[Row], release: str = NOT_A_RELEASE) -> Iterator[bytes]:
    """The same debts as CSV for people, in pieces: headings and one line a debt; UTF-8 with BOM, guarded."""
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([column.heading for column in LAYOUT])
    yield b"\xef\xbb\xbf" + _taken(out)
    for said in _said(rows, [_in_csv(column, release) for column in LAYOUT]):
        lines.writerows(said)
        yield _taken(out)


def _said(rows: Iterable[Row], columns: Sequence[Callable[[Value], str]]) -> Iterator[Iterable[tuple[str, ...]]]:
    """Some hundred rows at once, each value as its column says it: column by column, which is much sooner done."""
    left = iter(rows)
    while part := [[*map(row.get, _KEYS)] for row in islice(left, _TOGETHER)]:
        values = zip(*part, strict=True)
        yield zip(*[map(say, column) for say, column in zip(columns, values, strict=True)], strict=True)


def _in_workbook(sheet: Sheet, column: Field, release: str) -> Callable[[Value], str]:
    """How a column's values stand in the workbook: those that come again and again are worked out once."""
    look = Look(column.number_format)

    def cell(value: Value) -> str:
        return sheet.ready(_cell(column, value, release), look)

    known = _DAYS if column.number_format == DATE_FORMAT else _KNOWN
    return lru_cache(maxsize=known, typed=True)(cell) if _repeats(column) else cell


def _repeats(column: Field) -> bool:
    """Whether few different values stand in the column."""
    return not column.money and (column.number_format != TEXT_FORMAT or column.key in _LABELS or column.key in _FEW)


def _in_csv(column: Field, release: str) -> Callable[[Value], str]:
    """How a column's values stand in the CSV: those that come again and again are worked out once."""

    @lru_cache(maxsize=_DAYS if column.number_format == DATE_FORMAT else _KNOWN, typed=True)
    def text(value: Value) -> str:
        return _csv_text(_cell(column, value, release))

    if column.money:
        return lambda value: in_pounds(value) if type(value) is int else text(value)
    if _repeats(column):
        return text
    return lambda value: guard(value) if type(value) is str else text(value)


def _cell(column: Field, value: Value, release: str) -> CellValue:
    """Pence become pounds exactly, choices their labels, yes and no words."""
    if column.key == "release":
        return value if isinstance(value, str) else release
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if column.money and isinstance(value, int):
        return Decimal(value).scaleb(-2)
    return _words(column.key, value) if isinstance(value, str) else value


def _words(key: str, value: Value) -> str:
    """The label of a stored choice; any other text as it is."""
    text = "" if value is None else str(value)
    return _LABELS.get(key, {}).get(text, text)


def _csv_text(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return _day(value)
    return guard(value) if isinstance(value, str) else str(value)


def _day(value: date) -> str:
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return in_utf8(text)


def _write_cover(sheet: Sheet, cover: Cover, totals: Totals) -> None:
    filters = "\n".join(f"{name}: {value}" for name, value in cover.filters.items()) or "none: every debt"
    approved = [("Approved by", cover.approved_by)] if cover.approved_by else [("Filters", filters)]
    lines: list[tuple[str, CellValue]] = [
        ("What this is", cover.title),
        ("Release", cover.release),
        ("As at", f"{cover.as_at.astimezone(UK):%d/%m/%Y %H:%M} UK time"),
        ("Prepared by", cover.prepared_by),
        ("Recipient", cover.recipient),
        ("Purpose", cover.purpose),
        *approved,
        *cover.facts.items(),
        ("Debts", totals.debts),
        ("Amount outstanding (£)", Decimal(totals.outstanding).scaleb(-2)),
        *((f"Debts with status {status}", count) for status, count in sorted(totals.by_status.items())),
        ("Handling", "Personal data, only for the recipient and the purpose named here."),
    ]
    sheet.print_across()
    sheet.column(0, 44, Look(TEXT_FORMAT))
    sheet.column(1, 80, Look(TEXT_FORMAT))
    for row, (name, value) in enumerate(lines):
        sheet.fit(row, (str(value), 80))
        sheet.put(row, 0, name, Look(bold=True))
        sheet.put(row, 1, value, Look(MONEY_FORMAT if isinstance(value, Decimal) else GENERAL, wrap=True, left=True))
