"""Releases from the command line: prepare one, look at them, and take one on to the next step."""

from collections.abc import Callable
from typing import Annotated

import typer
from tqdm import tqdm

from app.accounts.access import COMMAND_LINE, Actor
from app.cli.database import Session, opened, reading, writing
from app.core.clock import UK
from app.core.errors import NotFound, Refused
from app.core.money import to_pounds
from app.releases import preparing, queries, releasing, sign_off
from app.releases.counts import BY
from app.releases.models import Release
from app.releases.rules.words import Scope

releases = typer.Typer(no_args_is_help=True, help="Releases: numbered, signed-off outputs for one recipient.")
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="The number of the release.")]


@releases.command("prepare")
def prepare(
    recipient: Annotated[str, typer.Option(metavar="NAME", help="Who it is for, for example MIDAS.")],
    purpose: Annotated[str, typer.Option(metavar="WORDS", help="What it is for, for example “Monthly load”.")],
    scope: Annotated[str, typer.Option(metavar="SCOPE", help="full, or changes since the last one.")] = Scope.FULL,
) -> None:
    """Freeze what the register says for a recipient, and draw the sample that is checked next."""
    if scope not in set(Scope):
        raise Refused("--scope is full, or changes.")
    with opened() as store, tqdm(unit="line", disable=None) as progress:
        words = _told(preparing.prepare(store, COMMAND_LINE, Scope(scope), recipient, purpose, progress.update))
    typer.echo(words)


@releases.command("list")
def list_releases() -> None:
    """Show the newest releases."""
    with reading() as db:
        found = queries.listed(db, COMMAND_LINE, 50, None).items
    for release in found:
        typer.echo(_told(release))
    if not found:
        typer.echo("There is no release yet.")


@releases.command("show")
def show(number: Number) -> None:
    """Show what one release holds and how far it is. Nobody's name is shown."""
    with reading() as db:
        release = _numbered(db, number)
        sample, gone = queries.sample_of(db, release), queries.taken_out_of(db, release)
        files = queries.files_of(db, release)
    typer.echo(_told(release))
    typer.echo(
        f"As at {release.as_at.astimezone(UK):%-d %B %Y %H:%M}, for {release.purpose}. {release.held:,} held debts left out."
    )
    for by in BY:
        for key, sums in release.counts[f"by_{by}"].items():
            typer.echo(f"  {by} {key}: {sums['lines']:,} lines, £{to_pounds(sums['pence'])}")
    judged = [one.judged.correct for one in sample if one.judged.correct is not None]
    typer.echo(f"Sample: {len(judged)} of {len(sample)} lines looked at, {judged.count(False)} wrong.")
    for one in gone:
        typer.echo(f"  taken out: line {one.line}, {one.reference}, {one.organisation}: {one.reason}")
    for file in files:
        gone_on = f", deleted on {file.deleted_at.astimezone(UK):%-d %B %Y}" if file.deleted_at else ""
        typer.echo(f"  {file.name}: {file.rows:,} rows, SHA-256 {file.sha256}{gone_on}")


@releases.command("approve")
def approve(number: Number) -> None:
    """Sign a release off that somebody else has prepared and sampled."""
    _moved(number, sign_off.approve)


@releases.command("abandon")
def abandon(number: Number, reason: Annotated[str, typer.Option(metavar="WORDS", help="Why; it is kept.")]) -> None:
    """Give a release up that has not left."""
    _moved(number, lambda db, actor, id_: sign_off.abandon(db, actor, id_, reason))


@releases.command("release")
def release(number: Number) -> None:
    """Freeze the files of an approved release and tell the Warnings Index."""
    with opened() as database:
        with database.reading() as db:
            id_ = _numbered(db, number).id
        releasing.release(database, COMMAND_LINE, id_)
    show(number)


def _moved(number: int, move: Callable[[Session, Actor, str], Release]) -> None:
    with writing() as db:
        words = _told(move(db, COMMAND_LINE, _numbered(db, number).id))
    typer.echo(words)


def _numbered(db: Session, number: int) -> Release:
    try:
        return queries.numbered(db, COMMAND_LINE, number)
    except NotFound:
        raise Refused(f"There is no release {number}. “debtor-returns release list” shows those there are.") from None


def _told(release: Release) -> str:
    return (
        f"Release {release.number}, {release.scope}, for {release.recipient}: {release.state}, {release.lines:,} lines"
    )
