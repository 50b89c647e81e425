"""A report as files: CSV and workbook, with what the page shows, what was asked for, and the same definitions."""

import csv
import io
import textwrap
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from app.core.spreadsheet.guard import guard
from app.core.spreadsheet.writing import GENERAL, MONEY_FORMAT, Book, Look, Sheet
from app.reports.rules.rounding import OF_MANY, OF_ONE
from app.reports.rules.suppression import FEWEST
from app.reports.service import Read
from app.reports.table import Row, Table, Unit, Value

_FORMATS = {Unit.TEXT: "@", Unit.COUNT: "#,##0", Unit.MONEY: MONEY_FORMAT, Unit.SHARE: "0.0%", Unit.DAYS: "0"}
_BOLD, _WRAPPED = Look(bold=True, wrap=True), Look(wrap=True)
_NAMES, _FIGURES, _WORDS = 44, 16, 100  # widths of columns, in characters


def about(read: Read, made_on: date) -> list[tuple[str, str]]:
    """What stands before the figures: what they are, of which months and organisations, and how they come about."""
    asked = read.asked
    facts = [
        ("Report", read.report.title),
        ("Question", read.report.question),
        ("Months", asked.first.label if asked.first == asked.last else f"{asked.first.label} to {asked.last.label}"),
        ("Nation", asked.nation or "All"),
        ("Region", asked.region or "All"),
        ("Made on", f"{made_on:%-d %B %Y}"),
    ]
    if not read.is_exact:
        facts.append(("Small numbers", PROTECTION))
    if read.without_people:
        facts.append(("Left out", "Figures about people: of a part of the organisations they are not shown."))
    return facts + [("How it is counted", note) for note in read.report.notes]


PROTECTION = (
    f"Figures about fewer than {FEWEST} people are not shown, and where needed others beside them. What else is about people "
    f"is rounded: numbers to the nearest {OF_MANY.count} and money to the nearest {OF_MANY.pounds}, of a single organisation "
    f"to the nearest {OF_ONE.count} and {OF_ONE.pounds}. So sums may differ from their parts."
)


def as_csv(read: Read, made_on: date) -> bytes:
    """For people: what it is, then one table after the other below its name, with empty lines between. UTF-8 with its mark."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerows([guard(name), guard(words)] for name, words in about(read, made_on))
    for table in read.tables:
        lines.writerows([[], [guard(table.caption)]])
        lines.writerow([guard(heading) for heading in _headings(table)])
        for row in _rows(table):
            lines.writerow([guard(row.name), *(_as_text(value) for value in _cells(table, row))])
    return text.getvalue().encode("utf-8-sig")


def as_workbook(read: Read, made_on: date) -> bytes:
    """A cover sheet with the definitions, then one sheet a table."""
    book = Book()
    _write_about(book.sheet("About"), read, made_on)
    for number, table in enumerate(read.tables, start=1):
        _write_table(book.sheet(_sheet_name(table, number)), table)
    return book.close()


def _write_about(sheet: Sheet, read: Read, made_on: date) -> None:
    defined = [
        (column.heading, column.definition) for table in read.tables for column in table.columns if column.definition
    ]
    lines = [*about(read, made_on), *dict.fromkeys(defined)]
    sheet.column(0, 24)
    sheet.column(1, _WORDS, _WRAPPED)
    for row, (name, words) in enumerate(lines):
        sheet.fit(row, (words, _WORDS))
        sheet.put(row, 0, name, _BOLD)
        sheet.put(row, 1, words, _WRAPPED)


def _write_table(sheet: Sheet, table: Table) -> None:
    sheet.put_row(0, _headings(table), _BOLD)
    sheet.column(0, _NAMES)
    for number, column in enumerate(table.columns, start=1):
        sheet.column(number, _FIGURES, Look(number_format=_FORMATS[column.unit]))
    last = 0
    for last, row in enumerate(_rows(table), start=1):
        is_total = row is table.total
        sheet.put(last, 0, row.name, Look(bold=is_total, wrap=True))
        for number, (column, value) in enumerate(zip(table.columns, _cells(table, row), strict=True), start=1):
            number_format = GENERAL if isinstance(value, str) else _FORMATS[column.unit]
            sheet.put(last, number, value, Look(number_format=number_format, bold=is_total))
    sheet.finish(len(table.columns) + 1, last)


def _headings(table: Table) -> list[str]:
    money = {Unit.MONEY: " (£)"}
    return [table.heading, *(column.heading + money.get(column.unit, "") for column in table.columns)]


def _rows(table: Table) -> Iterator[Row]:
    yield from table.rows
    if table.total:
        yield table.total


def _cells(table: Table, row: Row) -> Iterator[str | int | Decimal | None]:
    """Money in pounds, shares as exact decimals, what is hidden in words."""
    for column in table.columns:
        yield _cell(row.values.get(column.key), column.unit)


def _cell(value: Value, unit: Unit) -> str | int | Decimal | None:
    if value is None or isinstance(value, str):
        return None if value is None else str(value)
    if unit is Unit.MONEY:
        return Decimal(int(value)) / 100
    return Decimal(f"{value:.4f}") if unit is Unit.SHARE else Decimal(str(value)) if isinstance(value, float) else value


def _as_text(value: str | int | Decimal | None) -> str:
    return guard(value) if isinstance(value, str) else "" if value is None else str(value)


def _sheet_name(table: Table, number: int) -> str:
    """Not longer than 31 characters, whole words, and without the letters that a sheet's name may not hold."""
    plain = "".join(letter for letter in table.caption if letter not in "[]:*?/\\'")
    return textwrap.shorten(f"{number} {plain}", 31, placeholder="")
