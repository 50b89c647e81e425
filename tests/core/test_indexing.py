"""Indexes of large tables are made on PostgreSQL while others write, and one that was begun and not finished is made anew."""

import pytest
from sqlalchemy import text

from app.core import indexing, migrating
from app.core.db import Database
from app.tables import metadata

ONE = "ix_debts_amount_outstanding"


@pytest.mark.parametrize("_store", ["postgresql"], indirect=True)
def test_what_is_missing_is_made_beside_a_writer_of_another_table_and_once_only(database: Database):
    with database.engine.begin() as connection:
        connection.execute(text(f"DROP INDEX {ONE}"))
    with database.writing() as db:
        db.connection().execute(text("UPDATE users SET name = name"))
        assert indexing.make_missing(database) == [ONE]
    assert indexing.make_missing(database) == []
    assert migrating.drift(database, metadata) == []


@pytest.mark.parametrize("_store", ["postgresql"], indirect=True)
def test_an_index_that_was_not_finished_is_made_anew(database: Database):
    with database.engine.begin() as connection:
        connection.execute(text(f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{ONE}'::regclass"))
    assert indexing.make_missing(database) == [ONE]
    assert indexing.make_missing(database) == []


@pytest.mark.parametrize("_store", ["postgresql"], indirect=True)
def test_a_migration_leaves_them_to_be_made_after_it(database: Database):
    migrating.downgrade(database, "2026_11_29_api7")
    migrating.upgrade(database)
    assert migrating.drift(database, metadata) == []
