"""The program that commands are put into: all of them, or one that is to start quickly."""

from importlib import import_module

import typer


def program() -> typer.Typer:
    return typer.Typer(
        name="debtor-returns",
        help="Monthly returns of overseas patients' unpaid NHS debts: the service and its tools. "
        "Settings come from the environment (DEBTOR_RETURNS_…).",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def with_one(module: str) -> typer.Typer:
    """The program with the commands of one module. The others are never loaded."""
    cli = program()
    cli.callback()(_as_in_the_whole)
    import_module(f"app.cli.{module}").add_to(cli)
    return cli


def _as_in_the_whole() -> None:
    """With a callback a single command keeps its name."""
