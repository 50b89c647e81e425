"""The rules that every return is judged by, as a catalogue for people."""

import typer

from app.returns import judging
from app.returns.rules.engine import RULES, RULESET

__all__ = ["add_to", "judging"]  # judging imports every rule
_SEVERITIES = {"refused": "file refused", "rejected": "row rejected", "warning": "warning"}


def add_to(cli: typer.Typer) -> None:
    cli.command("rules")(rules)


def rules() -> None:
    """List every rule: its code, what follows from it, what it says and where it comes from."""
    typer.echo(f"Rules {RULESET}")
    for code in sorted(RULES):
        rule = RULES[code]
        typer.echo(f"\n{code}  {_SEVERITIES[rule.severity]}\n  {rule.summary}")
        if rule.fields:
            typer.echo(f"  Looks at: {', '.join(rule.fields)}")
        typer.echo(f"  Source: {rule.source}")
