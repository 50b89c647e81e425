"""Reminding by itself: what the worker does again and again, for every month whose time it is."""

from collections.abc import Iterator
from datetime import date

from app.accounts.access import WORKER
from app.core import clock
from app.core.db import Database
from app.core.turns import turn_if_free
from app.periods import service as periods
from app.periods.calendar import Period
from app.reminders.planning import plan, timetable
from app.reminders.rules.occasions import due_today
from app.reminders.rules.working_days import NATIONS
from app.reminders.sending import send_due
from app.settings import get_settings


def remind(store: Database) -> Iterator[str]:
    """Puts the reminders that are due into the outbox, month by month, and tells a line for each month with any.

    It looks first and writes only when somebody is to be reminded: it comes by every quarter of an hour. Of several
    workers one does so.
    """
    if get_settings().reminders == "off":
        return
    today = clock.today()
    for period in _months(store, today):
        with store.reading() as db:
            is_due = any(one.to_reach for one in plan(db, period, today))
        if is_due:
            with store.writing() as db:
                done = send_due(db, WORKER, period, today) if turn_if_free(db, "reminding") else []
            if done:
                yield in_words(period, len(done), sum(number for _, number in done))


def in_words(period: Period, organisations: int, mails: int) -> str:
    return (
        f"Reminders for {period.label}: {organisations:,} organisation{'' if organisations == 1 else 's'}, "
        f"{mails:,} mail{'' if mails == 1 else 's'} in the outbox."
    )


def _months(store: Database, today: date) -> list[Period]:
    """The open months for which some occasion has come in some nation: hardly ever more than one or two."""
    months = periods.open_periods(today)
    with store.reading() as db:
        due = periods.due_dates(db, months)
    return [
        month for month in months
        if any(due_today(timetable(month, due[month], nation), today) for nation in NATIONS)
    ]  # fmt: skip
