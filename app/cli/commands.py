"""Every command in its place: what `debtor-returns --help` shows."""

import typer

from app.cli import (
    access_requests,
    accounts,
    backup,
    catalogue,
    demo,
    old_register,
    organisations,
    releases,
    reminders,
    retention,
    returns,
    serving,
    upkeep,
    verifying,
    worker,
)  # fmt: skip

cli = typer.Typer(
    name="debtor-returns",
    help="Monthly returns of overseas patients' unpaid NHS debts: the service and its tools. "
    "Settings come from the environment (DEBTOR_RETURNS_…).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (
    serving,
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
