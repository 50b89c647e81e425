"""Hold a debt and release it again: the Debtors Team's answer to a doubt."""

from typing import Annotated

from fastapi import Response

from app.accounts.permissions import Permission
from app.debts import holds, queries
from app.http.deps import Id, Reading, Writing
from app.returns.histories import holds_of
from app.web.entries import needed
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

debt_holds = pages()
Holder = Annotated[Visit, May(Permission.DEBT_HOLD)]


@debt_holds.get("/debts/{debt_id}/hold")
def get_hold(debt_id: Id, visit: Holder, db: Reading) -> Response:
    debt = queries.get_debt(db, visit.actor, debt_id, Permission.DEBT_HOLD)
    holds.check_free_of_hand(db, debt)
    return page(visit, "debts/hold.html", debt=debt)


@debt_holds.post("/debts/{debt_id}/hold")
def post_hold(debt_id: Id, visit: Holder, db: Writing) -> Response:
    reason = needed(visit.entries, "reason", "Say why the debt is held", holds.LONGEST_REASON)
    holds.hold(db, visit.actor, debt_id, reason)
    return to(f"/debts/{debt_id}", said="debt-held")


@debt_holds.get("/debts/{debt_id}/unhold")
def get_unhold(debt_id: Id, visit: Holder, db: Reading) -> Response:
    debt = queries.get_debt(db, visit.actor, debt_id, Permission.DEBT_HOLD)
    holds.to_end(db, debt)
    return page(visit, "debts/unhold.html", debt=debt, holds=holds_of(db, debt))


@debt_holds.post("/debts/{debt_id}/unhold")
def post_unhold(debt_id: Id, visit: Holder, db: Writing) -> Response:
    reason = needed(visit.entries, "reason", "Say why the debt is released from hold", holds.LONGEST_REASON)
    holds.unhold(db, visit.actor, debt_id, reason)
    return to(f"/debts/{debt_id}", said="debt-released")
