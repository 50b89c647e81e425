"""The grid as files for people: a CSV and a workbook, one row an organisation. No persons but the staff who look after it."""

from collections.abc import Sequence

from app.core.spreadsheet.csv_writing import csv_table
from app.core.spreadsheet.writing import Book, Look
from app.periods.calendar import Period
from app.submissions.grid import WORDS, Row
from app.submissions.rules.state import State
from app.submissions.standings import Submission

_BEFORE = (("Code", 10), ("Organisation", 44), ("Nation", 12), ("Region", 24), ("Local Partnership Manager", 30))
_AFTER = (("Owed", 8), ("Received", 9), ("On time", 9), ("Rate", 8))
_HEAD = Look(bold=True, wrap=True, ink="FFFFFF", fill="005EB8")
_TINTS = {State.MISSING: "F8CBC6", State.SUBMITTED_LATE: "FFE9B8", State.NIL_LATE: "FFE9B8"}
_MONTH_WIDTH = 11
_SHARE = Look(number_format="0%")


def csv_file(rows: Sequence[Row], months: Sequence[Period]) -> bytes:
    """UTF-8 with BOM, guarded against formulas. The rate is between 0 and 1, empty where nothing is owed."""
    lines = ([*_facts(row), *map(_word, row.cells), *_numbers(row)] for row in rows)
    return csv_table([heading for heading, _ in _columns(months)], lines)


def workbook(rows: Sequence[Row], months: Sequence[Period]) -> bytes:
    """The same, with the months that went wrong tinted beside their word and the rate as a percentage."""
    book, columns = Book(), _columns(months)
    sheet = book.sheet("Who has submitted")
    sheet.fit(0, ("\n", 10))
    for place, (heading, width) in enumerate(columns):
        sheet.column(place, width)
        sheet.put(0, place, heading, _HEAD)
    for number, row in enumerate(rows, start=1):
        sheet.put_row(number, _facts(row))
        for place, cell in enumerate(row.cells, start=len(_BEFORE)):
            sheet.put(number, place, _word(cell), Look(fill=_TINTS.get(cell.state) if cell else None))
        for place, value in enumerate(_numbers(row), start=len(_BEFORE) + len(months)):
            if value is not None:
                sheet.put(number, place, value, _SHARE if isinstance(value, float) else Look())
    sheet.finish(len(columns), max(len(rows), 1))
    return book.close()


def _columns(months: Sequence[Period]) -> list[tuple[str, int]]:
    return [*_BEFORE, *((month.label, _MONTH_WIDTH) for month in months), *_AFTER]


def _facts(row: Row) -> tuple[str, ...]:
    return row.code, row.name, row.nation, row.region, row.lpm or ""


def _numbers(row: Row) -> tuple[int | float | None, ...]:
    return row.count.owed, row.count.received, row.count.on_time, row.count.rate


def _word(cell: Submission | None) -> str:
    return WORDS[cell.state if cell else State.NOT_OWED]
