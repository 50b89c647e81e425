"""Signing in and out: password, one-time code, and setting up the codes."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from app.accounts import enrolling, rate_limits, second_factor, sessions, sign_in
from app.accounts.models import Step, User
from app.core.db import Session
from app.core.errors import NotSignedIn
from app.http.deps import Reading, Writing
from app.http.guard import address_of
from app.web.entries import Fault, Faults, gathered, needed
from app.web.page_route import STEPS, Again, pages, to
from app.web.render import drop_session, page, set_session
from app.web.visit import Anybody, SigningIn, Visit

signing_in = pages()


@signing_in.get("/sign-in")
def get_sign_in(visit: Anybody, request: Request) -> Response:
    if visit.is_signed_in and not visit.faults:
        return to("/")
    return page(visit, "sign_in/sign_in.html", next=asked_for(request), providers=visit.settings.oidc)


@signing_in.post("/sign-in")
def post_sign_in(visit: Anybody, request: Request, db: Writing) -> Response:
    email, password = gathered(
        lambda: needed(visit.entries, "email", "Enter your e-mail address", 254),
        lambda: password_in(visit, "password", "Enter your password"),
    )
    rate_limits.hit(db, rate_limits.SIGN_INS, rate_limits.of_address(address_of(request)))
    attempt = sign_in.by_password(db, email, password, address_of(request))
    if attempt.user is None or attempt.step is None:
        return _refused(attempt, "email")
    return signed_in(db, visit, attempt.user, attempt.step, visit.entries.text("next"))


@signing_in.get("/sign-in/code")
def get_code(visit: SigningIn, request: Request) -> Response:
    return page(visit, "sign_in/code.html", next=asked_for(request))


@signing_in.post("/sign-in/code")
def post_code(visit: SigningIn, request: Request, db: Writing) -> Response:
    code = needed(visit.entries, "code", "Enter the code that your app shows", 20)
    attempt = sign_in.by_code(db, _user(db, visit), code, address_of(request))
    if attempt.user is None:
        return _refused(attempt, "code")
    return _gone_on(visit, sessions.promote(db, visit.token, Step.IN), Step.IN, visit.entries.text("next"))


@signing_in.get("/sign-in/set-up")
def get_set_up(visit: SigningIn, db: Reading, request: Request) -> Response:
    proposal = enrolling.proposed(db, _user(db, visit), visit.token)
    if proposal is None:
        raise NotSignedIn
    svg = Markup(second_factor.qr_svg(proposal.uri))  # noqa: S704 - our own picture, which holds no text of anybody's  # nosec B704
    return page(visit, "sign_in/set_up.html", svg=svg, secret=proposal.secret, next=asked_for(request))


@signing_in.post("/sign-in/set-up")
def post_set_up(visit: SigningIn, db: Writing) -> Response:
    code = needed(visit.entries, "code", "Enter the code that your app shows", 20)
    if not enrolling.enrol(db, _user(db, visit), visit.token, code):
        raise Faults(
            Fault("That code is not the one your app should show now. Wait for the next code and enter it", "code")
        )
    return _gone_on(visit, sessions.promote(db, visit.token, Step.IN), Step.IN, visit.entries.text("next"))


@signing_in.get("/sign-out")
def get_sign_out(visit: Anybody) -> Response:
    return page(visit, "sign_in/sign_out.html") if visit.found else to("/sign-in")


@signing_in.post("/sign-out")
def post_sign_out(visit: Anybody, db: Writing) -> Response:
    if visit.found is not None:
        sessions.end(db, visit.found.actor, visit.token)
    response = to("/sign-in", said="signed-out")
    drop_session(response, visit)
    return response


def password_in(visit: Visit, name: str, otherwise: str) -> str:
    password = visit.entries.raw(name)
    if not password:
        raise Faults(Fault(otherwise, name))
    return password


def signed_in(db: Session, visit: Visit, user: User, step: Step, back: str = "") -> Response:
    """Starts a session of its own for each sign-in; the one that stood in this browser ends."""
    if visit.found is not None:
        sessions.end(db, visit.found.actor, visit.token)
    return _gone_on(visit, sessions.start(db, user, step), step, back)


def _gone_on(visit: Visit, token: str, step: Step, back: str) -> Response:
    """On to the next step, or to the page that somebody wanted before signing in."""
    path, back = STEPS.get(step), _here(back)
    onward = {"next": back} if back else {}
    response = RedirectResponse(back or "/", 303) if path is None else to(path, **onward)
    set_session(response, visit, token)
    return response


def _refused(attempt: sign_in.Attempt, name: str) -> Again:
    """The form again. A try that was not looked at is told as such to programs too."""
    fault = Fault(attempt.words, name)
    return Again(fault, status=429, headers={"Retry-After": str(attempt.wait)}) if attempt.wait else Again(fault)


def _user(db: Session, visit: Visit) -> User:
    found = db.get(User, visit.found.user.id) if visit.found else None
    if found is None:
        raise NotSignedIn
    return found


def asked_for(request: Request) -> str:
    """The page that somebody wanted before signing in."""
    return _here(request.query_params.get("next", ""))


def _here(path: str) -> str:
    """The path if it is one of this service, else nothing: a link to us must not lead elsewhere."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and "\\" not in path
    return path if is_ours and path.isascii() and path.isprintable() and len(path) <= 500 else ""
