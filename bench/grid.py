"""The grid at its largest: 220 organisations over 12 months, of which about half were returned. In process."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.core import clock, migrating
from app.core.db import Database, Session
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.returns.models import Lifecycle, Outcome, Return
from app.submissions import service as submissions

ORGANISATIONS, MONTHS = 220, 12  # the largest
LPM, TEAM = "lpm@grid.example", "team@grid.example"


def database_of(folder: Path, number: int = ORGANISATIONS) -> Database:
    """A database with nothing but who owes and who has sent."""
    database = Database(f"sqlite:///{folder}/grid.db")
    migrating.upgrade(database)
    last = Period.containing(clock.today()).previous()
    with database.writing() as db:
        organisations.load_shipped(db, COMMAND_LINE)
        open_now = [one.code for one in organisations.everyone(db, None) if one.close_date is None]
        owing = sorted(open_now)[:number]
        months = list(Period.span(last.plus(1 - MONTHS), last))
        submissions.set_obligation(db, COMMAND_LINE, owing, months[0])
        db.add_all(_returns(owing, months))
        accounts.add_user(db, COMMAND_LINE, LPM, Role.LPM)
        accounts.add_user(db, COMMAND_LINE, TEAM, Role.DEBTORS_TEAM)
        _looked_after(db, owing)
    return database


def _returns(owing: list[str], months: list[Period]) -> Iterator[Return]:
    for place, code in enumerate(owing):
        for number, month in enumerate(months):
            if (place * 7 + number * 5) % 13 < 6:
                continue
            due = datetime.combine(month.next().first_day, datetime.min.time(), UTC) + timedelta(days=15)
            yield Return(
                organisation_code=code, period=str(month), lifecycle=Lifecycle.SUBMITTED, qualifies=True,
                outcome=Outcome.NIL if (place + number) % 9 == 0 else Outcome.ACCEPTED,
                submitted_at=due + timedelta(days=(place + number) % 8), ruleset="bench", reporting_day=month.last_day,
            )  # fmt: skip


def _looked_after(db: Session, owing: list[str]) -> None:
    """Twelve managers, each with a part of them."""
    for place, code in enumerate(owing):
        accounts.add_user(db, COMMAND_LINE, f"lpm-{place % 12}@grid.example", Role.LPM, code)
