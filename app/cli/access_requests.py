"""Everything held on a person, for a request for access, written to a folder."""

from pathlib import Path
from typing import Annotated

import typer

from app.access_requests import document, service
from app.access_requests.document import Output
from app.accounts.access import COMMAND_LINE
from app.cli.database import opened

OWNER_ONLY = 0o600


def add_to(cli: typer.Typer) -> None:
    cli.command("access-request")(access_request)


def access_request(
    references: Annotated[
        list[str], typer.Argument(metavar="DEBT-REFERENCE…", help="Debts of the person, such as ND-7Q2M-XK4A-9BTC.")
    ],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where to write; it is made if it is not there.")],
    request: Annotated[
        str, typer.Option(metavar="REFERENCE", help="The reference of the request, which the audit keeps. No name.")
    ] = "not given",
) -> None:
    """Write everything held on a person as a document to print (HTML) and as data (JSON), as the Debtors Team answers."""
    with opened() as database:
        record = service.of_references(database, COMMAND_LINE, references, request)
    out.mkdir(parents=True, exist_ok=True)
    for output in Output:
        path = out / f"everything-held.{output}"
        path.touch(OWNER_ONLY)
        path.chmod(OWNER_ONLY)
        path.write_bytes(document.written(record, output))
    names = " and ".join(f"everything-held.{output}" for output in Output)
    typer.echo(f"{len(record.debts)} debt{'' if len(record.debts) == 1 else 's'}: {names} are in {out}.")
