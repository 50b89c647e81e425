"""Rows out of a database and into one, as numbers, texts and bytes that mean the same on SQLite and on PostgreSQL.

Instants are `2026-11-22 12:00:00.000000` in UTC and days `2026-11-22`, as SQLite holds them; yes and no are 1 and 0.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import psycopg
from sqlalchemy import Boolean, Connection, Date, DateTime, Float, Integer, LargeBinary, MetaData, String, inspect
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

from app.core.errors import Unavailable

Row = Sequence[object]
Columns = Sequence[tuple[str, str]]


class Kind(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    FRACTION = "fraction"
    TEXT = "text"
    BYTES = "bytes"
    YES_NO = "yes-no"
    DAY = "day"
    INSTANT = "instant"
    JSON = "json"


_KINDS: Sequence[tuple[type[Any], Kind]] = (
    (Boolean, Kind.YES_NO),
    (Integer, Kind.NUMBER),
    (Float, Kind.FRACTION),
    (DateTime, Kind.INSTANT),
    (Date, Kind.DAY),
    (JSON, Kind.JSON),
    (LargeBinary, Kind.BYTES),
    (String, Kind.TEXT),
)

# How PostgreSQL is asked for each, and as what its answer is then read.
_ASKED: Mapping[str, tuple[str, str]] = {
    Kind.NUMBER: ("{}::int8", "int8"),
    Kind.FRACTION: ("{}::float8", "float8"),
    Kind.TEXT: ("{}::text", "text"),
    Kind.BYTES: ("{}", "bytea"),
    Kind.YES_NO: ("{}::int::int8", "int8"),
    Kind.DAY: ("to_char({}, 'YYYY-MM-DD')", "text"),
    Kind.INSTANT: ("to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')", "text"),
    Kind.JSON: ("{}::text", "text"),
}


def shape(metadata: MetaData) -> dict[str, Columns]:
    """Every table with its columns and their kinds, those that others point to first."""
    return {
        str(table.name): [(str(column.name), _kind(column.type).value) for column in table.columns]
        for table in metadata.sorted_tables
    }


def _kind(type_: TypeEngine[Any]) -> Kind:
    plain = type_.impl_instance if isinstance(type_, TypeDecorator) else type_
    return next(kind for known, kind in _KINDS if isinstance(plain, known))


@contextmanager
def driver_errors() -> Iterator[None]:
    """Raises what a driver itself says as Unavailable (503). It quotes rows: only its code is told."""
    try:
        yield
    except (sqlite3.Error, psycopg.Error) as error:
        code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None) or type(error).__name__
        raise Unavailable(
            f"The database could not be read or written to the end ({code}). Nothing was changed. See that it answers "
            "and that its disk has room, then try again."
        ) from error


def settle(connection: Connection) -> None:
    """For this transaction: texts mean what they say."""
    if connection.dialect.name == "postgresql":
        for name, value in (
            ("TimeZone", "UTC"),
            ("DateStyle", "ISO"),
            ("lock_timeout", "30s"),
        ):
            connection.exec_driver_sql(f"SET LOCAL {name} = '{value}'")


def count(connection: Connection, table: str) -> int:
    return int(connection.exec_driver_sql(f'SELECT count(*) FROM "{table}"').scalar_one())  # noqa: S608 - our own table  # nosec B608


def read(connection: Connection, table: str, columns: Columns) -> Iterator[Row]:
    """All rows of a table, one after the other, in whatever order they come."""
    if connection.dialect.name == "sqlite":
        names = ", ".join(f'"{name}"' for name, _ in columns)
        with driver_errors():
            yield from connection.connection.cursor().execute(f'SELECT {names} FROM "{table}"')  # noqa: S608  # nosec B608
        return
    asked = ", ".join(_ASKED[kind][0].format(f'"{name}"') for name, kind in columns)
    driver: Any = connection.connection.cursor()
    with driver_errors(), driver.copy(f'COPY (SELECT {asked} FROM "{table}") TO STDOUT (FORMAT BINARY)') as copy:  # noqa: S608  # nosec B608
        copy.set_types([_ASKED[kind][1] for _, kind in columns])
        yield from copy.rows()


def load(connection: Connection, table: str, columns: Columns, rows: Iterable[Row]) -> None:
    """Puts rows into an empty table."""
    names = ", ".join(f'"{name}"' for name, _ in columns)
    driver: Any = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" for _ in columns)
        with driver_errors():
            driver.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608  # nosec B608
        return
    with driver_errors(), driver.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def empty(connection: Connection, tables: Iterable[str]) -> None:
    """Takes out what the migrations themselves put in."""
    for table in tables:
        if connection.exec_driver_sql(f'SELECT 1 FROM "{table}" LIMIT 1').first():  # noqa: S608  # nosec B608
            connection.exec_driver_sql(f'DELETE FROM "{table}"')  # noqa: S608  # nosec B608


def count_on(connection: Connection, tables: Mapping[str, Columns]) -> None:
    """The next number that PostgreSQL gives follows the highest there is; SQLite sees to that itself."""
    if connection.dialect.name == "sqlite":
        return
    numbers = [(table, name) for table, columns in tables.items() for name, kind in columns if kind == Kind.NUMBER]
    for table, name in numbers:
        given_by = connection.exec_driver_sql(f"SELECT pg_get_serial_sequence('{table}', '{name}')").scalar()
        if given_by:
            highest = f"SELECT max({name}) AS it FROM {table}"  # noqa: S608  # nosec B608
            connection.exec_driver_sql(
                f"SELECT setval('{given_by}', it) FROM ({highest}) AS highest WHERE it IS NOT NULL"  # noqa: S608  # nosec B608
            )


def clear(connection: Connection) -> None:
    """Drops whatever stands in a PostgreSQL database's own schema, but for what extensions brought."""
    tables = inspect(connection).get_table_names()
    if tables:
        names = ", ".join(f'"{name}"' for name in tables)
        connection.exec_driver_sql(f"DROP TABLE {names} CASCADE")
    left = connection.exec_driver_sql(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND NOT EXISTS "
        "(SELECT 1 FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')"
    )
    for (function,) in left.all():
        connection.exec_driver_sql(f"DROP ROUTINE {function} CASCADE")
