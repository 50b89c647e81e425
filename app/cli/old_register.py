"""Loading the register of the time before this service, once, at the start."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from app.accounts.access import COMMAND_LINE
from app.cli import old_columns
from app.cli.database import opened, reading, writing
from app.cli.old_summary import lines
from app.core import clock
from app.core.scanning import look_through
from app.debts import imports
from app.debts.comparing import compare_afterwards
from app.old_register import reading as old_reading
from app.old_register import service
from app.old_register.assessing import Loading, Tell
from app.old_register.findings_workbook import Notes, Unwanted
from app.old_register.reading import Table
from app.old_register.rules import mapping
from app.old_register.rules.targets import LABELS
from app.old_register.rules.understanding import Flags
from app.old_register.summary import Summary
from app.returns.reading import digest
from app.returns.service import plain_filename

_EVERY = 100_000  # rows after which a line is written where there is no terminal


def add_to(cli: typer.Typer) -> None:
    cli.command("import-register")(import_register)


def import_register(  # noqa: PLR0913, PLR0917 - one parameter for each option
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The consolidated spreadsheet; headings may be any.")],
    as_at: Annotated[str, typer.Option(metavar="DATE", help="The day of which it speaks, for example 2026-10-31.")],
    pairs: Annotated[
        list[str] | None,
        typer.Option("--map", metavar='"HEADING=COLUMN"', help="Which of our columns a heading is; - for none."),
    ] = None,
    given: Annotated[Path | None, typer.Option("--mapping", metavar="FILE", help="The same as JSON or TOML.")] = None,
    write_mapping: Annotated[Path | None, typer.Option(metavar="FILE", help="Keep the mapping here.")] = None,
    findings: Annotated[
        Path | None,
        typer.Option(metavar="OUT.xlsx", help="Write every finding, and the rows not loaded, to be mended."),
    ] = None,
    flags: Annotated[
        Flags, typer.Option(help="Which debts are on the Warnings Index already, where no column says so.")
    ] = Flags.BY_STATUS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything but write to the register.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Load a further file after the first.")] = False,
) -> None:
    """Load the register of the time before this service, so that trusts can update and end its debts."""
    data, day = file.read_bytes(), service.day_of(as_at)
    look_through(data)
    sha256 = digest(data)
    with reading() as db:
        if (before := imports.of_file(db, sha256)) is not None:
            on = f"{clock.uk_date(before.at):%-d %B %Y}"
            typer.echo(f"This very file was loaded on {on} as {before.reference}, so there is nothing to do.")
            return
        if not again:
            service.check_first(db)
    table, columns = _opened(data, _given(pairs or [], given), write_mapping)
    loading = Loading(table, columns, plain_filename(file.name), sha256, day, flags)
    if dry_run:
        _try_out(loading, Notes() if findings else Unwanted(), findings)
    else:
        _load(loading, Notes() if findings else Unwanted(), findings)


def _given(pairs: list[str], file: Path | None) -> dict[str, str]:
    """What the command line says goes before what the file says."""
    from_file = mapping.from_text(file.read_text(encoding="utf-8-sig"), file.name) if file else {}
    return from_file | mapping.from_pairs(pairs)


def _opened(data: bytes, given: dict[str, str], keep: Path | None) -> tuple[Table, dict[str, str]]:
    """The file's table and its columns, asked for where somebody sits at a terminal."""
    table = old_reading.look(data, given)
    columns = mapping.recognised(table.headings, given)
    if sys.stdin.isatty():
        columns = old_columns.ask(table.headings, columns)
    mapping.check_whole(table.headings, columns)
    if keep is not None:
        keep.write_text(mapping.to_text(columns, keep.name), encoding="utf-8")
        typer.echo(f"The mapping is in {keep}.")
    table = old_reading.settle(data, table, columns)
    for heading in dict.fromkeys(filter(None, table.headings)):
        target = LABELS[columns[heading]] if heading in columns else "not read"
        typer.echo(f"  {heading}: {target}")
    return table, columns


def _try_out(loading: Loading, notes: Notes, findings: Path | None) -> None:
    with _progress(loading.table.rows) as tell, reading() as db:
        summary = service.try_out(db, loading, notes, tell)
    if findings is not None:
        notes.write(findings)
    _say(summary, findings)
    typer.echo("This was a dry run: nothing was written to the register.")


def _load(loading: Loading, notes: Notes, findings: Path | None) -> None:
    """The persons are compared with each other after this transaction."""
    with _progress(loading.table.rows) as tell, writing() as db:
        imported, summary = service.load(db, COMMAND_LINE, loading, notes, tell)
        if findings is not None:
            notes.write(findings)  # before the commit: a file is loaded once, and its findings are told once
    _say(summary, findings)
    typer.echo(f"Loaded as {imported.reference}, as at {loading.as_at:%-d %B %Y}.")
    with opened() as database:
        compare_afterwards(database)


def _say(summary: Summary, findings: Path | None) -> None:
    for line in lines(summary):
        typer.echo(line)
    if findings is not None:
        typer.echo(f"Every finding and the rows that were not loaded are in {findings}.")
    elif summary.codes:
        typer.echo("--findings OUT.xlsx, with --dry-run before loading, lists every finding.")


@contextmanager
def _progress(rows: int) -> Iterator[Tell]:
    """A bar on a terminal, now and then a line elsewhere."""
    with tqdm(total=rows, unit="row", disable=None) as bar:
        done = 0

        def tell(more: int) -> None:
            nonlocal done
            if bar.disable and (done + more) // _EVERY > done // _EVERY:
                typer.echo(f"  {done + more:,} of {rows:,} rows done")
            done += more
            bar.update(more)

        yield tell
