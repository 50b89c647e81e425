"""Brings a database to the shape the models describe: the only caller of Alembic. The steps stand in migrations/versions."""

from collections.abc import Callable
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData
from sqlalchemy.exc import ProgrammingError

from app.core import indexing
from app.core.database_errors import code_of
from app.core.db import Database
from app.core.errors import Refused
from app.core.wall import ROLE
from app.settings import PROJECT

# One way of comparing for every run: types too, and on SQLite a changed table is built anew, since it alters too little.
# Tables of words and of sums follow from others: a database's own kind of index, which models cannot describe.
COMPARISON: dict[str, Any] = {
    "compare_type": True,
    "render_as_batch": True,
    "include_name": lambda name, kind, _parents: not (kind == "table" and name.startswith(("words_of_", "sums_of_"))),
}

NEWEST = "head"
INSUFFICIENT_PRIVILEGE = "42501"
NOT_OURS = (
    "The database's user may not do what this migration needs; nothing was changed. It must own the database and its "
    f"tables. As an administrator say: CREATE ROLE {ROLE} NOLOGIN (once for a server), then GRANT {ROLE} TO that user."
)


def head() -> str:
    """The newest revision there is. Alembic raises when two migrations follow the same one."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def current(database: Database) -> str:
    """The revision a database stands at, empty for a new one."""
    with database.reading() as db:
        return MigrationContext.configure(db.connection()).get_current_revision() or ""


def upgrade(database: Database, to: str = NEWEST) -> None:
    """All migrations not yet applied, in one transaction. Two at once wait for each other; the second finds nothing to do.

    Afterwards, on PostgreSQL, the indexes of large tables: others read and write meanwhile.
    """
    _run(database, lambda config: command.upgrade(config, to), beside=not database.is_sqlite and to == NEWEST)
    if not database.is_sqlite and to == NEWEST:
        indexing.make_missing(database)


def upgrade_within(connection: Connection, to: str = "head") -> None:
    """The same in a transaction that `Database.migrating` has begun, for whoever does more in it."""
    command.upgrade(configuration(connection), to)


def knows(revision: str) -> bool:
    """Whether there is such a revision: one of a newer version of the service is not known here."""
    return revision in {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}


def downgrade(database: Database, to: str) -> None:
    """Back to a revision, or to `base`: an empty database."""
    _run(database, lambda config: command.downgrade(config, to))


def drift(database: Database, metadata: MetaData) -> list[Any]:
    """Where the database differs from the models: empty when the migrations say all that the models say."""
    with database.reading() as db:
        context = MigrationContext.configure(db.connection(), opts=dict(COMPARISON))
        return list(compare_metadata(context, metadata))


def _run(database: Database, work: Callable[[Config], object], *, beside: bool = False) -> None:
    """`beside`: a migration leaves the indexes of large tables to be made after its transaction."""
    try:
        with database.migrating() as connection:
            config = configuration(connection)
            config.attributes["beside"] = beside
            work(config)
    except ProgrammingError as error:
        if code_of(error) != INSUFFICIENT_PRIVILEGE:
            raise
        raise Refused(NOT_OURS) from error


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file: where the steps stand, and how a new one is named."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations").replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["connection"] = connection
    return config
