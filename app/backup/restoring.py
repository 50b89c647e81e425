"""Brings a register back from a backup: all of it, proven, or nothing at all.

SQLite: into a file beside, which then replaces what the database holds in one transaction. PostgreSQL: all in one.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from app.audit import sealing
from app.audit import verifying as audit
from app.audit.models import AuditAction
from app.audit.service import Who, record
from app.backup import aftermath, rows, sealed, standing
from app.backup.aftermath import Aftermath
from app.backup.archive import Head, Reader, Sum, summed
from app.backup.beside import made_beside
from app.backup.standing import Standing
from app.core import migrating
from app.core.db import Database, Session
from app.core.errors import Refused, ServiceError, Unavailable
from app.core.ids import new_id
from app.debts import finding
from app.debts import sums as sums_of_debts
from app.retention import service as retention
from app.settings import get_settings
from app.verifying import service as verifying

Told = Callable[[int, int], object]  # how many bytes are read, of how many


@dataclass(frozen=True)
class Restored:
    """What was brought back and what was done with it. `wrong` is what does not follow from its history, by `force`."""

    head: Head
    rows: int
    wrong: list[str]
    aftermath: Aftermath
    purged: int
    trouble: str  # that the purge had


def restore(
    store: Database, actor: Who, path: Path, key: str | None, *, force: bool = False, told: Told = lambda _n, _of: None
) -> Restored:
    """Replaces what the database holds, unless it is newer or what comes back proves wrong: then only by `force`.

    Raises Conflict (409) and Refused (422), and then the database is as it was.
    """
    with path.open("rb") as file:
        size = path.stat().st_size
        archive = Reader(file, key)
        if not migrating.knows(archive.head.revision):
            raise Refused(
                f"This backup is from a newer version of the service (revision {archive.head.revision}). Nothing was "
                "changed. Install that version, then restore."
            )
        with store.reading() as db:
            found = None if force else standing.standing(db.connection())
        standing.refuse_newer(found, archive.head.taken_at)

        def is_unused(connection: Connection) -> None:
            if not force:
                standing.refuse_used(found, standing.standing(connection))

        with _emptied(store, is_unused) as connection:
            number = _load(connection, archive, lambda: told(file.tell(), size))
            told(size, size)
            restored = _settle(connection, actor, archive.head, number, found, force)
    purged = _purged(store, actor)
    with suppress(
        ServiceError
    ):  # the service and the worker seal too; until then what was not sealed would look cut off
        sealing.seal(store)
    return Restored(*restored, *purged)


def _purged(store: Database, actor: Who) -> tuple[int, str]:
    """The register is back, whatever becomes of this."""
    try:
        return sum(retention.purge(store, actor).values()), ""
    except ServiceError as error:
        return 0, error.detail


def _load(connection: Connection, archive: Reader, told: Callable[[], object]) -> int:
    """The rows at the revision of the backup, compared; then whatever has changed since, and what follows from them."""
    migrating.upgrade_within(connection, archive.head.revision)
    rows.settle(connection)
    number = _fill(connection, archive, told)
    migrating.upgrade_within(connection)
    finding.rebuild(connection)
    sums_of_debts.rebuild(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE")
    return number


def _fill(connection: Connection, archive: Reader, told: Callable[[], object]) -> int:
    """Every row is read back from the database and compared with what was written."""
    tables = archive.head.tables
    rows.empty(connection, reversed(tables))
    for table, found in archive.tables():
        rows.load(connection, table, tables[table], _telling(found, told))
    rows.count_on(connection, tables)
    sums = archive.sums()
    for table, columns in tables.items():
        if summed(rows.read(connection, table, columns)) != sums.get(table, Sum()):
            raise Refused(f"{table}: what was restored is not what was written. {sealed.DAMAGED}")
    return sum(one.rows for one in sums.values())


def _settle(
    connection: Connection, actor: Who, head: Head, number: int, found: Standing | None, force: bool
) -> tuple[Head, int, list[str], Aftermath]:
    standing.refuse_others(found, connection)
    with Session(connection) as db:
        wrong = _prove(db)
        if wrong and not force:
            raise Refused(
                f"The register in this backup does not follow from its history ({'; '.join(wrong)}). Nothing was changed. "
                "Use another backup, or add --force to restore it as it was."
            )
        left = aftermath.settle(db)
        record(
            db, actor, AuditAction.RESTORED, "backup", new_id(), taken_at=head.taken_at.isoformat(),
            rows=number, sessions=left.sessions, tokens=left.tokens, mails=left.mails, files=left.files,
        )  # fmt: skip
        db.flush()
    return head, number, wrong, left


def _prove(db: Session) -> list[str]:
    """Whatever of the restored register is not as it should be, in words without names."""
    wrong = [f"{result.words}: {result.wrong:,}" for result in verifying.verify(db) if result.wrong]
    return wrong + audit.verify(db, get_settings().secret_keys).sentences


@contextmanager
def _emptied(store: Database, is_unused: Callable[[Connection], None]) -> Iterator[Connection]:
    """A transaction on an empty database that becomes the store's content when it comes to its end. `is_unused` raises
    when the store's content is not to go.
    """
    if not store.is_sqlite:
        with store.migrating() as connection:
            rows.settle(connection)
            is_unused(connection)
            rows.clear(connection)
            yield connection
        return
    with made_beside(Path(str(store.url.database)), "restoring") as beside:
        fresh = Database(f"sqlite:///{beside.path}")
        event.listen(fresh.engine, "connect", _hurry)
        try:
            with fresh.migrating() as connection:
                yield connection
            fresh.close()
            with store.reading() as db:
                is_unused(db.connection())
            _replace(store, beside.path)
        finally:
            fresh.close()


def _hurry(connection: Any, _record: object) -> None:
    """A file that is thrown away when anything goes wrong needs neither a journal nor the disk's word for each step."""
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}")


def _replace(store: Database, by: Path) -> None:
    """SQLite's own backup copies page for page, in one transaction of the target, whoever has it open."""
    store.close()
    fresh = sqlite3.connect(f"file:{by}?mode=ro", uri=True)
    try:
        with rows.driver_errors(), store.engine.connect() as connection:
            into: Any = connection.connection.driver_connection
            fresh.backup(into, progress=_not_for_ever)
            into.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        fresh.close()


def _not_for_ever(status: int, _left: int, _all: int) -> None:
    """Each try has waited for half a minute."""
    if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        raise Unavailable("The database is being written to. Nothing was changed. Stop the service, then try again.")


def _telling(found: Iterator[Any], told: Callable[[], object]) -> Iterator[Any]:
    for number, row in enumerate(found):
        if number % 500 == 0:
            told()
        yield row
