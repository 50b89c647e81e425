"""A database session for a command: opened from the settings, closed at the end."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import structlog

from app import tables
from app.core import durability, schema
from app.core.database_file import must_be_there, must_open
from app.core.db import Database, Session
from app.core.errors import Unavailable
from app.settings import Environment, get_settings

__all__ = [
    "Session",
    "made",
    "must_fit",
    "must_fit_or_is_awaited",
    "must_last",
    "must_open",
    "opened",
    "reading",
    "tables",
    "writing",
]  # the tables must be known before a session is used


log = structlog.get_logger(__name__)
AWAITED = "The database does not answer yet: it is waited for."


@contextmanager
def opened() -> Iterator[Database]:
    """Raises Refused where SQLite's file is not there, as opening it would leave an empty one, or can never be used."""
    must_be_there(get_settings().database_url)
    with made() as database:
        must_open(database)
        yield database


@contextmanager
def made() -> Iterator[Database]:
    """The same for what may begin with nothing: SQLite's file is made if there is none."""
    database = Database(get_settings().database_url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def reading() -> Iterator[Session]:
    with opened() as database, database.reading() as db:
        yield db


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction, committed at the end."""
    with opened() as database, database.writing() as db:
        yield db


def must_fit(database: Database) -> None:
    """Raises Refused for a database that this version cannot serve with. One that does not answer yet is waited for later,
    by whoever asks it.
    """
    with suppress(Unavailable):
        schema.may_serve(database)


def must_fit_or_is_awaited(database: Database) -> None:
    """The same, and says so where it does not answer yet."""
    try:
        schema.may_serve(database)
    except Unavailable:
        log.warning(AWAITED)


def must_last(database: Database) -> None:
    """In production: raises Refused for a database that may lose what it has taken. One that does not answer yet is waited
    for later, by whoever asks it.
    """
    if get_settings().environment is Environment.PRODUCTION:
        with suppress(Unavailable):
            durability.check(database)
