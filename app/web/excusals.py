"""Excusing an organisation from one month's return, by whoever looks after it, and taking that back."""

from typing import Annotated

from fastapi import Response

from app.accounts import service as accounts
from app.accounts.permissions import Permission
from app.http.deps import Month, Reading, Writing
from app.organisations import service as register
from app.periods.calendar import Period
from app.submissions import excusals as service
from app.submissions.rules.state import RECEIVED
from app.web.entries import needed
from app.web.organisations import Code
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

excusals = pages()
Excuser = Annotated[Visit, May(Permission.MONTH_EXCUSE)]


@excusals.get("/organisations/{code}/excuse/{period}")
def get_excuse(code: Code, period: Month, visit: Excuser, db: Reading) -> Response:
    month = service.month(db, visit.actor, code, Period.parse(period))
    return page(
        visit,
        "excusals/excuse.html",
        month=month,
        is_received=month.state in RECEIVED,
        name=register.names(db, [code])[code],
        doers=accounts.names(db, [month.excusal.excused_by] if month.excusal else []),
    )


@excusals.post("/organisations/{code}/excuse/{period}")
def post_excuse(code: Code, period: Month, visit: Excuser, db: Writing) -> Response:
    month = service.month(db, visit.actor, code, Period.parse(period)).period
    reason = needed(visit.entries, "reason", "Give the reason", service.LONGEST_REASON)
    service.excuse(db, visit.actor, code, month, reason)
    return to(f"/organisations/{code}", said="month-excused")


@excusals.post("/organisations/{code}/excuse/{period}/end")
def post_end(code: Code, period: Month, visit: Excuser, db: Writing) -> Response:
    service.no_longer(db, visit.actor, code, Period.parse(period))
    return to(f"/organisations/{code}", said="month-owed-again")
