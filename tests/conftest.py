"""What every test may ask for: pinned settings, and a migrated database on SQLite and on PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count

import hypothesis
import pytest
from sqlalchemy import URL, Engine, create_engine, event
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

from app.core import migrating  # noqa: E402  # only now that the settings are pinned
from app.core.db import Database  # noqa: E402
from app.settings import Settings, get_settings  # noqa: E402
from tests import postgres  # noqa: E402

MakeUrl = Callable[[], str]
hypothesis.settings.register_profile("house", deadline=None)  # a busy machine is not a wrong answer
hypothesis.settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """With several worker processes, one PostgreSQL for all: they inherit its address. Alone, it starts when needed."""
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        running = ExitStack()
        config.add_cleanup(running.close)
        url = running.enter_context(postgres.server())
        os.environ["DEBTOR_RETURNS_TEST_POSTGRES"] = url.render_as_string(hide_password=False)


@pytest.fixture(autouse=True)
def _settings_read_anew() -> Iterator[None]:
    """A test that sets DEBTOR_RETURNS_… with monkeypatch must not leave its settings to the next."""
    yield
    get_settings.cache_clear()


@pytest.fixture
def settings() -> Settings:
    """The settings as pinned for the tests: today is 22 November 2026."""
    return get_settings()


class Store:
    """A migrated, empty database of one kind; `renew` makes a fresh one when a test may have left something in it."""

    def __init__(self, fresh: MakeUrl) -> None:
        self._fresh = fresh
        self.database = self._open()

    def _open(self) -> Database:
        self.touched = False
        database = Database(self._fresh())
        event.listen(database.engine, "commit", self._touch)
        return database

    def _touch(self, _connection: object) -> None:
        self.touched = True

    def renew(self) -> None:
        if self.touched:
            self.database.close()
            self.database = self._open()


@pytest.fixture(scope="session")
def _sqlite(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("sqlite")
    migrated = Database(f"sqlite:///{folder}/migrated.db")
    migrating.upgrade(migrated)
    migrated.close()
    numbers = count()

    def fresh() -> str:
        number = next(numbers)
        for file in folder.glob(f"{number - 1}.db*"):
            file.unlink()
        return f"sqlite:///{shutil.copy(folder / 'migrated.db', folder / f'{number}.db')}"

    return Store(fresh)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    with postgres.server() as url:
        yield url


@pytest.fixture(scope="session")
def _postgresql(postgres_server: URL) -> Iterator[Store]:
    prefix = f"debtor_returns_test_{os.getpid()}"
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with _created(admin, f"{prefix}_migrated"):
        migrated = Database(_address(postgres_server, f"{prefix}_migrated"))
        migrating.upgrade(migrated)
        migrated.close()
        numbers = count()

        def fresh() -> str:
            number = next(numbers)
            _say(admin, f"DROP DATABASE IF EXISTS {prefix}_{number - 1} WITH (FORCE)" if number else "SELECT 1")
            _say(admin, f"CREATE DATABASE {prefix}_{number} TEMPLATE {prefix}_migrated STRATEGY file_copy")
            return _address(postgres_server, f"{prefix}_{number}")

        store = Store(fresh)
        yield store
        store.database.close()
        _say(admin, f"DROP DATABASE IF EXISTS {store.database.url.database} WITH (FORCE)")
    admin.dispose()


@contextmanager
def _created(admin: Engine, name: str) -> Iterator[None]:
    _say(admin, f"CREATE DATABASE {name}")
    yield
    _say(admin, f"DROP DATABASE {name} WITH (FORCE)")


def _say(admin: Engine, statement: str) -> None:
    with admin.connect() as connection:
        connection.exec_driver_sql(statement)


def _address(server: URL, database: str) -> str:
    return server.set(database=database).render_as_string(hide_password=False)


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
