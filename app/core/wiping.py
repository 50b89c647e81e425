"""Leaves nothing of deleted rows in a database's files: what a delete alone does not promise."""

import sqlite3
from typing import Any

from app.core.db import Database, errors_in_words
from app.core.errors import Unavailable

_SEARCHES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%fts5%'"


def wipe(database: Database) -> None:
    """SQLite: a full-text index merges its parts, which drops deleted words, and the file is written anew without free
    pages; PostgreSQL: dead rows are removed from their pages. Readers are not disturbed; on SQLite writers wait.
    """
    if not database.is_sqlite:
        outside = database.engine.execution_options(isolation_level="AUTOCOMMIT")  # not possible inside a transaction
        with errors_in_words(), outside.connect() as connection:
            connection.exec_driver_sql("VACUUM")
        return
    try:
        with errors_in_words(), database.engine.connect() as connection:
            _wipe_file(connection.connection.cursor())
    except sqlite3.Error as error:
        raise Unavailable(
            f"Everything is deleted, but the database's file could not be written anew ({error}). See that its disk has "
            "room for a second copy; the next purge tries again."
        ) from error


def _wipe_file(cursor: Any) -> None:
    cursor.execute("PRAGMA query_only=0")
    for (name,) in cursor.execute(_SEARCHES).fetchall():
        cursor.execute(f'INSERT INTO "{name}" ("{name}") VALUES (\'optimize\')')  # noqa: S608 - our own table  # nosec B608
    cursor.execute("VACUUM")
    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
