"""Everything held on a person, for a request for access: asked for with its reference, shown as a page or given as a file."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Response

from app.access_requests import document, service
from app.access_requests.document import Output
from app.access_requests.record import Record
from app.accounts.permissions import Permission
from app.debts import queries
from app.debts.debtors import debtor
from app.http.deps import Id, Reading, Store
from app.http.downloads import download
from app.web.entries import chosen, gathered, needed
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit

access_requests = pages()
Team = Annotated[Visit, May(Permission.ACCESS_REQUEST_ANSWER)]
Trust = Annotated[Visit, May(Permission.ACCESS_REQUEST_ANSWER_OWN)]
PAGE = "page"
OUTPUTS = (
    (PAGE, "A page here, to read or print"),
    (Output.HTML.value, "A document, one file to print or send"),
    (Output.JSON.value, "Data (JSON)"),
)
_KINDS = {Output.HTML: "text/html; charset=utf-8", Output.JSON: "application/json"}


@access_requests.get("/debtors/{debtor_id}/everything")
def get_debtors(debtor_id: Id, visit: Team, db: Reading) -> Response:
    found = debtor(db, visit.actor, debtor_id)
    back = f"/debtors/{debtor_id}"
    return page(
        visit, "access_requests/ask.html", path=f"{back}/everything", back=back, debts=len(found.debts), outputs=OUTPUTS
    )


@access_requests.post("/debtors/{debtor_id}/everything")
def post_debtors(debtor_id: Id, visit: Team, store: Store) -> Response:
    with store.reading() as db:
        debtor(db, visit.actor, debtor_id)
    return _answered(
        visit, lambda request: service.of_debtor(store, visit.actor, debtor_id, request), f"/debtors/{debtor_id}"
    )


@access_requests.get("/debts/{debt_id}/everything")
def get_debts(debt_id: Id, visit: Trust, db: Reading) -> Response:
    queries.get_debt(db, visit.actor, debt_id, Permission.ACCESS_REQUEST_ANSWER_OWN)
    back = f"/debts/{debt_id}"
    return page(visit, "access_requests/ask.html", path=f"{back}/everything", back=back, debts=None, outputs=OUTPUTS)


@access_requests.post("/debts/{debt_id}/everything")
def post_debts(debt_id: Id, visit: Trust, store: Store) -> Response:
    with store.reading() as db:
        queries.get_debt(db, visit.actor, debt_id, Permission.ACCESS_REQUEST_ANSWER_OWN)
    return _answered(
        visit, lambda request: service.of_own_debt(store, visit.actor, debt_id, request), f"/debts/{debt_id}"
    )


def _answered(visit: Visit, make: Callable[[str], Record], back: str) -> Response:
    """Posted and not opened by an address: nothing of the request stands in one, and no link takes it out again."""
    request, output = gathered(
        lambda: needed(visit.entries, "request", "Enter the reference of the request", service.LONGEST_REQUEST),
        lambda: chosen(visit.entries, "output", (value for value, _ in OUTPUTS), "Choose how you want it"),
    )
    record = make(request)
    if output == PAGE:
        return page(visit, "access_requests/everything.html", body=document.as_body(record), back=back)
    kind = Output(output)
    return download(document.written(record, kind), f"everything-held.{kind}", _KINDS[kind])
