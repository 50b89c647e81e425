"""The purge from the command line: shows first, asks, then does."""

import sys
from typing import Annotated

import typer
from tqdm import tqdm

from app.accounts.access import COMMAND_LINE
from app.cli.database import opened
from app.core.errors import Refused
from app.retention import service
from app.retention.service import Plan


def add_to(cli: typer.Typer) -> None:
    cli.command("purge")(purge)


def purge(
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking, for a nightly job.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be deleted.")] = False,
) -> None:
    """Delete what has been kept long enough. Shows first what that is, asks, and leaves counts of the debts."""
    with opened() as database:
        with database.reading() as db:
            plan = service.plan(db)
        _show(plan)
        if dry_run or not plan.number:
            return
        if not yes and not sys.stdin.isatty():
            raise Refused(
                "Nothing was deleted, since nobody can be asked here. Add --yes to delete, --dry-run to look."
            )
        if not yes and not typer.confirm("Delete this for good?"):
            typer.echo("Nothing was deleted.")
            return
        with tqdm(total=plan.number, unit="", disable=None) as progress:
            done = service.purge(database, COMMAND_LINE, lambda _words, number: progress.update(number))
    for words, number in done.items():
        typer.echo(f"Done: {words}: {number:,}")


def _show(plan: Plan) -> None:
    for stage, due in plan.stages:
        if due.number:
            oldest = f", the oldest of {due.oldest:%-d %B %Y}" if due.oldest else ""
            typer.echo(f"{_capital(stage.words)}: {due.number:,}{oldest}")
    if not plan.number:
        typer.echo("Nothing has been kept longer than it may be.")
    for words, number in plan.kept_back.items():
        typer.echo(f"Debts whose time is over, kept because {words}: {number:,}")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
