"""How far audit events are settled: no event with a lower id can still appear. The chain is never sealed past that."""

import time

from sqlalchemy import func, select, text
from sqlmodel import Session, col

from app.audit.models import AuditEvent
from app.core.db import Database

PATIENCE = 5.0  # seconds to wait for transactions under way; the next turn tries again
_STEP = 0.05
_HIGHEST = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM audit_events_id_seq"
# Whoever inserts holds this lock from before the id is drawn until the transaction has ended.
_WRITERS = """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND relation = 'audit_events'::regclass AND mode = 'RowExclusiveLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def settled_through(store: Database, patience: float = PATIENCE) -> int | None:
    """The highest id below which nothing is under way; None while a transaction that may yet bring one goes on.

    SQLite has one writer, so ids appear in their order. PostgreSQL draws an id when the row is written and shows the row
    at the commit: the highest id drawn is read first, then who is writing; once all of those have ended it is settled.
    Nobody is held up by this.
    """
    if store.is_sqlite:
        with store.reading() as db:
            return int(db.execute(select(func.coalesce(func.max(col(AuditEvent.id)), 0))).scalar_one())
    with store.reading() as db:
        highest = int(db.execute(text(_HIGHEST)).scalar_one())
        waiting_for = _writers(db)
    until = time.monotonic() + patience
    while waiting_for:
        if time.monotonic() >= until:
            return None
        time.sleep(_STEP)
        with store.reading() as db:
            waiting_for &= _writers(db)
    return highest


def _writers(db: Session) -> set[str]:
    return set(db.execute(text(_WRITERS)).scalars())
