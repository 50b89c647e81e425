"""Thousands of rows into one table, given column by column: docs/decisions/0043-many-rows-at-once.md."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Column, Connection, Dialect, LargeBinary, String, Table
from sqlmodel import Session

Columns = Mapping[str, Sequence[Any]]
Translate = Callable[[Any], Any]
_TEXTS = frozenset({str, type(None)})


def insert_rows(db: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows, all with the same keys, which are those of the first."""
    insert_columns(db, table, {key: [row[key] for row in rows] for key in rows[0]})


def insert_columns(db: Session, table: Table, columns: Columns) -> None:
    """Inserts rows given as the values of each column, all equally many, just as `execute(insert(table), rows)` stores
    them, but in one statement and several times as quick. What is not among the columns is left to the database.
    """
    connection = db.connection()
    stored = {key: _stored(table.c[key], values, connection.dialect) for key, values in columns.items()}
    if connection.dialect.name == "postgresql":
        _in_arrays(connection, table, stored)
    else:
        statement = _with_marks(connection.dialect, table, tuple(stored))
        connection.exec_driver_sql(statement, list(zip(*stored.values(), strict=True)))


def _stored(column: Column[Any], values: Sequence[Any], dialect: Dialect) -> Sequence[Any]:
    """The values as the database takes them. Most of a table are texts, taken as they stand; of others each different
    value is translated once only.
    """
    if isinstance(column.type, String):
        return values if _TEXTS.issuperset(map(type, values)) else [value and str(value) for value in values]
    translate = _translation(column, dialect)
    if translate is None:
        return values
    if isinstance(column.type, JSON):
        return [translate(value) for value in values]
    known = {value: translate(value) for value in set(values)}
    return [known[value] for value in values]


@lru_cache(maxsize=500)
def _translation(column: Column[Any], dialect: Dialect) -> Translate | None:
    """SQLAlchemy's own. For PostgreSQL its values become texts, which an array is made of."""
    usual = column.type.dialect_impl(dialect).bind_processor(dialect)
    if dialect.name != "postgresql":
        return usual
    if isinstance(column.type, JSON):
        empty = None if column.type.none_as_null else "null"
        return lambda value: empty if value is None else json.dumps(value)
    is_bytes = isinstance(column.type, LargeBinary)
    return _text if usual is None or is_bytes else lambda value: _text(usual(value))


def _text(value: Any) -> str | None:
    """As PostgreSQL reads it."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return value.isoformat() if isinstance(value, date) else str(value)


@lru_cache(maxsize=100)
def _with_marks(dialect: Dialect, table: Table, keys: tuple[str, ...]) -> str:
    """The table's and columns' names are the models' own; every value is a parameter."""
    marks = ", ".join("?" * len(keys))
    return f"INSERT INTO {_named(dialect, table, keys)} VALUES ({marks})"  # noqa: S608 # nosec B608


def _named(dialect: Dialect, table: Table, keys: Sequence[str]) -> str:
    quote = dialect.identifier_preparer
    return f"{quote.format_table(table)} ({', '.join(quote.format_column(table.c[key]) for key in keys)})"


def _in_arrays(connection: Connection, table: Table, stored: Columns) -> None:
    """Each column travels as one array, and one that holds a single value as that value."""
    single = {key: values[0] for key, values in stored.items() if len(set(values)) == 1}
    several = [key for key in stored if key not in single] or [single.popitem()[0]]
    statement = _unnesting(connection.dialect, table, tuple(several), tuple(single))
    connection.exec_driver_sql(statement, (*single.values(), *(_array(stored[key]) for key in several)))


@lru_cache(maxsize=100)
def _unnesting(dialect: Dialect, table: Table, several: tuple[str, ...], single: tuple[str, ...]) -> str:
    """As `_with_marks`. The rows are stored in the order of the arrays."""
    kinds = {key: _kind(table.c[key], dialect) for key in (*several, *single)}
    arrays = ", ".join(f"%s::{kinds[key]}[]" for key in several)
    values = ", ".join([f"%s::{kinds[key]}" for key in single] + [f"c{place}" for place in range(len(several))])
    names = ", ".join(f"c{place}" for place in range(len(several)))
    into = _named(dialect, table, (*single, *several))
    return f"INSERT INTO {into} SELECT {values} FROM unnest({arrays}) AS given ({names})"  # noqa: S608 # nosec B608


def _kind(column: Column[Any], dialect: Dialect) -> str:
    """A cast to a text of limited length would cut off what is too long instead of refusing it."""
    return "TEXT" if isinstance(column.type, String) else column.type.compile(dialect)


def _array(values: Sequence[str | None]) -> str:
    """An array as PostgreSQL writes it: mostly the texts as they stand, with quotation marks."""
    known = [value for value in values if value is not None]
    text = '","'.join(known)
    if "\\" in text or text.count('"') != 2 * (len(known) - 1):
        known = [value.replace("\\", "\\\\").replace('"', '\\"') for value in known]
        text = '","'.join(known)
    if len(known) == len(values):
        return f'{{"{text}"}}'
    in_turn = iter(known)
    return "{" + ",".join(["NULL" if value is None else f'"{next(in_turn)}"' for value in values]) + "}"
