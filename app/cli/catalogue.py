"""The rules that every return is judged by, as a catalogue for people."""

import textwrap

import typer

from app.returns import catalogue


def add_to(cli: typer.Typer) -> None:
    cli.command("rules")(rules)


def rules() -> None:
    """List every rule: its code, what follows from it, what it says and where it comes from."""
    typer.echo(f"Rules {catalogue.RULESET}\n{textwrap.fill(catalogue.SOURCES, 120)}")
    for rule in catalogue.entries():
        typer.echo(f"\n{rule.code}  {rule.consequence}\n  {rule.summary}")
        if rule.looks_at:
            typer.echo(f"  Looks at: {rule.looks_at}")
        typer.echo(f"  Source: {rule.source}")
