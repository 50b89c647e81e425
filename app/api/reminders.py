"""Reminders of a month: what was sent and what is to come, and sending them by hand. No personal data of debtors."""

from typing import Annotated

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import PAGE, Cursor, Limit, May, PeriodText, Reading, Writing, router
from app.api.shapes.reminders import RemindedOut, ReminderOut, RemindIn
from app.api.shapes.values import Listing
from app.core import clock
from app.periods.calendar import Period
from app.reminders.overview import overview
from app.reminders.sending import send_by_hand

reminders = router("reminders")


@reminders.get("/reminders", summary="Who was or will be reminded of a month")
def get_reminders(
    actor: Annotated[Actor, May(Permission.REMINDER_READ)],
    db: Reading,
    period: PeriodText,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> Listing[ReminderOut]:
    found = overview(db, actor, Period.parse(period), clock.today(), limit, cursor)
    return Listing(items=[ReminderOut.of(one) for one in found.items], next=found.next)


@reminders.post("/reminders", status_code=201, summary="Remind organisations that still owe a month, once a day")
def post_reminders(sent: RemindIn, actor: Annotated[Actor, May(Permission.REMINDER_SEND)], db: Writing) -> RemindedOut:
    done = send_by_hand(db, actor, Period.parse(sent.period), sent.organisations, clock.today())
    return RemindedOut.of(done)
