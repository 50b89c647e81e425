"""The migrations build what the models say, on both databases, and can be taken back."""

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from app.accounts.models import ApiToken
from app.core import clock, migrating
from app.core.db import Database
from app.tables import metadata


def test_an_empty_database_migrated_is_exactly_what_the_models_say(database: Database):
    assert migrating.current(database) == migrating.head()
    assert migrating.drift(database, metadata) == []


def test_a_column_missing_from_the_migrations_is_noticed(database: Database):
    with database.migrating() as connection:
        connection.execute(text("ALTER TABLE users DROP COLUMN name"))
    assert "name" in str(migrating.drift(database, metadata))


def test_migrations_can_be_taken_back_to_nothing_and_applied_again(database: Database):
    migrating.downgrade(database, "base")
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrating.upgrade(database)
    assert migrating.drift(database, metadata) == []


def test_a_migration_that_fails_leaves_the_database_as_it_was(database: Database):
    with pytest.raises(RuntimeError, match="half way"), database.migrating() as connection:
        connection.execute(text("CREATE TABLE half (id INTEGER)"))
        raise RuntimeError("half way")
    assert "half" not in inspect(database.engine).get_table_names()


def test_migrating_a_database_that_stands_at_the_newest_revision_changes_nothing(database: Database):
    migrating.upgrade(database)
    assert migrating.current(database) == migrating.head()


def test_every_revision_has_a_name_that_postgresql_can_keep():
    assert 0 < len(migrating.head()) <= 32


def test_foreign_keys_are_watched_again_after_a_migration(database: Database):
    migrating.upgrade(database)
    token = ApiToken(digest="0" * 64, user_id="nobody", created_at=clock.now(), expires_at=clock.now())
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), database.writing() as db:
        db.add(token)
