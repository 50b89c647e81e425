"""The tests' own databases: whatever a test does to one, the next test finds it migrated and empty."""

from sqlalchemy import event, text

from app.accounts.models import User
from app.core import clock, migrating
from app.tables import metadata
from tests.stores import Store


def leave_somebody(store: Store) -> None:
    with store.database.writing() as db:
        db.add(User(email="left@over.example", created_at=clock.now()))


def rows(store: Store, table: str) -> int:
    with store.database.reading() as db:
        return int(db.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_rows_that_a_test_leaves_are_gone_and_the_revision_stays(_store: Store):
    leave_somebody(_store)
    _store.renew()
    assert (rows(_store, "users"), rows(_store, "alembic_version")) == (0, 1)
    leave_somebody(_store)
    assert rows(_store, "users") == 1


def test_a_table_that_a_test_altered_is_as_it_was(_store: Store):
    with _store.database.migrating() as connection:
        connection.execute(text("ALTER TABLE users DROP COLUMN name"))
    _store.renew()
    assert migrating.drift(_store.database, metadata) == []


def test_somebody_who_never_lets_go_holds_nobody_up(_store: Store):
    writing = "UPDATE users SET name = ''" if _store.database.is_sqlite else "LOCK TABLE users"
    held = _store.database.engine.connect()
    held.exec_driver_sql(writing)
    _store.touched = True
    _store.renew()
    leave_somebody(_store)
    assert rows(_store, "users") == 1
    held.invalidate()
    held.close()


def test_a_listener_that_a_test_forgets_hears_nothing_of_the_next(_store: Store):
    heard: list[object] = []
    event.listen(_store.database.engine, "commit", heard.append)
    _store.renew()
    leave_somebody(_store)
    assert heard == []
    assert _store.touched
