"""A trust's work from the command line: the template, a check without a register, and loading files."""

from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from app.accounts.access import COMMAND_LINE
from app.cli.database import opened, reading
from app.cli.sentences import sentence
from app.core import clock
from app.core.db import Database
from app.core.errors import NotFound, Refused, ServiceError
from app.debts.comparing import compare_afterwards
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.policy import countries
from app.returns import offline, prefill, rejection_workbook, service
from app.returns.rules.engine import Finding
from app.settings import without_secrets

ROWS_REJECTED, FILE_REFUSED = 1, 2
Organisation = Annotated[str | None, typer.Option(metavar="CODE", help="The organisation's code, for example RJ1.")]
Month = Annotated[str | None, typer.Option(metavar="MONTH", help="The month of the return, for example 2026-10.")]
Out = Annotated[Path | None, typer.Option(metavar="FIXED.xlsx", help="Write the rejected rows here, to be mended.")]


def add_to(cli: typer.Typer) -> None:
    cli.command("check")(check)
    cli.command("template")(template)
    cli.command("load")(load)


def check(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The workbook to check; nothing is sent.")],
    organisation: Organisation = None,
    period: Month = None,
    out: Out = None,
) -> None:
    """Check a file with the service's own rules, without a register. Ends with 0 clean, 1 rows rejected, 2 refused."""
    without_secrets()
    try:
        raise typer.Exit(_check(file, organisation, period, out))
    except (OSError, ServiceError) as error:  # 1 would say that rows were rejected
        words, _ = sentence(error)
        typer.echo(words, err=True)
        raise typer.Exit(FILE_REFUSED) from None


def _check(file: Path, organisation: str | None, period: str | None, out: Path | None) -> int:
    found = offline.check(file.read_bytes(), organisation, Period.parse(period) if period else None)
    if found.refusal or found.assessment is None:
        _say(list(found.refusal))
        return FILE_REFUSED
    _say(found.assessment.findings())
    counts = found.assessment.counts()
    typer.echo(f"{counts['read']} rows read: {counts['accepted']} accepted, {counts['rejected']} rejected, "
               f"{counts['warnings']} warnings; {counts['blank']} blank rows.")  # fmt: skip
    for rule in offline.rules_that_need_the_register():
        typer.echo(f"Not checked without a register: {rule.code} {rule.summary}")
    if out is not None and counts["rejected"]:
        listed = countries.drop_down()
        rows = found.rejected()
        out.write_bytes(rejection_workbook.workbook(found.stamp, rows, on=clock.today(), countries=listed))
        typer.echo(f"The rejected rows are in {out}.")
    return ROWS_REJECTED if counts["rejected"] else 0


def template(
    organisation: Annotated[str, typer.Option(metavar="CODE", help="The organisation's code, for example RJ1.")],
    period: Annotated[str, typer.Option(metavar="MONTH", help="The month of the return, for example 2026-10.")],
    out: Annotated[Path, typer.Option(metavar="FILE.xlsx", help="Where to write the workbook.")],
) -> None:
    """Write the return workbook, prefilled with the organisation's open debts."""
    month = Period.parse(period)
    with reading() as db:
        if organisations.organisation(db, organisation) is None:
            raise Refused(_no_organisation(organisation))
        content = prefill.template(db, organisation, month)
    out.write_bytes(content)
    typer.echo(f"The template of {organisation} for {month.label} is in {out}.")


def load(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Returns to submit, one after the other.")],
    organisation: Organisation = None,
    period: Month = None,
) -> None:
    """Submit files as their trusts. What is not said is taken from the stamp inside each file."""
    refused = 0
    with opened() as database, tqdm(files, unit="file", disable=None) as progress:
        for file in progress:
            try:
                line, taken = _load_one(database, file, organisation, period)
            except NotFound:
                line, taken = f"{file.name}: not taken. {_no_organisation(organisation)}", False
            except (OSError, ServiceError) as error:  # the other files are none the worse for it
                line, taken = f"{file.name}: not taken. {sentence(error)[0]}", False
            refused += not taken
            tqdm.write(line)
    raise typer.Exit(FILE_REFUSED if refused else 0)


def _load_one(database: Database, file: Path, organisation: str | None, period: str | None) -> tuple[str, bool]:
    data = file.read_bytes()
    with database.writing() as db:
        got = service.load(db, COMMAND_LINE, data, file.name, organisation, Period.parse(period) if period else None)
    compare_afterwards(database)
    if got.return_ is None:
        return f"{file.name}: refused. " + " ".join(finding.message for finding in got.refusal), False
    sent = got.return_
    known = "" if got.created else " (it was there already)"
    return (
        f"{file.name}: {sent.reference}{known}: {sent.read} rows read, {sent.accepted} accepted, "
        f"{sent.unchanged} unchanged, {sent.rejected} rejected; {sent.blank} blank rows."
    ), True


def _no_organisation(code: str | None) -> str:
    return f"There is no organisation {code or 'of that code'}. Check the code: upper and lower case matter."


def _say(findings: list[Finding]) -> None:
    for finding in findings:
        typer.echo(f"{finding.code} {finding.severity}: {finding.message}")
