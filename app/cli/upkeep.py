"""The start-up check list and the advisories of packages, from the command line."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.database import made
from app.settings import get_settings
from app.upkeep import advisories, service

MARKS = {True: "  ", False: "! "}


def add_to(cli: typer.Typer) -> None:
    cli.command("check-settings")(check_settings)
    cli.command("advisories")(known_faults)


def check_settings() -> None:
    """Say what is safe about this deployment, what to decide, and what is not safe. Ends with 1 for the last."""
    settings = get_settings()
    with made() as store:
        lines = service.look(settings, store)
    for line in lines:
        typer.echo(f"{MARKS[line.is_safe]}{line.name}, {line.told.standing}: {line.told.words}")
    raise typer.Exit(1 if any(line.is_unsafe for line in lines) else 0)


def known_faults(
    files: Annotated[list[Path], typer.Argument(help="Advisories in the OSV format: JSON files, or zips of them.")],
) -> None:
    """Look for the installed packages in advisories that were fetched elsewhere. Ends with 1 if one is named there."""
    packages = advisories.installed()
    found = [one for file in files for one in advisories.against(advisories.read(file), packages)]
    for one in found:
        mended = f"mended in {one.fixed_in}" if one.fixed_in else "no version mends it yet"
        typer.echo(f"{one.package} {one.version}: {one.advisory}, {mended}")
    typer.echo(f"{len(packages)} packages looked for, {len(found)} known faults.")
    raise typer.Exit(1 if found else 0)
