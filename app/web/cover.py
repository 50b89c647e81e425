"""Who covers for a manager who is away: their own page, and the same for an administrator."""

from typing import Annotated

from fastapi import Response

from app.accounts import administering
from app.accounts import cover as covers
from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import Session
from app.core.errors import Refused
from app.http.deps import Id, Reading, Writing
from app.web.entries import Fault, Faults, chosen, day, gathered
from app.web.page_route import pages, to
from app.web.render import page
from app.web.users import Admin
from app.web.visit import May, Visit

cover = pages()
Manager = Annotated[Visit, May(Permission.PORTFOLIO_COVER)]


@cover.get("/account/cover")
def get_own_cover(visit: Manager, db: Reading) -> Response:
    return _shown(visit, db, visit.actor.id, None)


@cover.post("/account/cover")
def post_own_cover(visit: Manager, db: Writing) -> Response:
    return to("/account/cover", said=_take(visit, db, visit.actor.id))


@cover.get("/users/{user_id}/cover")
def get_cover(user_id: Id, visit: Admin, db: Reading) -> Response:
    return _shown(visit, db, user_id, administering.person(db, visit.actor, user_id))


@cover.post("/users/{user_id}/cover")
def post_cover(user_id: Id, visit: Admin, db: Writing) -> Response:
    administering.person(db, visit.actor, user_id)
    return to(f"/users/{user_id}/cover", said=_take(visit, db, user_id))


def _shown(visit: Visit, db: Session, user_id: str, person: administering.Person | None) -> Response:
    """Without a person it is one's own page."""
    found = covers.now_and_later(db, user_id, clock.today())
    others = [("", "Choose a person"), *((one.id, f"{one.name} ({one.email})") for one in covers.others(db, user_id))]
    return page(
        visit,
        "account/cover.html",
        person=person,
        address=visit.path,
        away=[one for one in found if one.away.id == user_id],
        covering=[one for one in found if one.covering.id == user_id],
        others=others,
    )


def _take(visit: Visit, db: Session, user_id: str) -> str:
    """Sets a cover, or ends the one whose button was pressed. Gives the notice."""
    if visit.entries.has("end"):
        covers.end_cover(db, visit.actor, user_id, visit.entries.text("end"))
        return "cover-ended"
    among = {one.id for one in covers.others(db, user_id)}
    covering = chosen(visit.entries, "covering", among, "Choose who covers")
    first, last = gathered(
        lambda: day(visit.entries, "first", "The first day"), lambda: day(visit.entries, "last", "The last day")
    )
    try:
        covers.set_cover(db, visit.actor, user_id, covering, first, last)
    except Refused as error:
        field = f"{error.field}-day" if error.field in ("first", "last") else error.field
        raise Faults(Fault(error.detail.removesuffix("."), field or "covering")) from None
    return "cover-set"
