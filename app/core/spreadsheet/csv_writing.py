"""A table as CSV for people: UTF-8 with its mark, texts guarded against formulas, days as dd/mm/yyyy."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from app.core.spreadsheet.guard import guard
from app.core.spreadsheet.xml_cells import writable

Value = str | int | float | date | None


def csv_table(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow([guard(heading) for heading in headings])
    lines.writerows([_text(value) for value in row] for row in rows)
    return writable(out.getvalue()).replace("\0", "").encode("utf-8-sig")


def _text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    return guard(value) if isinstance(value, str) else str(value)
