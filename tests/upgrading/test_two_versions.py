"""A rolling upgrade: a newer version has migrated the database, and this one still serves with it, or says why it cannot."""

import os
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import inspect
from starlette.testclient import TestClient

from app.cli.worker import Job, Turn, run
from app.core import building, migrating, schema
from app.core.db import Database
from app.core.errors import Refused, Unavailable
from app.core.schema import Shape
from app.main import create_app
from tests import world
from tests.cli.test_commands import refused, say
from tests.upgrading import newer

ON_POSTGRESQL = pytest.mark.parametrize("_store", ["postgresql"], indirect=True)


def health(database: Database) -> tuple[int, str]:
    with TestClient(create_app(database=database)) as client:
        answer = client.get("/health/ready")
    (found,) = [check for check in answer.json()["checks"] if check["name"] == "migrations"]
    return answer.status_code, found["reason"]


def test_the_files_own_words_say_the_same_as_alembic():
    assert schema.head() == migrating.head()
    assert all(migrating.knows(revision) for revision in schema.known())
    assert len(schema.known()) == len(list(schema.STEPS.glob("*.py")))


def test_everybody_goes_on_working_after_a_newer_version_has_expanded_the_database(database: Database, tmp_path):
    newer.migrate(database, tmp_path, newer.INDEX)
    assert "ix_debts_letter_on" in {one["name"] for one in inspect(database.engine).get_indexes("debts")}
    assert schema.shape(database) is Shape.AHEAD
    assert health(database) == (200, schema.AHEAD)
    schema.may_serve(database)
    refused(say("migrate", database_url=os.environ["DEBTOR_RETURNS_DATABASE_URL"]), schema.AHEAD)
    world.build(create_app(database=database), database)
    assert say("worker", "--once", database_url=os.environ["DEBTOR_RETURNS_DATABASE_URL"]).returncode == 0


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_version_that_a_step_has_taken_something_from_does_not_start_and_is_not_ready(
    database: Database, tmp_path, command: str
):
    newer.migrate(database, tmp_path, 'needs = "2098_12_31_unknown"')
    assert schema.shape(database) is Shape.BEYOND
    assert health(database) == (503, schema.BEYOND)
    for name in (command, "migrate"):
        refused(say(name, database_url=os.environ["DEBTOR_RETURNS_DATABASE_URL"]), schema.BEYOND)


def test_a_worker_that_runs_ends_when_a_step_has_taken_something_from_it(database: Database, tmp_path):
    def meanwhile(_turn: Turn) -> Iterator[str]:
        newer.migrate(database, tmp_path, 'needs = "2098_12_31_unknown"')
        yield "migrated"

    with pytest.raises(Refused, match="Start the newer version"):
        run(Turn(database), [Job("A", timedelta(hours=1), meanwhile)])


def test_a_step_that_needs_only_what_this_version_has_keeps_it_serving_until_it_is_taken_back(
    database: Database, tmp_path
):
    newer.migrate(database, tmp_path, f'needs = "{schema.head()}"', newer.INDEX)
    assert schema.shape(database) is Shape.AHEAD
    with database.reading() as db:
        step = db.get_one(schema.ContractStep, newer.REVISION)
    assert step.needs == schema.head()
    with newer.steps(tmp_path / "back", newer.expanding(f'needs = "{schema.head()}"', newer.INDEX)):
        migrating.downgrade(database, "-1")
    assert schema.shape(database) is Shape.SAME
    with database.reading() as db:
        assert db.get(schema.ContractStep, newer.REVISION) is None
    assert "ix_debts_letter_on" not in {one["name"] for one in inspect(database.engine).get_indexes("debts")}


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_version_that_is_ahead_of_the_database_waits_for_its_migration(database: Database, command: str):
    migrating.downgrade(database, "-1")
    assert schema.shape(database) is Shape.BEHIND
    with pytest.raises(Refused, match="debtor-returns migrate"):
        schema.may_serve(database)
    refused(say(command, database_url=os.environ["DEBTOR_RETURNS_DATABASE_URL"]), "debtor-returns migrate")


def test_a_database_of_an_unknown_revision_that_keeps_no_steps_is_not_sent_to_migrate(tmp_path):
    other = Database(f"sqlite:///{tmp_path}/other.db")
    with other.writing() as db:
        db.connection().exec_driver_sql("CREATE TABLE alembic_version AS SELECT 'elsewhere' AS version_num")
    assert schema.shape(other) is Shape.BEYOND
    other.close()
    refused(say("migrate", database_url=f"sqlite:///{tmp_path}/other.db"), schema.BEYOND)


def test_a_database_that_nobody_has_prepared_is_behind(tmp_path):
    empty = Database(f"sqlite:///{tmp_path}/empty.db")
    assert schema.shape(empty) is Shape.BEHIND
    empty.close()


@ON_POSTGRESQL
def test_an_index_of_a_large_table_is_built_after_the_migration_while_others_write(
    database: Database, tmp_path, monkeypatch
):
    """Others are in the middle of a change of that table when the building begins: it waits for them, they not for it."""
    monkeypatch.setattr(building, "LARGE", 0)
    with newer.steps(tmp_path, newer.expanding(newer.INDEX)), monkeypatch.context() as patch:
        patch.setattr(building, "build", lambda _database: [])  # as if it were cut off here
        migrating.upgrade(database)
    with database.reading() as db:
        assert db.get_one(schema.IndexToBuild, "ix_debts_letter_on").on_what == "debts (letter_on)"
    with database.writing() as db:
        change = "UPDATE debts SET letter_on = '2026-11-22'"
        db.connection().exec_driver_sql(change)
        running = threading.Thread(target=building.build, args=(database,))
        running.start()
        with database.writing() as other:
            other.connection().exec_driver_sql(change)
        running.join(0.2)
        assert running.is_alive()
    running.join(60)
    with database.reading() as db:
        assert db.get(schema.IndexToBuild, "ix_debts_letter_on") is None
    assert "ix_debts_letter_on" in {one["name"] for one in inspect(database.engine).get_indexes("debts")}
    assert building.build(database) == []


@ON_POSTGRESQL
def test_a_migration_holds_up_those_who_work_for_seconds_at_most_and_says_when_it_cannot_begin(
    database: Database, tmp_path, monkeypatch
):
    for name, value in (("LOCK_SECONDS", 0.05), ("TRIES", 2), ("BETWEEN_TRIES", 0.01)):
        monkeypatch.setattr(migrating, name, value)
    with database.writing() as db:
        db.connection().exec_driver_sql("LOCK TABLE debts IN ROW EXCLUSIVE MODE")
        with pytest.raises(Unavailable, match="Others hold a table"):
            newer.migrate(database, tmp_path / "one")
    assert schema.shape(database) is Shape.SAME
    newer.migrate(database, tmp_path / "two")
    assert schema.shape(database) is Shape.AHEAD
