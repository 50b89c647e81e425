"""The proof that the register follows from its history, from the command line."""

import typer

from app.cli.database import reading
from app.verifying import service


def add_to(cli: typer.Typer) -> None:
    cli.command("verify")(verify)


def verify() -> None:
    """Prove that the register follows from its history. Ends with 1 and names whatever does not; nothing is changed."""
    wrong = 0
    with reading() as db:
        for result in service.verify(db):
            said = "as they should be" if not result.wrong else f"{result.wrong:,} differences"
            typer.echo(f"{result.words}: {result.number:,} looked at, {said}")
            for difference in result.differences:
                typer.echo(f"  {difference}")
            if result.wrong > len(result.differences):
                typer.echo(f"  and {result.wrong - len(result.differences):,} more")
            wrong += result.wrong
    typer.echo("Everything is as it should be." if not wrong else f"{wrong:,} differences.")
    raise typer.Exit(1 if wrong else 0)
