"""A trust that reports, a second database of the same kind to restore into, and what two databases have in common."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from app.backup import restoring, rows, taking
from app.backup.archive import Sum, summed
from app.backup.restoring import Restored
from app.backup.taking import Taken
from app.core.db import Database, metadata
from tests.debts.conftest import team
from tests.returns.conftest import at, hospital, rj1

__all__ = ["hospital", "rj1", "team"]

KEY = "a key for backups that only these tests know"


class Operator:
    """Who runs the machine."""

    id = "operator"


@pytest.fixture
def elsewhere(database: Database, tmp_path: Path) -> Iterator[Database]:
    """An empty database of the same kind, not even migrated."""
    if database.is_sqlite:
        yield (other := Database(f"sqlite:///{tmp_path}/elsewhere.db"))
        other.close()
        return
    engine = create_engine(database.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    name = f"{database.url.database}_elsewhere"
    with engine.connect() as admin:
        admin.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        other = Database(database.url.set(database=name).render_as_string(hide_password=False))
        yield other
        other.close()
        admin.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


def take(database: Database, path: Path, key: str | None = None, **more: bool) -> Taken:
    with at("2026-11-22"):
        return taking.take(database, Operator(), path, key, **more)


def restore(database: Database, path: Path, key: str | None = None, on: str = "2026-11-22", **more: Any) -> Restored:
    with at(on):
        return restoring.restore(database, Operator(), path, key, **more)


def holds(database: Database) -> dict[str, Sum]:
    """How many rows each table has, and their digests."""
    with database.reading() as db:
        rows.settle(db.connection())
        return {
            table: summed(rows.read(db.connection(), table, columns)) for table, columns in rows.shape(metadata).items()
        }


def differing(one: Database, other: Database) -> set[str]:
    """The tables in which two databases do not hold the same."""
    here, there = holds(one), holds(other)
    return {table for table in here if here[table] != there[table]}
