"""The database: one engine, sessions for reading and for writing, and the only commit of the service."""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Select,
    Text,
    TypeDecorator,
    any_,
    create_engine,
    func,
    literal,
    select,
    text,
)
from sqlmodel import Session, SQLModel

from app.core import stalled, wall
from app.core.database_address import database_address
from app.core.database_errors import at_commit, errors_in_words
from app.core.patience import IF_FREE, PATIENT, Patience
from app.core.settling import settle_postgresql, settle_sqlite

# A process has fewer threads that ask a database (app/http/threads.py, app/returns/waiting.py), and a thread that holds
# one connection while it waits for a second finds one: see docs/decisions/0038.
CONNECTIONS, KEPT_OPEN = 45, 10
# A statement that PostgreSQL prepared while a table was small keeps its plan, and goes through all of it when it has grown.
PLANNED_EACH_TIME: dict[str, Any] = {"prepare_threshold": None}
__all__ = [
    "Database",
    "Instant",
    "Session",
    "among",
    "among_found",
    "errors_in_words",
    "metadata",
    "take_turns",
]

# Readable names for every constraint, the same on both databases, so that migrations can drop what they created.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
NOTING_PATIENCE: float = 4  # seconds
metadata: MetaData = SQLModel.metadata
metadata.naming_convention = NAMES


class Instant(TypeDecorator[datetime]):
    """An instant: UTC with zone in Python, timestamptz on PostgreSQL, UTC text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


class Database:
    """One database. `reading()` and `writing()` give a session; leaving `writing()` commits, an exception rolls back."""

    def __init__(self, url: str, patience: Patience = PATIENT) -> None:
        self.url = database_address(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database:
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        options: dict[str, Any] = (
            {"timeout": patience.locked} if self.is_sqlite else stalled.UNREACHABLE | PLANNED_EACH_TIME
        )
        self.engine = create_engine(
            self.url,
            connect_args=options,
            pool_size=KEPT_OPEN,
            max_overflow=CONNECTIONS - KEPT_OPEN,
            pool_timeout=4,
            pool_pre_ping=not self.is_sqlite,
            hide_parameters=True,  # parameters are people: never in an error message
        )
        (settle_sqlite if self.is_sqlite else settle_postgresql)(self.engine, patience)
        if not self.is_sqlite:
            wall.keep(self.engine)
        writing = self.engine.execution_options(for_writing=True)
        self._for_migrating: Engine = writing
        self._for_writing: Engine = writing.execution_options(notes_in="MEMORY")
        self._if_free: Engine = self._for_writing.execution_options(seconds=IF_FREE)
        self._for_noting: Engine = self._for_writing.execution_options(seconds=NOTING_PATIENCE)
        # On PostgreSQL a view stays the same from its first statement to its last only when asked for.
        once = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._for_reading: Engine = self.engine.execution_options(for_reading=True, **once)

    def within(self, codes: Collection[str] | None) -> "Database":
        """The same database as the people of these organisations may use it (wall.py); None for who may see every one."""
        if codes is None or self.is_sqlite:
            return self
        bound = copy(self)
        bound._for_reading = wall.bound(self._for_reading, codes)
        bound._for_writing = wall.bound(self._for_writing, codes)
        bound._if_free = wall.bound(self._if_free, codes)
        bound._for_noting = wall.bound(self._for_noting, codes)
        return bound

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent view of the database, in which nothing can be changed."""
        with errors_in_words(), Session(self._for_reading, expire_on_commit=False) as db:
            yield db

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction. On SQLite it takes the write lock at its first statement, so that none has to be repeated."""
        with _committed(self._for_writing) as db:
            yield db

    @contextmanager
    def writing_if_free(self) -> Iterator[Session]:
        """The same for what may be left undone. Raises Unavailable at its first statement while others write (SQLite)."""
        with _committed(self._if_free) as db:
            yield db

    @contextmanager
    def noting(self) -> Iterator[Session]:
        """One short transaction that others may hold up for seconds only: for what an answer waits for. Raises Unavailable."""
        with _committed(self._for_noting) as db:
            if not self.is_sqlite:
                db.connection().exec_driver_sql(f"SET LOCAL lock_timeout = '{NOTING_PATIENCE}s'")
            yield db

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """One transaction that may alter tables, one such at a time. SQLite alters a table by building it anew:
        its foreign keys rest meanwhile and are checked before the commit.
        """
        with errors_in_words(), self._for_migrating.connect() as connection:
            if not self.is_sqlite:
                with connection.begin():
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20111101)")
                    yield connection
                return
            settings = connection.connection.cursor()
            settings.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
                    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                        raise RuntimeError(f"The migration leaves rows without what they point to: {broken[0][0]}.")
            finally:
                settings.execute("PRAGMA foreign_keys=ON")

    def answers(self) -> None:
        """Asks the database for a sign of life. Raises Unavailable if there is none."""
        with self.reading() as db:
            db.connection().execute(text("SELECT 1 FROM alembic_version"))

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _committed(engine: Engine) -> Iterator[Session]:
    with errors_in_words(), Session(engine, expire_on_commit=False) as db:
        yield db
        db.flush()
        with at_commit():
            db.commit()


def among(db: Session, column: Any, keys: Collection[str] | Collection[int]) -> ColumnElement[bool]:
    """`column IN keys` for however many keys: they travel as one parameter, which an IN list of thousands does not."""
    if db.get_bind().dialect.name == "postgresql":
        kind = BigInteger if isinstance(column.type, Integer) else Text
        return cast("ColumnElement[bool]", column == any_(literal(list(keys), ARRAY(kind))))
    listed = func.json_each(json.dumps(list(keys))).table_valued("value")
    return cast("ColumnElement[bool]", column.in_(select(listed.c.value)))


def among_found(db: Session, column: Any, found: Select[Any]) -> ColumnElement[bool]:
    """`column IN (query)` where the query gives few keys, which are then looked up one by one: left to choose,
    PostgreSQL may go through the whole table for a few thousand keys.
    """
    if db.get_bind().dialect.name == "postgresql":
        return cast("ColumnElement[bool]", column == any_(func.array(found.scalar_subquery())))
    return cast("ColumnElement[bool]", column.in_(found))


def take_turns(db: Session, names: Sequence[str]) -> None:
    """Holds a lock for each name until the transaction ends. On SQLite a writing transaction is alone anyway."""
    if db.get_bind().dialect.name == "postgresql":
        for name in sorted(names):
            db.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})
