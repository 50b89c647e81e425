"""Preparing the database for this version of the service."""

import typer

from app.accounts.access import COMMAND_LINE
from app.audit.models import AuditAction
from app.audit.service import record
from app.cli.database import made, must_open
from app.core import clock, migrating, schema
from app.core.db import Database, errors_in_words
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.submissions import obligations


def add_to(cli: typer.Typer) -> None:
    cli.command("migrate")(migrate)


def migrate() -> None:
    """Bring the database to the shape this version needs; fill an empty one with organisations and obligations."""
    with made() as database:
        for line in prepare(database, Period.containing(clock.today())):
            typer.echo(line)


def prepare(database: Database, first: Period) -> list[str]:
    """Migrates, and fills an empty database: organisations, and obligations of the default set from `first` on.

    Raises Refused for a file that is no database, and for the database of a newer version.
    """
    must_open(database)
    schema.may_migrate(database)
    with errors_in_words():
        before = migrating.current(database)
        migrating.upgrade(database)
        after = migrating.current(database)
    said = [f"The database is at {after}" + (" already." if before == after else ".")]
    with database.writing() as db:
        if not organisations.is_empty(db):
            return said
        loaded = organisations.load_shipped(db, COMMAND_LINE)
        record(db, COMMAND_LINE, AuditAction.ORGANISATIONS_IMPORTED, "organisations", "shipped", rows=loaded)
        owing = obligations.load_default_obligations(db, COMMAND_LINE, first)
    return [*said, f"Loaded {loaded} organisations.", f"{owing} of them owe a return from {first} on."]
