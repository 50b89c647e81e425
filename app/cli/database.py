"""A database session for a command: opened from the settings, closed at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

from app import tables
from app.core.db import Database, Session
from app.settings import get_settings

__all__ = ["Session", "opened", "reading", "tables", "writing"]  # the tables must be known before a session is used


@contextmanager
def opened() -> Iterator[Database]:
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
