"""Rows into bare tables: without indexes, triggers or keys, which come back after the last row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from app.core.db import Database

TABLES = ("returns", "debtors", "debts", "debt_events", "holds", "likeness_keys")
Add = Callable[[str, Sequence[Mapping[str, Any]]], None]


@contextmanager
def bare(database: Database) -> Iterator[Add]:
    """Gives a function that adds rows to a table."""
    connection = database.engine.raw_connection()
    connection.detach()  # its settings are nobody else's
    try:
        with (_sqlite if database.is_sqlite else _postgresql)(connection.dbapi_connection) as add:
            yield add
    finally:
        connection.close()


@contextmanager
def _sqlite(connection: Any) -> Iterator[Add]:
    for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-800000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    names = ", ".join(f"'{name}'" for name in TABLES)
    indexes = connection.execute(
        f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({names})"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")

    def add(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        marks = ", ".join("?" * len(rows[0]))
        statement = f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({marks})"
        connection.executemany(statement, [tuple(row.values()) for row in rows])

    yield add
    for _, sql in indexes:
        connection.execute(sql)
    connection.execute("COMMIT")


@contextmanager
def _postgresql(connection: Any) -> Iterator[Add]:
    cursor = connection.cursor()
    for statement in (
        "SET session_replication_role = replica",
        "SET timezone = 'UTC'",
        "SET maintenance_work_mem = '512MB'",
    ):
        cursor.execute(statement)
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid::regclass::text = "
        "ANY(%s) AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)",
        [list(TABLES)],
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")

    def add(table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        with cursor.copy(f"COPY {table} ({', '.join(rows[0])}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))

    yield add
    for _, sql in indexes:
        cursor.execute(sql)
    connection.commit()
