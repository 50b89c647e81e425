"""A manager who reminded the portfolio of the month before last, a week after it was due. Nothing else was reminded."""

from datetime import datetime, time, timedelta

from app.accounts.access import Actor
from app.core import clock
from app.core.db import Session
from app.periods import service as periods
from app.periods.calendar import Period
from app.reminders.sending import Outcome, send_by_hand

_A_WEEK = timedelta(days=7)


def remind_some(db: Session, manager: Actor) -> Outcome:
    month = Period.containing(clock.today()).plus(-2)
    day = periods.due_on(db, month) + _A_WEEK
    with clock.at(datetime.combine(day, time(9, 30), clock.UK)):
        return send_by_hand(db, manager, month, None, day)
