"""The files that trusts send: their filled-in template, their mended rejection workbook, and files that are no return."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from random import Random

from app.core import clock
from app.core.spreadsheet import packing
from app.core.spreadsheet.packing import Packed
from app.core.spreadsheet.writing import Book
from app.demo.invoices import Cells, Value
from app.periods.calendar import Period
from app.policy import countries
from app.return_template import workbook
from app.return_template.stamp import TEMPLATE_VERSION, Stamp
from app.returns import rejection_workbook
from app.returns.rejection_workbook import RejectedRow


def filled_in(organisation: str, period: Period, rows: Sequence[Mapping[str, Value]]) -> bytes:
    """The template as downloaded just now, with these rows in it."""
    stamp = Stamp("template", organisation, str(period), TEMPLATE_VERSION, clock.now())
    return workbook.template(stamp, rows, on=clock.today(), countries=_countries())


def mended(stamp: Stamp, rows: Sequence[RejectedRow], right: Mapping[int, Cells]) -> bytes:
    """The rejection workbook, with those of its rows that were put right (by their original number)."""
    kept = [
        RejectedRow(row.row, {key: _packed(value) for key, value in right[row.row].items()}, row.findings)
        for row in rows
        if row.row in right
    ]
    return rejection_workbook.workbook(stamp, kept, on=clock.today(), countries=_countries())


def wrong(organisation: str, period: Period, chance: Random) -> tuple[str, bytes]:
    """A file that is refused, with its name: the wrong sheet, the wrong month, another trust's, or no workbook at all."""
    rows: list[Cells] = [{"invoice_number": "1", "family_name": "Demo"}]
    files = (
        ("aged debtors report.xlsx", _another_sheet("Account", "Patient", "Balance", "Days overdue")),
        ("overseas ledger.xlsx", _another_sheet("Invoice number", "Family name", "Diagnosis", "Ward")),
        (f"return {period.previous()}.xlsx", filled_in(organisation, period.previous(), rows)),
        (f"return {period}.xlsx", filled_in("RXX" if organisation != "RXX" else "RYY", period, rows)),
        ("return.xlsx", filled_in(organisation, period, [])),
        ("scan0001.pdf", b"%PDF-1.4\n% a scanned page, for the demo\n%%EOF\n"),
    )
    return chance.choice(files)


def _another_sheet(*headings: str) -> bytes:
    book = Book(clock.now())
    sheet = book.sheet("Sheet1")
    sheet.put_row(0, headings)
    sheet.put_row(1, ["demo"] * len(headings))
    return book.close()


def _packed(value: Value) -> Packed:
    if isinstance(value, date):
        return packing.pack_date(value)
    return float(value) if isinstance(value, Decimal) else value


def _countries() -> list[str]:
    return countries.drop_down()


def name_of(organisation: str, period: Period, moment: datetime) -> str:
    return f"{organisation} overseas debtors {period} {moment:%d%m}.xlsx"
