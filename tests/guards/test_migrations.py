"""From RULE_BEGINS on a migration only adds, so that the version before it serves on; anything else it declares."""

from importlib import util
from inspect import getsource
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import event

from app.core import migrating, schema
from app.core.db import Database
from tests.guards import expanding
from tests.upgrading import newer

RULE_BEGINS = "2026_11_29_many8"
ON_POSTGRESQL = pytest.mark.parametrize("_store", ["postgresql"], indirect=True)


def modules() -> dict[str, ModuleType]:
    found = {}
    for file in schema.STEPS.glob("*.py"):
        spec = util.spec_from_file_location(file.stem, file)
        module = util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found[module.revision] = module
    return found


def since(first: str, found: dict[str, ModuleType]) -> list[ModuleType]:
    """The migrations from one on, in their order."""
    chain = [found[schema.head()]]
    while chain[0].revision != first:
        chain.insert(0, found[chain[0].down_revision])
    return chain


def statements_of(database: Database, revision: str) -> list[str]:
    heard: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        migrating.upgrade(database, revision)
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)
    return heard


@ON_POSTGRESQL
def test_the_version_before_serves_beside_every_migration(database: Database):
    judged = since(RULE_BEGINS, modules())
    migrating.downgrade(database, judged[0].down_revision)
    said = [(one, statements_of(database, one.revision)) for one in judged]
    found = {
        one.revision: expanding.faults(statements, getattr(one, "beside", ()))
        for one, statements in said
        if not hasattr(one, "needs")
    }
    assert {name: said for name, said in found.items() if said} == {}


def test_a_migration_that_changes_rows_says_what_it_needs():
    """There are no rows where the others are judged, so this one is told by its words."""
    changing = {one.revision for one in since(RULE_BEGINS, modules()) if expanding.changes_rows(getsource(one))}
    assert {name for name in changing if not hasattr(modules()[name], "needs")} == set()


@pytest.mark.parametrize(
    "words", ["_DEBTS.update().where(x)", "op.execute('UPDATE debts SET a = 1')", "sa.delete(_DEBTS)"]
)
def test_words_that_change_rows_are_told(words: str):
    assert expanding.changes_rows(words)


def test_what_a_migration_needs_is_an_earlier_revision_or_its_own():
    """Its own: no older version may serve with it."""
    found = modules()
    for module in found.values():
        later = {one.revision for one in since(module.revision, found)} - {module.revision}
        assert getattr(module, "needs", module.revision) in set(found) - later


@ON_POSTGRESQL
def test_a_migration_that_only_adds_is_without_fault(database: Database, tmp_path):
    with newer.steps(tmp_path, newer.expanding(newer.INDEX)):
        heard = statements_of(database, newer.REVISION)
    assert expanding.faults(heard, ["ix_debts_letter_on"]) == []
    assert [fault.split(":")[0] for fault in expanding.faults(heard)] == [
        "CREATE INDEX ix_debts_letter_on ON debts (letter_on)"
    ]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("ALTER TABLE debts DROP COLUMN site", "needs"),
        ("DROP TABLE holds", "needs"),
        ("ALTER TABLE debts RENAME COLUMN site TO place", "needs"),
        ("ALTER TABLE debts ALTER COLUMN site TYPE TEXT", "needs"),
        ("ALTER TABLE debts ALTER COLUMN site SET NOT NULL", "needs"),
        ("UPDATE debts SET site = ''", "needs"),
        ("ALTER TABLE debts ADD CONSTRAINT x CHECK (invoice_amount > 0)", "needs"),
        ("CREATE TRIGGER x BEFORE INSERT ON debts EXECUTE FUNCTION y()", "needs"),
        ("CREATE INDEX ix ON debts (site)", "beside"),
        ("CREATE UNIQUE INDEX ix ON debts (site)", "beside"),
        ("ALTER TABLE debts ADD COLUMN ward TEXT NOT NULL", "nullable"),
        ("ALTER TABLE debts ADD COLUMN at TIMESTAMP DEFAULT now()", "anew"),
        ("ALTER TABLE debts ADD COLUMN at TIMESTAMP DEFAULT clock_timestamp() NOT NULL", "anew"),
        ("ALTER TABLE debts ADD COLUMN ward TEXT UNIQUE", "constraint"),
    ],
)
def test_whatever_takes_away_changes_or_holds_up_is_a_fault(statement: str, said: str):
    (fault,) = expanding.faults([statement])
    assert said in fault


def test_what_a_migration_does_to_its_own_tables_is_its_own_business():
    assert expanding.faults([
        "CREATE TABLE x (id INTEGER)", "CREATE UNIQUE INDEX ix ON x (id)", "ALTER TABLE x ENABLE ROW LEVEL SECURITY",
        "CREATE TRIGGER t BEFORE UPDATE ON x EXECUTE FUNCTION y()", "ALTER TABLE debts ADD COLUMN at DATE DEFAULT '1900-01-01' NOT NULL",
    ]) == []  # fmt: skip
