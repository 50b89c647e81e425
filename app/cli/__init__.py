"""The command line: thin, asks the domain. One module per group of commands; every error is one sentence on stderr."""

import os
import sys

import typer

from app.cli import accounts, catalogue, organisations, serving
from app.cli.sentences import sentence

cli = typer.Typer(
    name="debtor-returns",
    help="Monthly returns of overseas patients' unpaid NHS debts: the service and its tools. "
    "Settings come from the environment (DEBTOR_RETURNS_…).",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for group in (serving, catalogue):
    group.add_to(cli)
cli.add_typer(accounts.users, name="users")
cli.add_typer(accounts.tokens, name="tokens")
cli.add_typer(organisations.organisations, name="organisations")
cli.add_typer(organisations.obligations, name="obligations")


def main() -> None:
    """Runs one command and ends the process: 0 done, 1 not done, 2 called wrongly, 130 stopped by Ctrl-C."""
    try:
        code = cli(standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except (Exception, KeyboardInterrupt) as error:
        words, code = sentence(error)
        typer.echo(words, err=True)
    sys.exit(code if isinstance(code, int) else 0)
