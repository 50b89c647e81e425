"""The floor: what an upload cannot do without. Calamine reads the file, and the same rows go into the same tables, as the
fastest way there is puts them and as SQLAlchemy's Core does.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import openpyxl
import psycopg
import python_calamine
from sqlalchemy import Connection, Table, insert, select

from app import tables
from app.core.db import Database

_EMPTY_BEFORE = ("returns", "return_parts", "rule_counts", "debtors", "debts", "debt_events", "open_rows")
_WORDS = ("words_of_debts", ("debt_id", "words"))  # stands in the migrations only


@dataclass(frozen=True)
class Harvest:
    """All that one upload left in the database, table by table, in an order that respects the foreign keys: as Core takes
    it, and `ready` as the driver does, which has nothing left to translate.
    """

    rows: list[tuple[Table, list[dict[str, Any]]]]
    ready: list[tuple[str, tuple[str, ...], Any]]

    @classmethod
    def of(cls, database: Database) -> "Harvest":
        filled = [table for table in tables.metadata.sorted_tables if table.name in _EMPTY_BEFORE]
        with database.reading() as db:
            found = [(table, [dict(row) for row in db.execute(select(table)).mappings()]) for table in filled]
            columns = [(table.name, tuple(table.columns.keys())) for table, rows in found if rows]
            ready = [(*each, _taken_out(db.connection(), *each)) for each in (*columns, _WORDS)]
        return cls([(table, rows) for table, rows in found if rows], ready)

    def floor(self, database: Database, data: bytes) -> None:
        """Reads the file and inserts the harvest into an empty database through Core."""
        read_with_calamine(database, data)
        with database.writing() as db:
            for table, rows in self.rows:
                db.execute(insert(table), rows)

    def lowest(self, database: Database, data: bytes) -> None:
        """The same with what is ready: COPY on PostgreSQL, the driver's own loop on SQLite. Those who are found by words
        are among it.
        """
        read_with_calamine(database, data)
        with database.writing() as db:
            for name, columns, rows in self.ready:
                _put_in(db.connection(), name, columns, rows)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _taken_out(connection: Connection, name: str, columns: tuple[str, ...]) -> Any:
    query = f"SELECT {', '.join(columns)} FROM {name}"
    if not isinstance(driver := _driver(connection), psycopg.Connection):
        return driver.execute(query).fetchall()
    with driver.cursor() as cursor, cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
        return b"".join(map(bytes, copy))


def _put_in(connection: Connection, name: str, columns: tuple[str, ...], rows: Any) -> None:
    into = f"{name} ({', '.join(columns)})"
    if not isinstance(driver := _driver(connection), psycopg.Connection):
        driver.executemany(f"INSERT INTO {into} VALUES ({', '.join('?' * len(columns))})", rows)
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        copy.write(rows)


def read_with_calamine(_database: Database, data: bytes) -> int:
    sheet = python_calamine.CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_name("Return")
    return len(sheet.to_python(skip_empty_area=False))


def read_with_openpyxl(_database: Database, data: bytes) -> int:
    """As it opens a workbook unless told otherwise."""
    return _walked(openpyxl.load_workbook(BytesIO(data)))


def read_only_with_openpyxl(_database: Database, data: bytes) -> int:
    """In its other mode, which is the quicker one."""
    return _walked(openpyxl.load_workbook(BytesIO(data), read_only=True))


def _walked(workbook: openpyxl.Workbook) -> int:
    return sum(1 for _ in workbook["Return"].iter_rows(values_only=True))
