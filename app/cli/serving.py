"""Running the service and preparing its database."""

import socket
from typing import Annotated

import typer

from app.accounts.access import COMMAND_LINE
from app.audit.models import AuditAction
from app.audit.service import record
from app.cli.database import must_fit, opened
from app.cli.listening import listen
from app.core import clock, logs, migrating
from app.core.db import Database, errors_in_words
from app.core.errors import Unavailable
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.settings import Environment, get_settings
from app.submissions import obligations
from app.upkeep import service as upkeep


def add_to(cli: typer.Typer) -> None:
    cli.command("serve")(serve)
    cli.command("migrate")(migrate)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="How many processes answer.")] = 1,
) -> None:
    """Serve the pages and the HTTP API until stopped."""
    settings = get_settings()
    with opened() as database:  # says now, in one sentence, if the address cannot be one
        port_is_free(host, port)
        logs.set_up(json_lines=settings.environment is Environment.PRODUCTION)
        upkeep.may_start(settings, database)
        must_fit(database)
    listen(settings, host, port, workers)


def migrate() -> None:
    """Bring the database to the shape this version needs; fill an empty one with organisations and obligations."""
    with opened() as database:
        for line in prepare(database, Period.containing(clock.today())):
            typer.echo(line)


def prepare(database: Database, first: Period) -> list[str]:
    """Migrates, and fills an empty database: organisations, and obligations of the default set from `first` on."""
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


def port_is_free(host: str, port: int) -> None:
    """Raises Unavailable when nobody could listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = (error.strerror or "it cannot be used").lower()
        raise Unavailable(f"Cannot listen on {host}, port {port}: {reason}. Choose another with --port.") from error
