"""The NHS bodies that report, and which of them owe returns from when."""

from pathlib import Path
from typing import Annotated

import typer

from app.accounts.access import COMMAND_LINE
from app.audit.models import AuditAction
from app.audit.service import record
from app.cli.database import reading, writing
from app.organisations import service
from app.periods.calendar import Period
from app.submissions import obligations as submissions
from app.submissions import obligations_file, obligations_import

organisations = typer.Typer(no_args_is_help=True, help="The NHS bodies that report.")
obligations = typer.Typer(no_args_is_help=True, help="Who owes returns, from which month to which.")


@organisations.callback()
@obligations.callback()
def _group() -> None:
    """Keeps a group with one command a group."""


@organisations.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="CSV", help="One line an organisation; `code` is its key.")],
) -> None:
    """Take openings, closings, renamings and successors from a CSV, all of it or nothing, and say what changed."""
    text = file.read_text(encoding="utf-8-sig")
    with writing() as db:
        report = service.import_csv(db, COMMAND_LINE, text)
        counts = {key: len(value) for key, value in vars(report).items() if isinstance(value, list)}
        record(
            db, COMMAND_LINE, AuditAction.ORGANISATIONS_IMPORTED, "organisations", "file",
            changes=counts, unchanged=report.unchanged,
        )  # fmt: skip
    for line in report.lines:
        typer.echo(line)
    typer.echo(f"{report.unchanged} unchanged.")


@obligations.command("set")
def set_(
    from_: Annotated[str, typer.Option("--from", metavar="MONTH", help="The first month owed, for example 2026-10.")],
    codes: Annotated[list[str] | None, typer.Argument(metavar="[CODE]...", help="The organisations' codes.")] = None,
    default: Annotated[
        bool, typer.Option("--default", help="The default set: open English acute trusts, Wales, Northern Ireland.")
    ] = False,
    to: Annotated[str | None, typer.Option(metavar="MONTH", help="The last month owed; none for an open end.")] = None,
) -> None:
    """Set from which month to which organisations owe returns. Earlier months stay as they are."""
    if bool(codes) is default:
        raise typer.BadParameter("Name the organisations' codes, or --default for the default set")
    first, last = Period.parse(from_), Period.parse(to) if to else None
    with writing() as db:
        changed = submissions.set_obligation(db, COMMAND_LINE, codes or None, first, last)
    until = f" until {last}" if last else " on"
    if not changed:
        typer.echo("Nothing changed: that is how it was already.")
    elif len(changed) > 10:
        typer.echo(f"{len(changed)} organisations owe returns from {first}{until}.")
    else:
        typer.echo(f"From {first}{until}, returns are owed by {', '.join(changed)}.")


@obligations.command("import")
def import_list(
    file: Annotated[Path, typer.Argument(metavar="CSV", help="One span a line: code,from,to,reason.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Take a list of obligations, all of it or nothing, and say what changed."""
    text = obligations_file.text_of(file.read_bytes())
    if dry_run:
        with reading() as db:
            plan = obligations_import.plan(db, text)
    else:
        with writing() as db:
            plan = obligations_import.take(db, COMMAND_LINE, text)
    for change in plan.changes:
        typer.echo(change.sentence)
    verb = "would change" if dry_run else "changed"
    typer.echo(f"{len(plan.changes)} {verb}, {len(plan.unchanged)} unchanged.")
