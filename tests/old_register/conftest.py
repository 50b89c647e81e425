"""An invented register of the time before the service, as somebody kept it by hand, and ways to load it."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import col, select

from app.accounts.access import COMMAND_LINE
from app.core.db import Database
from app.debts.models import Debt, RegisterImport, WarningsIndexEvent
from app.old_register import reading, service
from app.old_register.assessing import Loading
from app.old_register.findings_workbook import Notes
from app.old_register.rules import mapping
from app.old_register.rules.understanding import Flags
from app.old_register.summary import Summary
from app.returns.reading import digest
from tests.returns.conftest import at, hospital, rj1

__all__ = ["hospital", "rj1"]

Line = Mapping[str, str]
AS_AT = date(2026, 10, 31)
LINE: Line = {
    "Trust": "RJ1", "Inv No": "1", "Date of invoice": "14/06/2024", "Debt amount": "2550.00", "Balance": "1200",
    "Status": "Unpaid", "Surname": "Example", "Forename": "Ada", "DOB": "27/03/1985", "Gender": "F",
    "Citizenship": "Nigerian", "Passport no": "A01234567", "Address": "1 Example Street, London",
    "Date reported": "01/09/2024",
}  # fmt: skip


def line(number: str, **changes: str) -> Line:
    """A row of a person of its own; changes by our short names for its headings."""
    own = {"Inv No": number, "Forename": f"Ada {number}", "Passport no": f"A00{number:0>5}"}
    return {**LINE, **own, **{_HEADINGS.get(key, key): value for key, value in changes.items()}}


_HEADINGS = {
    "trust": "Trust", "invoiced": "Date of invoice", "amount": "Debt amount", "left": "Balance", "status": "Status",
    "family": "Surname", "given": "Forename", "born": "DOB", "nationality": "Citizenship", "passport": "Passport no",
    "address": "Address", "reported": "Date reported", "since": "Status from", "flag": "WI", "told": "Patient told",
    "postcode": "Post code",
}  # fmt: skip


def old_csv(lines: Iterable[Line]) -> bytes:
    lines = list(lines)
    headings = list(dict.fromkeys(heading for each in lines for heading in each))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Consolidated debts, all trusts"])
    writer.writerow(headings)
    writer.writerows([each.get(heading, "") for heading in headings] for each in lines)
    return text.getvalue().encode()


def mended(template: bytes, number: str, **cells: object) -> bytes:
    """The trust's template, or the workbook of rows not loaded, with some cells of one row filled in anew."""
    book = load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    at_heading = {cell.value: cell.column for cell in sheet[1]}
    for each in sheet.iter_rows(min_row=2):
        if str(each[at_heading["Invoice number"] - 1].value) == number:
            for heading, value in cells.items():
                each[at_heading[heading] - 1].value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass
class Office:
    """Whoever loads old registers into the database."""

    database: Database
    notes: Notes = field(default_factory=Notes)

    def opened(self, lines: Iterable[Line] | bytes, flags: Flags, as_at: date) -> Loading:
        data = lines if isinstance(lines, bytes) else old_csv(lines)
        table = reading.look(data, {})
        columns = mapping.recognised(table.headings, {})
        mapping.check_whole(table.headings, columns)
        table = reading.settle(data, table, columns)
        return Loading(table, columns, "old.csv", digest(data), as_at, flags)

    def load(self, lines: Iterable[Line] | bytes, flags: Flags = Flags.BY_STATUS, as_at: date = AS_AT,
             on: str = "2026-11-22") -> Summary:  # fmt: skip
        loading = self.opened(lines, flags, as_at)
        with at(on), self.database.writing() as db:
            return service.load(db, COMMAND_LINE, loading, self.notes, lambda _rows: None)[1]

    def try_out(self, lines: Iterable[Line]) -> Summary:
        loading = self.opened(lines, Flags.BY_STATUS, AS_AT)
        with at("2026-11-22"), self.database.reading() as db:
            return service.try_out(db, loading, self.notes, lambda _rows: None)

    def imports(self) -> list[RegisterImport]:
        with self.database.reading() as db:
            return list(db.exec(select(RegisterImport).order_by(col(RegisterImport.id))))

    def debt(self, number: str) -> Debt:
        with self.database.reading() as db:
            return db.exec(select(Debt).where(Debt.invoice_number == number)).one()

    def numbers(self) -> list[str]:
        with self.database.reading() as db:
            return list(db.exec(select(Debt.invoice_number).order_by(Debt.invoice_number)))

    def feed(self) -> list[tuple[str, str]]:
        """What the feed tells, as (action, invoice number)."""
        with self.database.reading() as db:
            events = db.exec(select(WarningsIndexEvent).order_by(col(WarningsIndexEvent.id)))
            return [(event.action, event.invoice_number) for event in events]

    def findings(self, tmp_path: Path) -> Path:
        self.notes.write(tmp_path / "findings.xlsx")
        return tmp_path / "findings.xlsx"


@pytest.fixture
def office(hospital, database: Database) -> Office:
    return Office(database)
