"""Running the service."""

import errno
import socket
from typing import Annotated

import typer

from app.cli.database import must_fit_or_is_awaited, opened
from app.cli.listening import listen
from app.core import logs
from app.core.errors import Unavailable
from app.settings import Environment, get_settings
from app.upkeep import service as upkeep

PORT_IS_TO_BLAME = {errno.EADDRINUSE, errno.EACCES}


def add_to(cli: typer.Typer) -> None:
    cli.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="How many processes answer. On SQLite let it be one.")
    ] = 1,
) -> None:
    """Serve the pages and the HTTP API until stopped."""
    settings = get_settings()
    with opened() as database:  # says now, in one sentence, if the address cannot be one
        port_is_free(host, port)
        logs.set_up(json_lines=settings.environment is Environment.PRODUCTION)
        upkeep.may_start(settings, database)
        must_fit_or_is_awaited(database)
    listen(settings, host, port, workers)


def port_is_free(host: str, port: int) -> None:
    """Raises Unavailable when nobody could listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        reason = (getattr(error, "strerror", None) or "it cannot be used").lower()
        other = "--port" if getattr(error, "errno", None) in PORT_IS_TO_BLAME else "--host"
        raise Unavailable(f"Cannot listen on {host}, port {port}: {reason}. Choose another with {other}.") from error
