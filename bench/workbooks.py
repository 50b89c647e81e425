"""Workbooks of new debts of invented people, as Excel would save them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from io import BytesIO
from typing import Any

import xlsxwriter

from app.demo.dice import dice
from app.demo.people import invented
from app.return_template.columns import COLUMNS, Kind

Cell = str | float | date | None


@lru_cache(maxsize=8)
def new_debts(number: int, first: int = 0, paid: int = 0) -> bytes:
    """So many rows that every rule accepts; `first` keeps invoice numbers of several files apart. Of every `paid` rows one
    has a pound less to pay.
    """
    return workbook(_with_payments(rows(number, first), paid))


def _with_payments(lines: Iterable[dict[str, Cell]], paid: int) -> Iterator[dict[str, Cell]]:
    for row, cells in enumerate(lines, start=1):
        if paid and row % paid == 0:
            cells["amount_outstanding"] = round(float(str(cells["amount_outstanding"])) - 1, 2)
        yield cells


def workbook(lines: Iterable[Mapping[str, Cell]]) -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    looks = {
        Kind.DATE: book.add_format({"num_format": "dd/mm/yyyy"}),
        Kind.MONEY: book.add_format({"num_format": "0.00"}),
    }
    sheet = book.add_worksheet("Return")
    sheet.write_row(0, 0, [column.heading for column in COLUMNS])
    for row, cells in enumerate(lines, start=1):
        for place, column in enumerate(COLUMNS):
            _write(sheet, row, place, cells.get(column.key), looks)
    book.close()
    return out.getvalue()


def rows(number: int, first: int = 0) -> Iterator[dict[str, Cell]]:
    chance = dice("bench", first)
    for serial in range(first, first + number):
        raised = date(2026, 5, 1) + timedelta(days=serial % 100)
        pounds = 500 + chance.randrange(0, 900_000) / 100
        yield {
            **vars(invented(chance, raised)),
            "sex": "Female",
            "invoice_number": f"INV{serial:07d}",
            "invoice_date": raised,
            "invoice_amount": pounds,
            "amount_outstanding": pounds,
            "status": "Debt outstanding",
            "site": "Demo General",
            "patient_informed": "Yes",
            "your_reference": f"invented person {serial}",
        }


def _write(sheet: Any, row: int, place: int, value: Cell, looks: dict[Kind, object]) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, place, value, looks[Kind.DATE])
    elif isinstance(value, float):
        sheet.write_number(row, place, value, looks[Kind.MONEY])
    elif value is not None:
        sheet.write_string(row, place, value)
