"""Months with their due dates: when each opens, falls due and closes, moving a due date and taking that back."""

from datetime import date
from typing import Annotated

from fastapi import Response

from app.accounts import service as accounts
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import Conflict, NotFound
from app.http import deps
from app.http.deps import Reading, Writing
from app.periods import service
from app.periods.calendar import Period
from app.submissions import due_dates
from app.web.entries import day, gathered, needed
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

periods = pages()
Keeper = Annotated[Visit, May(Permission.PERIOD_MANAGE)]


@periods.get("/periods")
def get_periods(visit: Keeper, db: Reading) -> Response:
    today = clock.today()
    months = due_dates.looked_after(today)
    due, moved = service.due_dates(db, months), service.moved(db, months)
    return page(
        visit,
        "periods/list.html",
        rows=[(one, due[one], service.closes_on(one), moved.get(one)) for one in months],
        current=Period.containing(today),
        doers=accounts.names(db, [one.set_by for one in moved.values()]),
    )


@periods.get("/periods/{period}")
def get_period(period: deps.Month, visit: Keeper, db: Reading) -> Response:
    month = _looked_after(period)
    override = service.moved(db, [month]).get(month)
    return page(
        visit,
        "periods/period.html",
        month=month,
        due_on=service.due_on(db, month),
        closes=service.closes_on(month),
        usual=service.usual_due_on(month),
        override=override,
        doers=accounts.names(db, [override.set_by] if override else []),
    )


@periods.post("/periods/{period}")
def post_period(period: deps.Month, visit: Keeper, db: Writing) -> Response:
    """Shows what the other due date would do; sent from that page, it is moved."""
    month = _looked_after(period)
    due, reason = gathered(
        lambda: day(visit.entries, "due", "The due date"),
        lambda: needed(visit.entries, "reason", "Give the reason", service.LONGEST_REASON),
    )
    assert isinstance(due, date) and isinstance(reason, str)
    if visit.entries.text("sure") == due.isoformat():
        due_dates.move(db, visit.actor, month, due, reason)
        return to("/periods", said="due-date-moved")
    due_dates.check(db, month, due, reason)
    return page(
        visit, "periods/sure.html", month=month, was=service.due_on(db, month), due=due, reason=reason,
        effect=due_dates.effect(db, month, due),
    )  # fmt: skip


@periods.get("/periods/{period}/reset")
def get_reset(period: deps.Month, visit: Keeper, db: Reading) -> Response:
    month = _looked_after(period)
    if month not in service.moved(db, [month]):
        raise Conflict(f"The due date of {month.label} is not moved, so there is nothing to take back.")
    usual = service.usual_due_on(month)
    return page(
        visit, "periods/reset.html", month=month, was=service.due_on(db, month), due=usual,
        effect=due_dates.effect(db, month, usual),
    )  # fmt: skip


@periods.post("/periods/{period}/reset")
def post_reset(period: deps.Month, visit: Keeper, db: Writing) -> Response:
    due_dates.take_back(db, visit.actor, _looked_after(period))
    return to("/periods", said="due-date-taken-back")


def _looked_after(text: str) -> Period:
    """Raises NotFound (404) for a month that is not in the list."""
    month = Period.parse(text)
    if month not in due_dates.looked_after(clock.today()):
        raise NotFound
    return month
