"""Thousands of rows in, thousands of keys asked for: as quick as the database allows, and the same on both databases."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, insert
from sqlalchemy.exc import DataError
from sqlmodel import Session, select

from app import tables
from app.core.db import among
from app.core.many_rows import insert_columns, insert_rows
from app.debts.models import Debtor
from app.return_template.choices import Status
from tests.naughty import NAUGHTY

MOMENT = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=1)))
TABLE = Debtor.__table__


def rows(*ids: str) -> list[dict[str, object]]:
    return [{"id": id_, "created_at": MOMENT, "joined_into": None, "root_id": id_} for id_ in ids]


def test_inserted_rows_read_back_as_if_the_orm_had_written_them(db):
    insert_rows(db, TABLE, rows("a", "b"))
    db.add(Debtor(id="c", created_at=MOMENT))
    db.flush()
    found = db.exec(select(Debtor).order_by(Debtor.id)).all()
    assert [(one.id, one.created_at, one.joined_into) for one in found] == [
        (id_, datetime(2026, 3, 1, 11, tzinfo=UTC), None) for id_ in "abc"
    ]


def test_a_moment_without_a_zone_is_never_inserted(db):
    with pytest.raises(ValueError, match="time zone"):
        insert_rows(db, TABLE, [rows("a")[0] | {"created_at": MOMENT.replace(tzinfo=None)}])


# For every type of column there is, values that a careless writer would spoil; the last stands for the many that are alike.
VALUES: dict[str, list[Any]] = {
    "AutoString": [*NAUGHTY, Status.ARRANGEMENT, "", " ", "NULL", "{a,b}", 'a"b\\c\n\t', "%s", "same", "same"],
    "Integer": [0, -1, 2**31 - 1, 7, 7],
    "BigInteger": [0, -(2**62), 2**31, 500_000_000, 7, 7],
    "Boolean": [True, False, False],
    "Date": [date(1, 1, 1), date(1985, 3, 27), date(9999, 12, 31), date(2026, 2, 28)],
    "Instant": [MOMENT, datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), MOMENT.astimezone(UTC)],
    "JSON": [{}, [], {"é": ['"', "\\", "\u2028", 1.5, None, True]}, "null", 0, {"same": 1}],
    "LargeBinary": [b"", b"\x00\\\"'{},\xff", b"NULL", b"same"],
}


@pytest.fixture
def twins(db: Session) -> tuple[Table, Table]:
    """Two tables with a column of every type that the service's tables have."""
    known = MetaData()
    kinds = {repr(column.type): column.type for table in tables.metadata.sorted_tables for column in table.columns}
    made = tuple(
        Table(name, known, Column("id", Integer, primary_key=True),
              *(Column(f"to {number}", kind) for number, (_, kind) in enumerate(sorted(kinds.items()))))
        for name in ("by_core", "at_once")
    )  # fmt: skip
    known.create_all(db.connection())
    return made[0], made[1]


def as_kept(db: Session, table: Table) -> list[tuple[Any, ...]]:
    """The rows as the database holds them, whatever the type."""
    told = "quote({0})" if db.get_bind().dialect.name == "sqlite" else "{0}::text"
    told_of_each = ", ".join(told.format(f'"{column.name}"') for column in table.columns)
    found = db.connection().exec_driver_sql(f'SELECT {told_of_each} FROM "{table.name}" ORDER BY id')
    return [tuple(row) for row in found]


def odd_rows(table: Table, empty: bool) -> list[dict[str, Any]]:
    def value(column: Column[Any], row: int) -> Any:
        values = VALUES[type(column.type).__name__]
        limit = getattr(column.type, "length", None)
        if empty and row % 3 == 0:
            return None
        return values[row][:limit] if limit and row < len(values) else values[min(row, len(values) - 1)]

    longest = max(map(len, VALUES.values()))
    kinds = [column for column in table.columns if column.name != "id"]
    return [{"id": row} | {column.name: value(column, row) for column in kinds} for row in range(longest)]


@pytest.mark.parametrize("empty", [False, True])
def test_what_is_inserted_at_once_is_what_core_inserts(db, twins, empty):
    by_core, at_once = twins
    rows_ = odd_rows(by_core, empty)
    db.execute(insert(by_core), rows_)
    insert_rows(db, at_once, rows_)
    assert as_kept(db, at_once) == as_kept(db, by_core)
    assert db.execute(select(at_once).order_by(at_once.c.id)).all() == db.execute(
        select(by_core).order_by(by_core.c.id)
    ).all()  # fmt: skip


def test_one_row_is_inserted_as_many_are(db, twins):
    one, many = twins
    rows_ = odd_rows(one, empty=True)
    for row in rows_:
        insert_rows(db, one, [row])
    insert_rows(db, many, rows_)
    assert as_kept(db, one) == as_kept(db, many)


def test_numbers_that_the_database_gives_follow_the_order_of_the_rows(db):
    table = Table("numbered", MetaData(), Column("id", Integer, primary_key=True), Column("word", String))
    table.create(db.connection())
    words = [f"{number * 7919 % 2000:04d}" for number in range(2000)]
    insert_columns(db, table, {"word": words})
    assert list(db.execute(select(table.c.word).order_by(table.c.id)).scalars()) == words


def test_a_text_that_is_too_long_is_never_cut(db):
    table = Table("short", MetaData(), Column("word", String(3)), Column("number", Integer))
    table.create(db.connection())
    alike = {"word": ["long"], "number": [1]}
    for columns in (alike, {"word": ["long", "abc"], "number": [1, 2]}):
        with suppress(DataError), db.begin_nested():
            insert_columns(db, table, columns)
    assert "lon" not in db.execute(select(table.c.word)).scalars().all()


def test_any_number_of_keys_can_be_asked_for_at_once(db):
    ids = [f"{number:05d}" for number in range(3000)]
    insert_rows(db, TABLE, rows(*ids))
    wanted = [f"{number:05d}" for number in range(1000, 70_000)]
    assert len(db.exec(select(Debtor.id).where(among(db, Debtor.id, wanted))).all()) == 2000


def test_no_keys_find_nothing_and_odd_ones_are_only_keys(db):
    insert_rows(db, TABLE, rows("a", "it's", 'say "x"', "é\\"))
    assert db.exec(select(Debtor.id).where(among(db, Debtor.id, []))).all() == []
    odd = {"it's", 'say "x"', "é\\"}
    assert set(db.exec(select(Debtor.id).where(among(db, Debtor.id, odd))).all()) == odd
