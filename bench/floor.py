"""The floor: what an upload cannot do without. Calamine reads the file, Core inserts the same rows into the same tables."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
import python_calamine
from sqlalchemy import Table, insert, select

from app import tables
from app.core.db import Database

_EMPTY_BEFORE = ("returns", "return_parts", "rule_counts", "debtors", "debts", "debt_events", "open_rows")


@dataclass(frozen=True)
class Harvest:
    """All that one upload left in the database, table by table, in an order that respects the foreign keys."""

    rows: list[tuple[Table, list[dict[str, Any]]]]

    @classmethod
    def of(cls, database: Database) -> "Harvest":
        with database.reading() as db:
            found = [
                (table, [dict(row) for row in db.execute(select(table)).mappings()])
                for table in tables.metadata.sorted_tables
                if table.name in _EMPTY_BEFORE
            ]
        return cls([(table, rows) for table, rows in found if rows])

    def floor(self, database: Database, data: bytes) -> None:
        """Reads the file and inserts the harvest into an empty database."""
        read_with_calamine(database, data)
        with database.writing() as db:
            for table, rows in self.rows:
                db.execute(insert(table), rows)


def read_with_calamine(_database: Database, data: bytes) -> int:
    sheet = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name("Return")
    return len(sheet.to_python(skip_empty_area=False))


def read_with_openpyxl(_database: Database, data: bytes) -> int:
    sheet = openpyxl.load_workbook(BytesIO(data))["Return"]
    return sum(1 for _ in sheet.iter_rows(values_only=True))
