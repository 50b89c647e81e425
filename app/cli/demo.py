"""The demo: loads a year of invented returns, shows the way in, and serves until stopped."""

from collections import Counter
from typing import Annotated

import typer
from tqdm import tqdm

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.cli import serving
from app.cli.database import made, must_open
from app.core import clock
from app.core.db import Database, Session
from app.core.paging import LARGEST_PAGE
from app.debts import queries
from app.debts.filters import DebtFilter
from app.demo import database as demo_database
from app.demo.accounts import ADMIN, BORDER, MANAGER, PASSWORD, TEAM, officer, with_password
from app.demo.database import Stage
from app.demo.released import with_release
from app.demo.trusts import FIRST, trusts
from app.demo.year import Year, year_before
from app.periods import service as periods
from app.periods.calendar import Period
from app.settings import run_with
from app.submissions.obligations import obligations

HOST = "127.0.0.1"


def add_to(cli: typer.Typer) -> None:
    cli.command("demo")(demo)


def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to serve on.")] = 8000,
    number: Annotated[int, typer.Option("--trusts", min=1, max=200, help="How many organisations owe returns.")] = 160,
    months: Annotated[int, typer.Option(min=1, max=36, help="How many months of returns to load.")] = 12,
    reset: Annotated[bool, typer.Option("--reset", help="Load it all anew, even if it is there already.")] = False,
) -> None:
    """Serve a demo with a year of invented returns, loaded through the real upload path. The next start keeps it."""
    settings = demo_database.settings(port)
    run_with(settings)
    serving.port_is_free(HOST, port)
    demo_database.may_be_written(settings.database_url)
    with made() as database:
        must_open(database)
        if (stage := demo_database.stage(database)) is not Stage.WHOLE or reset:
            if stage is Stage.HALF:
                typer.echo("An earlier run was stopped halfway, so the demo is loaded anew.")
            _load(database, number, months)
        else:
            typer.echo("The demo's data is there already; --reset loads it anew.")
        _show_the_way(database, settings.base_url)
    serving.serve(HOST, port, workers=1)


def _load(database: Database, number: int, months: int) -> None:
    demo_database.clear(database)
    span = year_before(Period.containing(clock.today()), months)
    typer.echo(f"Loading returns of {number} organisations for {months} months, {span[0].label} to {span[-1].label}, "
               "each as its trust would send it. All people in it are invented.")  # fmt: skip
    actors = demo_database.prepare(database, number, span[0])
    year = Year(database, trusts(list(actors)), span, actors)
    sent: Counter[Period] = Counter()
    with tqdm(total=len(year), unit="file", disable=None) as progress:
        for sending in with_release(database, year):
            progress.update(sending.is_planned)
            month = Period.containing(clock.uk_date(sending.at))
            if progress.disable and sent and month not in sent:
                typer.echo(f"  {month.previous().label}: {sent[month.previous()]} files")
            sent[month] += 1
    demo_database.finish(database, list(actors))
    typer.echo(f"{sent.total()} files sent.")


def _show_the_way(database: Database, address: str) -> None:
    """The accounts with their password, a tour of the pages, and one of the API in three lines."""
    with database.writing() as db:
        owing = list(dict.fromkeys(one.organisation_code for one in obligations(db, None)))
        month = Period.containing(clock.today()).previous()
        state = "missing" if periods.due_on(db, month) < clock.today() else "not_due"
        example = _a_debt_to_check(db)
        trust, team = (accounts.create_token(db, COMMAND_LINE, email) for email in (officer(FIRST), TEAM))
    typer.echo(f"\nAccounts, all with the password {PASSWORD}")
    for account in with_password(owing):
        typer.echo(f"  {account.email:36}{account.words}")
    api = f"{address}/api/v1"
    as_trust, as_team = (f'curl -sS -H "Authorization: Bearer {token}"' for token in (trust, team))
    typer.echo(f"""
A tour of the pages, at {address}
  {officer(FIRST)}: download the template for {month.label}, upload it, read the check, submit it.
  {TEAM}: see who has not submitted, search the register, prepare the next release.
  {MANAGER}: see your month: who has not submitted, who never does, whom you last spoke to. Log a call.
  {ADMIN}: invite somebody, and read the invitation in the outbox.
  {BORDER}: check a debt{example}.

The same by the API, described at {address}/api/openapi.json; the tokens are shown only now
  {as_trust} -o {FIRST}.xlsx "{api}/template?organisation={FIRST}&period={month}"
  {as_trust} -F file=@{FIRST}.xlsx -F organisation={FIRST} -F period={month} -F declaration=true {api}/returns
  {as_team} "{api}/submissions?period={month}&state={state}"

Serving on {address} (Ctrl-C stops it)""")


def _a_debt_to_check(db: Session) -> str:
    """An invented person whom a status check finds, for the tour."""
    held = queries.list_debts(db, COMMAND_LINE, DebtFilter(organisation=FIRST), LARGEST_PAGE, None).items
    known = next((debt for debt in held if debt.passport_number and debt.date_of_birth), None)
    if known is None:
        return ""
    return f", for example {known.family_name}, born {known.date_of_birth:%-d %B %Y}, passport {known.passport_number}"
