"""Indexes of tables that are large and in use: PostgreSQL makes them beside the work of others, outside any transaction.

Which ones is said in the models by `postgresql_concurrently`. Begun and not finished, they are made anew next time.
"""

from sqlalchemy import Connection, Index
from sqlalchemy.schema import CreateIndex

from app.core.db import Database, errors_in_words, metadata

_LOCK = 20111102  # one at a time; another number than that of migrations
_FOUND = (
    "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname = ANY (%s)"
)


def make_missing(database: Database) -> list[str]:
    """Makes those that are not there and gives their names. Readers and writers go on meanwhile."""
    wanted = {str(index.name): index for index in _beside()}
    outside = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with errors_in_words(), outside.connect() as connection:
        if not connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({_LOCK})").scalar():
            return []  # another is at it; whoever waited here would be waited for in turn
        try:
            return [name for name in sorted(wanted) if _made(connection, name, wanted[name])]
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({_LOCK})")


def _beside() -> list[Index]:
    return [
        index
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["postgresql"].get("concurrently")
    ]


def _made(connection: Connection, name: str, index: Index) -> bool:
    found: dict[str, bool] = {row[0]: row[1] for row in connection.exec_driver_sql(_FOUND, ([name],))}
    if found.get(name):
        return False
    if name in found:
        connection.exec_driver_sql(f'DROP INDEX CONCURRENTLY "{name}"')
    connection.execute(CreateIndex(index))
    return True
