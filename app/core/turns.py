"""Turns that nobody waits for: what one process does is left to it, and asked for again later."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlmodel import Session

from app.core.db import Database


def turn_if_free(db: Session, name: str) -> bool:
    """Takes the turn of this name (`db.take_turns`) until the transaction ends, without waiting. False while somebody else
    has it. On SQLite a writing transaction is alone anyway.
    """
    if db.get_bind().dialect.name != "postgresql":
        return True
    tried = text("SELECT pg_try_advisory_xact_lock(hashtext(:name))")
    return bool(db.connection().execute(tried, {"name": name}).scalar_one())


@contextmanager
def alone(store: Database, name: str) -> Iterator[bool]:
    """Whether this process alone does a long work with sessions of its own inside. An SQLite file has no such turn: there
    the work must bear being done twice.
    """
    if store.is_sqlite:
        yield True
        return
    with store.writing() as db:
        yield turn_if_free(db, name)
