"""Walls between trusts that stand in PostgreSQL itself hide nothing from a backup and stop no restore."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import URL, create_engine

from app.backup import rows
from app.core.db import Database
from app.core.errors import Unavailable

WALL = "current_setting('debtor_returns.scope', true)"
COLUMNS = [("code", "text")]


@pytest.fixture
def owned(postgres_server: URL) -> Iterator[Database]:
    """A database of somebody whom every policy binds, with one table and one wall."""
    name = f"debtor_returns_walled_{os.getpid()}"
    engine = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with engine.connect() as admin:
        admin.exec_driver_sql(f"CREATE ROLE {name} LOGIN")
        admin.exec_driver_sql(f"CREATE DATABASE {name} OWNER {name} STRATEGY file_copy")
        own = Database(postgres_server.set(username=name, database=name).render_as_string(hide_password=False))
        with own.migrating() as connection:
            connection.exec_driver_sql("CREATE TABLE walled (code text)")
            connection.exec_driver_sql("ALTER TABLE walled ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
            connection.exec_driver_sql(
                f"CREATE POLICY wall ON walled USING (coalesce({WALL}, '') = '' OR code = {WALL})"
            )
        yield own
        own.close()
        admin.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.exec_driver_sql(f"DROP ROLE {name}")
    engine.dispose()


def test_a_wall_is_no_wall_for_backup_and_restore_and_stands_again_afterwards(owned: Database):
    with owned.migrating() as connection, rows.without_walls(connection):
        rows.load(connection, "walled", COLUMNS, [("RJ1",), ("RJ2",)])
    with owned.migrating() as connection:
        connection.exec_driver_sql("SET debtor_returns.scope = 'RJ1'")
        assert list(rows.read(connection, "walled", COLUMNS)) == [("RJ1",)]
        rows.settle(connection)
        assert sorted(rows.read(connection, "walled", COLUMNS)) == [("RJ1",), ("RJ2",)]
    with pytest.raises(Unavailable, match="0A000"), owned.migrating() as connection:
        rows.load(connection, "walled", COLUMNS, [("RJ3",)])
