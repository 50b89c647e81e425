"""Turns that nobody waits for: what one worker does is left to it, and asked for again later."""

from sqlalchemy import text
from sqlmodel import Session


def turn_if_free(db: Session, name: str) -> bool:
    """Takes the turn of this name (`db.take_turns`) until the transaction ends, without waiting. False while somebody else
    has it. On SQLite a writing transaction is alone anyway.
    """
    if db.get_bind().dialect.name != "postgresql":
        return True
    tried = text("SELECT pg_try_advisory_xact_lock(hashtext(:name))")
    return bool(db.connection().execute(tried, {"name": name}).scalar_one())
