"""The nil return: nothing to report for a month, so that silence is not mistaken for it."""

from fastapi import Request, Response

from app.accounts.permissions import Permission
from app.http.deps import Reading, Writing
from app.returns.nil import nil_return
from app.web.entries import Fault, Faults
from app.web.page_route import pages, to
from app.web.render import page
from app.web.uploading import Sender, choice_of

nil = pages()


@nil.get("/returns/nil")
def get_nil(visit: Sender, db: Reading, organisation: str = "", period: str = "") -> Response:
    if not period:
        return to("/returns/upload", **({"organisation": organisation} if organisation else {}))
    chosen = choice_of(db, visit, organisation, period)
    on_behalf = visit.actor.is_on_behalf(Permission.RETURN_UPLOAD, chosen.organisation)
    return page(visit, "returns/nil.html", chosen=chosen, on_behalf=on_behalf)


@nil.post("/returns/nil")
def post_nil(visit: Sender, request: Request, db: Writing, organisation: str = "", period: str = "") -> Response:
    """Sent twice it is the same nil return."""
    chosen = choice_of(db, visit, organisation, period)
    officer = visit.entries.text("declaring_officer")
    on_behalf = visit.actor.is_on_behalf(Permission.RETURN_UPLOAD, chosen.organisation)
    if on_behalf and not 0 < len(officer) <= 120:
        raise Faults(Fault("Name the officer of the trust who makes the declaration", "declaring_officer"))
    received = nil_return(
        db,
        visit.actor,
        chosen.organisation,
        chosen.period,
        request.state.received_at,
        officer=officer if on_behalf else None,
    )
    assert received.return_ is not None
    return to(f"/returns/{received.return_.id}", said="submitted")
