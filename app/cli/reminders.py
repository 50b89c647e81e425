"""Reminding from the command line: shows who is due a reminder of a month, and puts it into the outbox when told to."""

from typing import Annotated

import typer

from app.accounts.access import COMMAND_LINE
from app.cli.database import opened
from app.core import clock
from app.core.errors import Refused
from app.mail_settings import Mail
from app.periods import service as periods
from app.periods.calendar import Period
from app.reminders.automatic import in_words
from app.reminders.planning import Planned, plan
from app.reminders.sending import send_due
from app.settings import get_settings

_WAYS = {
    Mail.OUTBOX: "No channel for mail is set (DEBTOR_RETURNS_MAIL), so they stay in the outbox: read them on /outbox.",
    Mail.SMTP: "The worker sends them by SMTP.",
    Mail.NOTIFY: "The worker sends them through GOV.UK Notify.",
}


def add_to(cli: typer.Typer) -> None:
    cli.command("remind")(remind)


def remind(
    period: Annotated[str, typer.Option("--period", help="The month of the return, for example 2026-10.")],
    send: Annotated[bool, typer.Option("--send", help="Put the reminders that are due into the outbox.")] = False,
) -> None:
    """Show who still owes a month's return and which reminder is due, or send those that are due. Never one twice."""
    month, today = Period.parse(period), clock.today()
    if not periods.is_open(month, today):
        raise Refused(f"{month.label} takes no returns today. Choose a month of the last year, up to the current one.")
    with opened() as database:
        if send:
            with database.writing() as db:
                done = send_due(db, COMMAND_LINE, month, today)
            for one, number in done:
                typer.echo(f"{_named(one)}: {_counted(number, 'mail')}, {_occasion(one)}")
            typer.echo(in_words(month, len(done), sum(number for _, number in done)))
            if done:
                typer.echo(_WAYS[get_settings().mail])
            return
        with database.reading() as db:
            found, due_on = plan(db, month, today), periods.due_on(db, month)
    typer.echo(f"{month.label} is due on {due_on:%-d %B %Y}. {_counted(len(found), 'organisation')} still to send it.")
    for one in found:
        typer.echo(f"{_named(one)}: {_what(one)}")
    due = sum(bool(one.to_reach) for one in found)
    typer.echo(f"To remind now: {due:,}. Nothing was sent{'; --send does it' if due else ''}.")


def _named(one: Planned) -> str:
    return f"{one.organisation} {one.cell.name}"


def _occasion(one: Planned) -> str:
    return one.now.words if one.now else ""


def _what(one: Planned) -> str:
    """What is to be done about one organisation today, else what comes next."""
    if not one.recipients:
        return "nobody to write to; add an account or an office with an e-mail address"
    if one.to_reach:
        return f"remind now, {_occasion(one)}, {_counted(len(one.to_reach), 'recipient')}"
    last = f"reminded on {one.sent[0].on:%-d %B %Y}" if one.sent else "not reminded yet"
    return f"{last}; next on {one.next[1]:%-d %B %Y}, {one.next[0].words}" if one.next else f"{last}; none to come"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
