"""A migrated, empty database of each kind, one for all tests of a process: brought back after a test, not made anew.

To make one anew costs a fifth of a second on PostgreSQL, and then every connection and statement starts from nothing.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FunctionType
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect
from sqlalchemy.events import ConnectionEvents
from sqlalchemy.exc import DBAPIError

from app.core import migrating
from app.core.db import Database

EVENTS = [name for name in vars(ConnectionEvents) if isinstance(vars(ConnectionEvents)[name], FunctionType)]
IN_MEMORY = Path("/dev/shm")
RENEWALS = 100  # of one PostgreSQL database: what was deleted stays in its files
# What changes whenever a table's shape does, and not with its rows.
SHAPE = " UNION ALL ".join(
    f"SELECT '{catalogue}', count(*), sum(xmin::text::bigint) FROM {catalogue} WHERE {key} >= 16384"
    for catalogue, key in (("pg_class", "oid"), ("pg_attribute", "attrelid"), ("pg_constraint", "oid"))
)


class Store:
    """One database that `renew` brings back to how it was, when a test may have left something in it."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._open()

    def _open(self) -> None:
        self.database = Database(self._url)
        event.listen(self.database.engine, "commit", self._touch)
        self._heard = _listeners(self.database)
        self.touched = False

    def _touch(self, _connection: object) -> None:
        self.touched = True

    def renew(self) -> None:
        if self.touched:
            self.bring_back()
            self.touched = False
        if _listeners(self.database) != self._heard:
            self.database.close()
            self._open()

    def bring_back(self) -> None:
        raise NotImplementedError


def _listeners(database: Database) -> list[Any]:
    """Who listens to the database's events: a test may forget to leave."""
    engines = [each for each in vars(database).values() if isinstance(each, Engine)]
    return [list(getattr(engine.dispatch, name)) for engine in engines for name in EVENTS]


def _migrate(url: str) -> str:
    database = Database(url)
    migrating.upgrade(database)
    database.close()
    return url


class Sqlite(Store):
    """A file that is copied anew."""

    def __init__(self, folder: Path) -> None:
        self._migrated, self._file = folder / "migrated.db", folder / "tests.db"
        _migrate(f"sqlite:///{self._migrated}")
        shutil.copyfile(self._migrated, self._file)
        super().__init__(f"sqlite:///{self._file}")

    def bring_back(self) -> None:
        self.database.close()
        for left in self._file.parent.glob(f"{self._file.name}*"):
            left.unlink()
        shutil.copyfile(self._migrated, self._file)


class Postgresql(Store):
    """A database whose rows are deleted: copied anew only when a test has altered a table or keeps it locked."""

    def __init__(self, server: URL, admin: Connection) -> None:
        self._admin = admin
        self._migrated, self._name = (f"debtor_returns_test_{os.getpid()}{end}" for end in ("_migrated", ""))
        self._say(f"CREATE DATABASE {self._migrated}")
        self._back = _ways_back(_migrate(_address(server, self._migrated)))
        self._engine = create_engine(server.set(database=self._name), isolation_level="AUTOCOMMIT")
        self._beside = self._copy()
        super().__init__(_address(server, self._name))

    def _say(self, statement: str) -> None:
        self._admin.exec_driver_sql(statement)

    def _copy(self) -> Connection:
        """A connection to the new copy."""
        self._say(f"DROP DATABASE IF EXISTS {self._name} WITH (FORCE)")
        self._say(f"CREATE DATABASE {self._name} TEMPLATE {self._migrated} STRATEGY file_copy")
        beside = self._engine.connect()
        beside.exec_driver_sql("SET lock_timeout = '500ms'")
        with suppress(DBAPIError):  # not everybody may: no trigger looks after foreign keys or what is written once
            beside.exec_driver_sql("SET session_replication_role = replica")
        self._shape = beside.exec_driver_sql(SHAPE).all()
        self._renewals = 0
        return beside

    def bring_back(self) -> None:
        self._renewals += 1
        if self._renewals < RENEWALS and self._is_emptied():
            return
        self.close()
        self._beside = self._copy()

    def _is_emptied(self) -> bool:
        try:
            if self._beside.exec_driver_sql(SHAPE).all() != self._shape:
                return False
            self._beside.exec_driver_sql(self._back)
        except DBAPIError:  # it is locked by somebody who never let go, or holds what is written once
            return False
        return True

    def close(self) -> None:
        self.database.close()
        self._beside.close()
        self._engine.dispose()

    def drop(self) -> None:
        self.close()
        for name in (self._name, self._migrated):
            self._say(f"DROP DATABASE {name} WITH (FORCE)")


def _ways_back(url: str) -> str:
    """The statements that bring all rows and sequences back to how they are here. What rows there are is kept beside."""
    database = Database(url)
    with database.migrating() as db:
        tables = [f'"{name}"' for name in inspect(db).get_table_names()]
        filled = [name for name in tables if db.exec_driver_sql(f"SELECT 1 FROM {name} LIMIT 1").first()]
        db.exec_driver_sql("CREATE SCHEMA kept")
        for name in filled:
            db.exec_driver_sql(f"CREATE TABLE kept.{name} AS TABLE {name}")
        sequences = db.exec_driver_sql("SELECT sequencename, start_value, last_value FROM pg_sequences").all()
    database.close()
    deleted = ", ".join(f"d{number} AS (DELETE FROM {name})" for number, name in enumerate(tables))
    put_back = [f"INSERT INTO {name} OVERRIDING SYSTEM VALUE SELECT * FROM kept.{name}" for name in filled]
    counted = [f"""SELECT setval('"{name}"', {last or start}, {last is not None})""" for name, start, last in sequences]
    # One statement deletes all rows, so that it does not matter which of them point to which.
    return "; ".join(["BEGIN", f"WITH {deleted} SELECT 1", *put_back, *counted, "COMMIT"])


def _address(server: URL, database: str) -> str:
    return server.set(database=database).render_as_string(hide_password=False)


@contextmanager
def sqlite() -> Iterator[Sqlite]:
    """In memory where the machine has a place for that: the service waits for the disk at every commit."""
    there = os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > 2**25
    with tempfile.TemporaryDirectory(prefix="debtor-returns-", dir=IN_MEMORY if there else None) as folder:
        store = Sqlite(Path(folder))
        yield store
        store.database.close()


@contextmanager
def postgresql(server: URL) -> Iterator[Postgresql]:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as admin:
        store = Postgresql(server, admin)
        yield store
        store.drop()
    engine.dispose()
