"""Backup and restore from the command line."""

from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from app.accounts.access import COMMAND_LINE
from app.backup import restoring, taking
from app.backup.keys import backup_key
from app.backup.restoring import Restored
from app.cli.database import made, opened
from app.core.clock import UK
from app.settings import get_settings

UNENCRYPTED = (
    "It is not encrypted and holds people's data: keep it as safe as the register. "
    "DEBTOR_RETURNS_BACKUP_KEY encrypts the next one."
)


def add_to(cli: typer.Typer) -> None:
    cli.command("backup")(backup)
    cli.command("restore")(restore)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False,
) -> None:
    """Write the whole register, with every file as it was sent, into one file, while the service goes on."""
    key = backup_key(get_settings())
    with opened() as database, tqdm(unit="row", disable=None) as progress:

        def told(more: int, of: int) -> None:
            progress.total = of
            progress.update(more)

        taken = taking.take(database, COMMAND_LINE, file, key, force=force, told=told)
    typer.echo(f"{file}: {taken.rows:,} rows of {taken.tables} tables, {taken.size:,} bytes.")
    typer.echo("It is encrypted." if taken.is_encrypted else UNENCRYPTED)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace newer data, and take what does not prove right as it is.")
    ] = False,
) -> None:
    """Bring the register back from a backup: all of it, proven, or nothing. Stop the service and the worker first."""
    key = backup_key(get_settings())
    with made() as database, tqdm(unit="B", unit_scale=True, disable=None) as progress:

        def told(read: int, of: int) -> None:
            progress.total = of
            progress.update(read - progress.n)
            if read == of:
                progress.set_description("Read. Now it is compared and proven")

        done = restoring.restore(database, COMMAND_LINE, file, key, force=force, told=told)
    for line in _lines(done):
        typer.echo(line)


def _lines(done: Restored) -> list[str]:
    left = done.aftermath
    taken = done.head.taken_at.astimezone(UK)
    lines = [f"The register is as it was on {taken:%-d %B %Y at %H:%M:%S}: {done.rows:,} rows, each compared."]
    lines += [f"Not as it should be: {words}." for words in done.wrong]
    lines.append(
        f"Everybody signs in anew: {left.sessions:,} sessions, {left.tokens:,} tokens and {left.links:,} links were ended."
    )
    if left.mails or left.files:
        lines.append(
            f"Held back, since they may have arrived before: {left.mails:,} mails, which an administrator sends again from "
            f"/outbox, and {left.files:,} files of releases, which the Debtors Team downloads."
        )
    if left.feed:
        lines.append(
            f"The Warnings Index feed ends with event {left.feed}. Tell its recipient to forget what came after it."
        )
    if done.purged:
        lines.append(f"Purged again, since its time is over: {done.purged:,}.")
    if done.trouble:
        lines.append(f"What is over could not be purged: {done.trouble} Run debtor-returns purge.")
    return lines
