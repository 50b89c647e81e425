"""People, their roles and their tokens."""

import sys
from typing import Annotated

import typer

from app.accounts import service
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.cli.database import writing

users = typer.Typer(no_args_is_help=True, help="People and their roles.")
tokens = typer.Typer(no_args_is_help=True, help="Bearer tokens for the HTTP API.")

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The person's e-mail address.")]


@users.callback()
@tokens.callback()
def _group() -> None:
    """Keeps a group with one command a group."""


@users.command("add")
def add(
    email: Email,
    role: Annotated[str, typer.Option(metavar="ROLE", help=f"One of {', '.join(Role)}.")],
    organisation: Annotated[
        str | None,
        typer.Option(metavar="CODE", help="A trust's code; for health_department its nation; none for other roles."),
    ] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read a password from the first line of standard input.")
    ] = False,
) -> None:
    """Add a person with a role, or one more role to a person who is there."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with writing() as db:
        user = service.add_user(db, COMMAND_LINE, email, role, organisation, password)
    where = f" for {organisation}" if organisation else ""
    typer.echo(f"{user.email} has the role {role}{where}.")


@tokens.command("create")
def create(email: Email) -> None:
    """Make a bearer token. It is shown once: it is kept only as a digest."""
    with writing() as db:
        token = service.create_token(db, COMMAND_LINE, email)
    typer.echo(f"A token for {email.strip().lower()}, good for {service.TOKEN_DAYS} days and shown only now: {token}")
