"""Every command in its place: what `debtor-returns --help` shows."""

from app.cli import (
    access_requests,
    accounts,
    backup,
    catalogue,
    demo,
    old_register,
    organisations,
    preparing,
    releases,
    reminders,
    retention,
    returns,
    serving,
    upkeep,
    verifying,
    worker,
)  # fmt: skip
from app.cli.program import program

cli = program()
for group in (
    serving,
    preparing,
    demo,
    returns,
    old_register,
    catalogue,
    access_requests,
    worker,
    reminders,
    retention,
    verifying,
    upkeep,
    backup,
):
    group.add_to(cli)
cli.add_typer(accounts.users, name="users")
cli.add_typer(accounts.tokens, name="tokens")
cli.add_typer(organisations.organisations, name="organisations")
cli.add_typer(organisations.obligations, name="obligations")
cli.add_typer(releases.releases, name="release")
