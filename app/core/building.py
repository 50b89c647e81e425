"""Builds the indexes that migrations ask for beside the tables that they need: at once on small ones, else afterwards and
CONCURRENTLY, so that nobody who works on a large table waits for it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text
from sqlmodel import col, select

from app.core.db import Database, errors_in_words
from app.core.schema import IndexToBuild

LARGE = 8 * 1024 * 1024  # bytes: an index on less is built in a tenth of a second
BUILDERS = 20_111_102  # one builds at a time
ASKED_EVERY = 0.5  # seconds; a statement that waits for a lock would itself be waited for
_INVALID = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid"


def build_now(connection: Connection, name: str, on_what: str) -> None:
    """In the transaction of a migration. `on_what` is a table and its columns, such as `debts (changed_at)`."""
    connection.exec_driver_sql(f"CREATE INDEX {name} ON {on_what}")


def build_or_note(connection: Connection, name: str, on_what: str) -> None:
    """The same, but that of a large table is left for `build`."""
    if not _is_large(connection, on_what.split(maxsplit=1)[0]):
        build_now(connection, name, on_what)
        return
    noted = text("INSERT INTO indexes_to_build (name, on_what) VALUES (:name, :on_what)")
    connection.execute(noted, {"name": name, "on_what": on_what})


def build(database: Database) -> list[str]:
    """Builds what is noted and gives the names. One that was cut off is begun anew."""
    with database.reading() as db:
        noted = db.exec(select(IndexToBuild).order_by(col(IndexToBuild.name))).all()
    if not noted:
        return []
    with errors_in_words(), _alone(database) as connection:
        for one in noted:
            if connection.execute(text(_INVALID), {"name": one.name}).first():
                connection.exec_driver_sql(f"DROP INDEX CONCURRENTLY {one.name}")
            connection.exec_driver_sql(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {one.name} ON {one.on_what}")
            connection.execute(text("DELETE FROM indexes_to_build WHERE name = :name"), {"name": one.name})
    return [one.name for one in noted]


def _is_large(connection: Connection, table: str) -> bool:
    if connection.dialect.name != "postgresql":
        return False
    size = connection.execute(text("SELECT pg_relation_size(to_regclass(:name))"), {"name": table}).scalar_one()
    return int(size) >= LARGE


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """A connection without a transaction, while nobody else builds."""
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = text("SELECT pg_try_advisory_lock(:number)")
        while not connection.execute(mine, {"number": BUILDERS}).scalar_one():
            time.sleep(ASKED_EVERY)
        try:
            yield connection
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": BUILDERS})
