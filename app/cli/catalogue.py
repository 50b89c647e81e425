"""The rules that every return is judged by, as a catalogue for people."""

from collections.abc import Sequence

import typer

from app.return_template.columns import BY_KEY, COLUMNS
from app.returns import judging
from app.returns.rules.engine import RULES, RULESET

__all__ = ["add_to", "judging"]  # judging imports every rule
_SOURCES = """Sources: "ICIBI 6.149" is a paragraph of the report of the Independent Chief Inspector of Borders and Immigration on
collaborative working of the Home Office, January 2019. What no public source settles is our decision."""
_SEVERITIES = {"refused": "file refused", "rejected": "row rejected", "warning": "warning"}


def add_to(cli: typer.Typer) -> None:
    cli.command("rules")(rules)


def rules() -> None:
    """List every rule: its code, what follows from it, what it says and where it comes from."""
    typer.echo(f"Rules {RULESET}\n{_SOURCES}")
    for code in sorted(RULES):
        rule = RULES[code]
        typer.echo(f"\n{code}  {_SEVERITIES[rule.severity]}\n  {rule.summary}")
        if rule.fields:
            typer.echo(f"  Looks at: {_headings(rule.fields)}")
        typer.echo(f"  Source: {rule.source}")


def _headings(fields: Sequence[str]) -> str:
    """The columns by the headings that people know; those few that are left out, when it is nearly every column."""
    left_out = [column.heading for column in COLUMNS if column.key not in fields]
    if len(left_out) > 3:
        return ", ".join(BY_KEY[key].heading for key in fields)
    return "every column" + (f" except {', '.join(left_out)}" if left_out else "")
