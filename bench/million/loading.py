"""Rows into bare tables: without indexes, triggers or keys, which come back after the last row."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from app.core.db import Database
from bench.million.multiplying import multiply
from bench.million.shapes import SHAPES, TABLES, Batch

Add = Callable[[Batch], None]


@contextmanager
def bare(database: Database, times: int = 1) -> Iterator[Add]:
    """Gives a function that adds the rows of a batch. At the end PostgreSQL has so many times as many of them."""
    connection = database.engine.raw_connection()
    connection.detach()  # its settings are nobody else's
    try:
        settled = (
            _sqlite(connection.dbapi_connection)
            if database.is_sqlite
            else _postgresql(connection.dbapi_connection, times)
        )
        with settled as add:
            yield add
    finally:
        connection.close()


@contextmanager
def _sqlite(connection: Any) -> Iterator[Add]:
    for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-800000", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    names = ", ".join(f"'{name}'" for name in TABLES)
    of_them = f"sql IS NOT NULL AND tbl_name IN ({names})"
    aside = connection.execute(
        f"SELECT type, name, sql FROM sqlite_master WHERE type = 'index' AND {of_them} "
        f"UNION ALL SELECT type, name, sql FROM sqlite_master WHERE type = 'trigger' AND {of_them}"
    ).fetchall()
    for kind, name, _ in aside:
        connection.execute(f"DROP {kind} {name}")

    def add(batch: Batch) -> None:
        for table in TABLES:
            if rows := batch.whole(table):
                columns = SHAPES[table].columns
                statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
                connection.executemany(statement, rows)

    yield add
    for _, _, sql in aside:
        connection.execute(sql)
    connection.execute("COMMIT")


@contextmanager
def _postgresql(connection: Any, times: int) -> Iterator[Add]:
    cursor = connection.cursor()
    for statement in (
        "SET session_replication_role = replica",
        "SET timezone = 'UTC'",
        "SET maintenance_work_mem = '1GB'",
        "SET statement_timeout = 0",
        "SET idle_in_transaction_session_timeout = 0",
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

    def add(batch: Batch) -> None:
        for table in TABLES:
            if rows := batch.whole(table):
                with cursor.copy(f"COPY {table} ({', '.join(SHAPES[table].columns)}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)

    yield add
    multiply(cursor, times)
    for _, sql in indexes:
        cursor.execute(sql)
    connection.commit()
