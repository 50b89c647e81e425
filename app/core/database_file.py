"""SQLite's file: whether there is one and whether it can be used at all, said with its name. PostgreSQL has none."""

import os
from pathlib import Path

from sqlalchemy import URL, text
from sqlalchemy.exc import DBAPIError

from app.core.database_address import database_address
from app.core.database_errors import code_of
from app.core.db import Database
from app.core.errors import Refused, Unavailable

MEND = "Mend DEBTOR_RETURNS_DATABASE_URL"
# What waiting does not mend, and what it means. All else passes: another process writes, the disk is full.
LASTING = {
    "SQLITE_NOTADB": f"The file {{file}} is not a database. {MEND}, or move that file away and run: debtor-returns migrate",
    "SQLITE_CORRUPT": "The database {file} is damaged. Move it away and bring the register back: debtor-returns restore",
    "SQLITE_CANTOPEN": f"The database {{file}} cannot be opened. {MEND}, or let the service's account write there.",
    "SQLITE_READONLY": f"The database {{file}} cannot be written to. {MEND}, or let the service's account write there.",
}
NOT_WRITTEN = {"SQLITE_CANTOPEN", "SQLITE_READONLY"}
FOLDER = f"The database cannot be {{file}}, which is a folder. {MEND} so that it names a file in it."


def must_be_there(url: str) -> None:
    """Raises Refused for SQLite's file that nobody has made yet, before opening it would make one."""
    file = file_of(database_address(url))
    if file is not None and not (file.exists() and (file.is_dir() or file.stat().st_size)):
        raise Refused(f"There is no database {file}. {MEND}, or run: debtor-returns migrate")


def must_open(database: Database) -> None:
    """Raises Refused for SQLite's file that can never be used as it is. What passes by itself is no matter of this, as when
    its disk can only be read for now.
    """
    if (file := file_of(database.url)) is None:
        return
    if file.is_dir():
        raise Refused(FOLDER.format(file=file))
    try:
        with database.reading() as db:
            db.connection().execute(text("SELECT count(*) FROM sqlite_master"))
    except Unavailable as error:
        cause = error.__cause__
        code = code_of(cause) if isinstance(cause, DBAPIError) else ""
        for lasting, words in LASTING.items():
            if code.startswith(lasting) and not (lasting in NOT_WRITTEN and _is_on_a_read_only_disk(file)):
                raise Refused(words.format(file=file)) from error


def _is_on_a_read_only_disk(file: Path) -> bool:
    try:
        return bool(os.statvfs(file.parent).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def file_of(address: URL) -> Path | None:
    """The whole path of SQLite's file. None on PostgreSQL, and for a database in memory."""
    named = address.database
    if address.get_backend_name() != "sqlite" or not named or named.startswith((":memory:", "file:")):
        return None
    return Path(named).absolute()
