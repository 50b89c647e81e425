"""Asks at a terminal which column of an old register is which of ours: the nearest is proposed, a person decides."""

import typer

from app.old_register.rules import mapping
from app.old_register.rules.mapping import Columns
from app.old_register.rules.targets import JOINED, LABELS, LEFT_OUT


def ask(headings: list[str], known: Columns) -> dict[str, str]:
    """One question a heading; Enter takes what is proposed, - leaves the column out."""
    typer.echo(
        f"Which column is which? Ours are: {', '.join(LABELS)}. Enter takes the one in brackets, - leaves one out."
    )
    answered: dict[str, str] = {}
    for heading in dict.fromkeys(filter(None, headings)):
        taken = {**known, **answered}.values()
        proposal = known.get(heading) or mapping.proposed(heading, taken) or LEFT_OUT
        answered[heading] = _answer(heading, proposal, answered)
    return {heading: target for heading, target in answered.items() if target != LEFT_OUT}


def _answer(heading: str, proposal: str, answered: Columns) -> str:
    while True:
        target = mapping.target_of(typer.prompt(f'"{heading}" is', default=proposal))
        if target is None:
            typer.echo(f"That is none of our columns. They are {', '.join(LABELS)}.")
        elif target not in JOINED and target != LEFT_OUT and target in answered.values():
            typer.echo(f"{LABELS[target]} is named already. Name another column, or - to leave this one out.")
        else:
            return target
