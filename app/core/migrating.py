"""Brings a database to the shape the models describe: the only caller of Alembic. The steps stand in migrations/versions."""

import time
from collections.abc import Callable
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.core import building
from app.core.database_errors import code_of
from app.core.db import Database
from app.core.errors import Refused, Unavailable
from app.core.wall import ROLE
from app.settings import PROJECT

MIGRATIONS = PROJECT / "migrations"
# One way of comparing for every run: types too, and on SQLite a changed table is built anew, since it alters too little.
# Tables of words and of sums follow from others: a database's own kind of index, which models cannot describe.
COMPARISON: dict[str, Any] = {
    "compare_type": True,
    "render_as_batch": True,
    "include_name": lambda name, kind, _parents: not (kind == "table" and name.startswith(("words_of_", "sums_of_"))),
}

INSUFFICIENT_PRIVILEGE = "42501"
HELD_BY_OTHERS = frozenset({"55P03", "40P01"})  # no lock in time, a deadlock
LOCK_SECONDS, TRIES, BETWEEN_TRIES = 0.5, 60, 1.0  # shorter than PostgreSQL waits before it looks for deadlocks
HELD = "Others hold a table that this migration changes. Nothing was changed: try again, or stop what runs for long."
_NOTE_STEP = text("INSERT INTO contract_steps (revision, needs) VALUES (:revision, :needs)")
_FORGET_STEP = text("DELETE FROM contract_steps WHERE revision = :revision AND needs = :needs")
_FORGET_INDEX = text("DELETE FROM indexes_to_build WHERE name = :name")
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


def upgrade(database: Database, to: str = "head") -> None:
    """All migrations not yet applied, in one transaction, then the indexes that they left for afterwards. Two at once wait
    for each other; the second finds nothing to do.

    Others may be at work: a table that they hold is waited for shortly, since whoever comes later waits behind us, and then
    all is begun again. Raises Unavailable when they never let go.
    """
    for left in reversed(range(TRIES)):
        try:
            _run(database, lambda config: command.upgrade(_beside_others(config), to))
            break
        except Unavailable as error:
            if not _is_held(error):
                raise
            if not left:
                raise Unavailable(HELD) from error
            time.sleep(BETWEEN_TRIES)
    if to == "head":
        building.build(database)


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


def note_step(ctx: MigrationContext, step: Any, **_more: object) -> None:
    """Keeps what a migration says of itself (`needs`, `beside`): Alembic calls it after each, in its transaction."""
    told, connection = step.up_revision.module, ctx.connection
    if connection is None:
        return
    if needs := getattr(told, "needs", None):
        noted = _NOTE_STEP if step.is_upgrade else _FORGET_STEP
        connection.execute(noted, {"revision": told.revision, "needs": needs})
    is_beside = ctx.config is not None and ctx.config.attributes.get("beside_others")
    make = building.build_or_note if is_beside else building.build_now
    for name, on_what in getattr(told, "beside", {}).items():
        if step.is_upgrade:
            make(connection, name, on_what)
        else:  # which the migration's own way back has dropped
            connection.execute(_FORGET_INDEX, {"name": name})


def _beside_others(config: Config) -> Config:
    """People work meanwhile, unless the database is being filled or restored."""
    config.attributes["beside_others"] = True
    return config


def _run(database: Database, work: Callable[[Config], object]) -> None:
    try:
        with database.migrating() as connection:
            if not database.is_sqlite:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'")
            work(configuration(connection))
    except ProgrammingError as error:
        if code_of(error) != INSUFFICIENT_PRIVILEGE:
            raise
        raise Refused(NOT_OURS) from error


def _is_held(error: Unavailable) -> bool:
    return isinstance(error.__cause__, DBAPIError) and code_of(error.__cause__) in HELD_BY_OTHERS


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file: where the steps stand, and how a new one is named."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    config.attributes["connection"] = connection
    return config
