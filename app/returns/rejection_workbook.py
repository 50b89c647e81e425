"""The rejection workbook and CSV: the rejected rows as they were, with what to fix, to be mended and uploaded again."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.core.spreadsheet.guard import guard
from app.core.spreadsheet.packing import FORMULA, WITHHELD, Packed, as_figures, as_text
from app.core.spreadsheet.writing import Book, Look
from app.core.spreadsheet.xml_cells import CellError, Value, from_packed, writable
from app.return_template.columns import BY_KEY, COLUMNS, ORIGINAL_ROW, RESULT, WHAT_TO_FIX, Column, Kind, columns_on
from app.return_template.stamp import Stamp
from app.return_template.workbook import Ours, ReturnSheet, finish, return_sheet
from app.returns.rules.engine import Finding, Severity

REJECTED = "Rejected"
_WRAPPED = Look(wrap=True)
_BEFORE = (Ours(RESULT, 11, Look()), Ours(WHAT_TO_FIX, 70, _WRAPPED))
_AFTER = (Ours(ORIGINAL_ROW, 10, Look()),)
_NOT_AVAILABLE = "#N/A"  # Excel's own word for a value that is not there: untouched, the cell is found faulty again
_TINTS = {Severity.REJECTED: "F8CBC6", Severity.WARNING: "FFE9B8"}
_LOST = {
    FORMULA: "This cell held a formula without a value, which #N/A stands for. Enter the value itself.",
    WITHHELD: "The words of this cell were removed, because they cannot be kept. Enter the cell again without them.",
}


@dataclass(frozen=True)
class RejectedRow:
    """One rejected row: its number in the original file, its cells as read (by column key) and all its findings."""

    row: int
    cells: Mapping[str, Packed]
    findings: Sequence[Finding]


def workbook(
    stamp: Stamp,
    rows: Sequence[RejectedRow],
    *,
    on: date,
    help_lines: Sequence[str] = (),
    countries: Sequence[str] = (),
) -> bytes:
    """The rows in the template's columns of a day. An untouched cell is read back as the same packed value.

    Lost are: a formula without a value (#N/A) and withheld words (blank), each with a comment that says so, errors that
    only newer programs know (#SPILL! becomes #VALUE!), and what no cell can hold (see `xml_cells.rest_of_cell`).
    """
    book = Book(made=stamp.downloaded_at)
    page = return_sheet(book, on, filled=len(rows), before=_BEFORE, after=_AFTER, countries=countries)
    for number, rejected in enumerate(rows, start=1):
        _write_row(page, number, rejected)
    finish(book, page, stamp, on=on, help_lines=help_lines)
    return book.close()


def csv_file(rows: Iterable[RejectedRow], *, on: date | None = None) -> bytes:
    """The same rows for people without the comments: UTF-8 with BOM, guarded against formulas, dates dd/mm/yyyy.

    Every column there ever was, or with `on` the columns of that day. A CSV keeps no kinds: all comes back as text, and
    is judged as the cell was.
    A NUL, which would make it no CSV, becomes the next control character, so that the cell stays refused.
    """
    columns = list(COLUMNS if on is None else columns_on(on))
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([RESULT, WHAT_TO_FIX, *(column.heading for column in columns), ORIGINAL_ROW])
    for rejected in rows:
        cells = (_csv_text(rejected.cells.get(column.key), column) for column in columns)
        lines.writerow([REJECTED, guard(what_to_fix(rejected.findings)), *cells, rejected.row])
    return writable(out.getvalue()).replace("\0", "\1").encode("utf-8-sig")


def what_to_fix(findings: Iterable[Finding]) -> str:
    """The findings' messages, one a line: first what the row was rejected for, then warnings."""
    return "\n".join(_in_this_row(finding) for finding in sorted(findings, key=_gravest_first))


def _in_this_row(finding: Finding) -> str:
    """The message without the row and cell of the original file, which are others in this workbook."""
    _, colon, words = finding.message.partition(": ")
    return f"{finding.column}: {words}" if finding.column and colon else finding.message


def _write_row(page: ReturnSheet, number: int, rejected: RejectedRow) -> None:
    cure = what_to_fix(rejected.findings)
    page.sheet.fit(number, (cure, _BEFORE[1].width))
    page.sheet.put(number, 0, REJECTED)
    page.sheet.put(number, 1, cure, _WRAPPED)
    by_field: dict[str | None, list[Finding]] = {}
    for finding in sorted(rejected.findings, key=_gravest_first):
        by_field.setdefault(finding.field, []).append(finding)
    for key, place in page.places.items():
        cell, found, look = rejected.cells.get(key), by_field.get(key, ()), page.looks[key]
        words = [_in_this_row(finding) for finding in found]
        if isinstance(cell, str) and cell[:2] in _LOST:
            words.append(_LOST[cell[:2]])
        if words:
            tint = _TINTS[Severity(found[0].severity) if found else Severity.WARNING]
            page.sheet.put(number, place, _value(cell, BY_KEY[key]), Look(look.number_format, fill=tint))
            page.sheet.note(number, place, "\n".join(words))
        elif cell not in (None, ""):
            page.sheet.put(number, place, _value(cell, BY_KEY[key]), look)
    page.sheet.put(number, len(_BEFORE) + len(page.places), rejected.row)


def _gravest_first(finding: Finding) -> bool:
    return finding.severity == Severity.WARNING


def _value(cell: Packed, column: Column) -> Value:
    return CellError(_NOT_AVAILABLE) if _is_lost_formula(cell, column) else from_packed(cell)


def _csv_text(cell: Packed, column: Column) -> str:
    """Numbers are no danger and stay plain; every text is guarded."""
    if _is_lost_formula(cell, column):
        return _NOT_AVAILABLE
    if isinstance(cell, float) and column.kind is Kind.MONEY:
        return f"{as_figures(cell):f}"
    return guard(as_text(cell)) if isinstance(cell, str) else as_text(cell)


def _is_lost_formula(cell: Packed, column: Column) -> bool:
    return column.judged and isinstance(cell, str) and cell.startswith(FORMULA)
