"""Takes a backup while the service goes on: one view of the whole register, table by table, into one file."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from app.audit.models import AuditAction
from app.audit.service import Who, record
from app.backup import rows
from app.backup.archive import Head, Writer
from app.backup.beside import Beside, made_beside
from app.core import clock, migrating
from app.core.db import Database, Session, metadata
from app.core.errors import Conflict, Refused
from app.core.ids import new_id

Told = Callable[[int, int], object]  # how many rows more, of how many


@dataclass(frozen=True)
class Taken:
    """What a backup holds."""

    tables: int
    rows: int
    size: int
    is_encrypted: bool


def take(
    store: Database, actor: Who, path: Path, key: str | None, *, force: bool = False, told: Told = lambda _n, _of: None
) -> Taken:
    """Writes the backup beside `path` and puts it there when it is whole and in the audit.

    Raises Conflict (409) for a file that is there already, unless by `force`; Refused (422) before a migration.
    """
    if path.exists() and not (force and path.is_file()):
        raise Conflict(f"There is something at {path} already. Choose another name, or add --force to replace a file.")
    if (revision := migrating.current(store)) != migrating.head():
        raise Refused(
            f"The database is at revision {revision or 'none'}, and this version needs {migrating.head()}. Run "
            "debtor-returns migrate first, or take the backup with the version that serves it."
        )
    with made_beside(path, "partial") as beside:
        with store.reading() as db:
            taken = _write(db, beside, key, revision, told)
        with store.writing() as db:
            record(
                db, actor, AuditAction.BACKUP_TAKEN, "backup", new_id(),
                rows=taken.rows, bytes=taken.size, encrypted=taken.is_encrypted,
            )  # fmt: skip
        beside.put_in_place()
    return taken


def _write(db: Session, beside: Beside, key: str | None, revision: str, told: Told) -> Taken:
    connection = db.connection()
    rows.settle(connection)
    connection.execute(text("SELECT 1 FROM alembic_version"))  # from here on the view is the same
    taken_at, tables = clock.real_now(), rows.shape(metadata)
    number = sum(rows.count(connection, table) for table in tables)
    archive = Writer(beside.file, key, Head(taken_at, revision, connection.dialect.name, tables))
    for table, columns in tables.items():
        for written in archive.rows(table, rows.read(connection, table, columns)):
            told(written, number)
    sums = archive.finish()
    beside.file.flush()
    size = os.fstat(beside.file.fileno()).st_size
    return Taken(sum(1 for one in sums.values() if one.rows), sum(one.rows for one in sums.values()), size, bool(key))
