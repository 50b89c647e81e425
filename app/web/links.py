"""One-time links from mails: an invitation, and a new password for somebody who has forgotten the old one."""

from typing import Annotated

from fastapi import BackgroundTasks, Path, Request, Response

from app.accounts import links, rate_limits, sign_in
from app.accounts.models import Purpose
from app.core.errors import Refused
from app.http.deps import Reading, Store, Writing
from app.http.guard import address_of
from app.web.entries import Fault, Faults, needed
from app.web.page_route import pages, to
from app.web.render import page
from app.web.signing_in import password_in, signed_in
from app.web.visit import Anybody, Visit

one_time_links = pages()
Token = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,100}$")]


@one_time_links.get("/reset-password")
def get_ask_reset(visit: Anybody) -> Response:
    return page(visit, "sign_in/ask_reset.html")


@one_time_links.post("/reset-password")
def post_ask_reset(visit: Anybody, request: Request, store: Store, afterwards: BackgroundTasks) -> Response:
    """The same answer, after the same time, whether there is such an account or not: that is looked up afterwards."""
    email = needed(visit.entries, "email", "Enter your e-mail address", 254)
    with store.writing() as db:
        rate_limits.hit(db, rate_limits.RESETS, rate_limits.of_address(address_of(request)))
        may = links.ask_reset(db, email)
    if may:
        afterwards.add_task(links.send_asked, store, email, visit.settings.base_url)
    return to("/sign-in", said="reset-asked")


@one_time_links.get("/welcome/{token}")
def get_invitation(token: Token, visit: Anybody, db: Reading) -> Response:
    return _choose(token, visit, links.find(db, token), Purpose.INVITE)


@one_time_links.post("/welcome/{token}")
def post_invitation(token: Token, visit: Anybody, db: Writing) -> Response:
    """Takes the password; setting up the codes comes next, or a code from those that are set up."""
    _still_good(links.find(db, token), Purpose.INVITE)
    user = links.use(db, token, _twice(visit))
    return signed_in(db, visit, user, sign_in.next_step(user))


@one_time_links.get("/reset-password/{token}")
def get_reset(token: Token, visit: Anybody, db: Reading) -> Response:
    return _choose(token, visit, links.find(db, token), Purpose.RESET)


@one_time_links.post("/reset-password/{token}")
def post_reset(token: Token, visit: Anybody, db: Writing) -> Response:
    _still_good(links.find(db, token), Purpose.RESET)
    links.use(db, token, _twice(visit))
    return to("/sign-in", said="password-changed")


def _choose(token: str, visit: Visit, link: links.Link | None, purpose: Purpose) -> Response:
    good = link if link is not None and link.purpose is purpose else None
    values = {"link": good, "token": token, "providers": visit.settings.oidc}
    return page(visit, "sign_in/choose_password.html", 200 if good else 404, **values)


def _still_good(link: links.Link | None, purpose: Purpose) -> None:
    if link is None or link.purpose is not purpose:
        raise Refused("This link does not work any more. Ask for a new one")


def _twice(visit: Visit) -> str:
    password = password_in(visit, "password", "Enter a password")
    if password != visit.entries.raw("again"):
        raise Faults(Fault("The two passwords differ. Enter the same password twice", "again"))
    return password
