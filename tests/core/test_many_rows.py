"""Thousands of rows in, thousands of keys asked for: as quick as the database allows, and the same on both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlmodel import select

from app.core.db import among, insert_rows
from app.debts.models import Debtor

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
