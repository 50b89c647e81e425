"""People, their roles and their tokens."""

import sys
from typing import Annotated

import typer

from app.accounts import administering, service
from app.accounts import tokens as bearer
from app.accounts.access import COMMAND_LINE
from app.accounts.links import LASTING, Purpose
from app.accounts.models import User
from app.accounts.permissions import Role
from app.cli.database import reading, writing
from app.core.addresses import email_address
from app.core.db import Session
from app.core.errors import NotFound, Refused

users = typer.Typer(no_args_is_help=True, help="People and their roles.")
tokens = typer.Typer(no_args_is_help=True, help="Bearer tokens for the HTTP API.")

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The person's e-mail address.")]
RoleName = Annotated[str, typer.Option("--role", metavar="ROLE", help=f"One of {', '.join(Role)}.")]
Place = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="A trust's code; for health_department its nation; none for other roles."),
]


@users.command("add")
def add(
    email: Email,
    role: RoleName,
    organisation: Place = None,
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


@users.command("invite")
def invite(
    email: Email,
    role: RoleName,
    organisation: Place = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="What to show for the person.")] = "",
) -> None:
    """Add a person who chooses their own way to sign in. The link is shown once; it is in the outbox until it is used."""
    with writing() as db:
        user, link = administering.invite_person(db, COMMAND_LINE, email, name, role, organisation)
    typer.echo(f"{user.email} is invited. The link works once, for {LASTING[Purpose.INVITE].days} days: {link}")


@users.command("reset-second-factor")
def reset_second_factor(email: Email) -> None:
    """Forget a person's second factor, for a lost phone, and sign them out."""
    with writing() as db:
        user = _account(db, email)
        administering.reset_second_factor(db, COMMAND_LINE, user.id)
    typer.echo(f"{user.email} is signed out and has no second factor now.")


@tokens.command("create")
def create(email: Email) -> None:
    """Make a bearer token. It is shown once: it is kept only as a digest."""
    with writing() as db:
        token = service.create_token(db, COMMAND_LINE, email)
    typer.echo(f"A token for {email.strip().lower()}, good for {service.TOKEN_DAYS} days and shown only now: {token}")


@tokens.command("list")
def list_(email: Annotated[str, typer.Argument(metavar="[EMAIL]", help="The person's e-mail address.")] = "") -> None:
    """List the tokens that let programs in, of one person or of everybody. Each is named by a part of its digest."""
    with reading() as db:
        found = bearer.standing(db, _account(db, email).id if email else None)
    for one in found:
        typer.echo(f"{one.id}  {one.email}  made {one.created_at:%Y-%m-%d}, good until {one.expires_at:%Y-%m-%d}")
    if not found:
        typer.echo("There is no token that lets anybody in.")


@tokens.command("revoke")
def revoke(
    which: Annotated[
        str, typer.Argument(metavar="TOKEN|EMAIL", help="A token as `list` names it, or a person: all theirs.")
    ],
) -> None:
    """End a token, or every token of a person. Programs that use it are refused from the next call on."""
    with writing() as db:
        if "@" in which:
            number = bearer.end_all(db, COMMAND_LINE, _account(db, which).id)
        else:
            _end(db, which)
            number = 1
    typer.echo("1 token has ended." if number == 1 else f"{number} tokens have ended.")


def _end(db: Session, token_id: str) -> None:
    try:
        bearer.end(db, COMMAND_LINE, token_id)
    except NotFound:
        raise Refused("There is no such token. See their names with: debtor-returns tokens list") from None


def _account(db: Session, email: str) -> User:
    user = service.user_by_email(db, email)
    if user is None:
        raise Refused(f"There is no account {email_address(email)}. Check the address.")
    return user
