"""What every test may ask for: pinned settings, and a migrated database on SQLite and on PostgreSQL."""

import gc
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack

import hypothesis
import pytest
from sqlalchemy import URL
from sqlmodel import Session

PINNED = {
    "DEBTOR_RETURNS_ENVIRONMENT": "test",
    "DEBTOR_RETURNS_TODAY": "2026-11-22",
    "DEBTOR_RETURNS_SECRET_KEY": "a secret that is only good for the tests",
    "DEBTOR_RETURNS_DATABASE_URL": f"sqlite:///{tempfile.gettempdir()}/ask-for-the-database-fixture.db",
}
for name in [name for name in os.environ if name.startswith("DEBTOR_RETURNS_")]:
    if name != "DEBTOR_RETURNS_TEST_POSTGRES":
        del os.environ[name]
os.environ.update(PINNED)

from app.core.db import Database  # noqa: E402  # only now that the settings are pinned
from app.settings import Settings, get_settings  # noqa: E402
from tests import postgres, stores  # noqa: E402
from tests.stores import Store  # noqa: E402

gc.disable()  # while thousands of tests are collected, which are kept: to search them over and over takes seconds
hypothesis.settings.register_profile("house", deadline=None)  # a busy machine is not a wrong answer
hypothesis.settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """With several worker processes, one PostgreSQL for all: they inherit its address. Alone, it starts when needed."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        running = ExitStack()
        config.add_cleanup(running.close)
        url = running.enter_context(postgres.server())
        os.environ["DEBTOR_RETURNS_TEST_POSTGRES"] = url.render_as_string(hide_password=False)


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _settings_read_anew() -> Iterator[None]:
    """A test that sets DEBTOR_RETURNS_… with monkeypatch must not leave its settings to the next."""
    yield
    get_settings.cache_clear()


@pytest.fixture
def settings() -> Settings:
    """The settings as pinned for the tests: today is 22 November 2026."""
    return get_settings()


@pytest.fixture(scope="session")
def _sqlite() -> Iterator[Store]:
    with stores.sqlite() as store:
        yield store


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def _postgresql(postgres_server: URL) -> Iterator[Store]:
    with stores.postgresql(postgres_server) as store:
        yield store


@pytest.fixture(params=["sqlite", "postgresql"])
def _store(request: pytest.FixtureRequest) -> Iterator[Store]:
    store: Store = request.getfixturevalue(f"_{request.param}")
    yield store
    store.renew()


@pytest.fixture
def database(_store: Store, monkeypatch: pytest.MonkeyPatch) -> Database:
    """An empty migrated database, on SQLite and then on PostgreSQL, to which the settings point too."""
    _store.touched = True  # other processes may write to it, which we would not see
    monkeypatch.setenv("DEBTOR_RETURNS_DATABASE_URL", _store.database.url.render_as_string(hide_password=False))
    get_settings.cache_clear()
    return _store.database


@pytest.fixture
def db(_store: Store) -> Iterator[Session]:
    """A writing session on the same database, rolled back at the end. A test may commit it."""
    with _store.database.writing() as session:
        yield session
        session.rollback()
