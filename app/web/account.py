"""Your account: what is known of you, the password, the codes, and where you are signed in."""

from fastapi import Request, Response
from markupsafe import Markup

from app.accounts import enrolling, grants, identities, own_account, second_factor, sessions, tokens
from app.core.errors import Refused
from app.http.deps import Reading, Writing
from app.http.guard import address_of
from app.web.entries import Fault, Faults, needed
from app.web.page_route import Again, pages, to
from app.web.render import page
from app.web.signing_in import password_in
from app.web.visit import SignedIn

account = pages()
WRONG = Fault(own_account.NOT_YOURS, "current")


@account.get("/account")
def get_account(visit: SignedIn, db: Reading) -> Response:
    user = own_account.account_of(db, visit.actor)
    return page(
        visit,
        "account/account.html",
        user=user,
        grants=grants.of_user(db, user.id),
        has_codes=second_factor.has(user),
        has_identity=bool(identities.of_user(db, user.id)),
        browsers=len(sessions.standing(db, visit.actor, visit.token)),
        tokens=len(tokens.standing(db, user.id)),
    )


@account.get("/account/password")
def get_password(visit: SignedIn, db: Reading) -> Response:
    has_password = own_account.account_of(db, visit.actor).password_hash is not None
    return page(visit, "account/password.html", has_password=has_password)


@account.post("/account/password")
def post_password(visit: SignedIn, db: Writing, request: Request) -> Response:
    user = own_account.account_of(db, visit.actor)
    current = password_in(visit, "current", "Enter your password of now")
    password = password_in(visit, "password", "Enter a new password")
    if password != visit.entries.raw("again"):
        raise Faults(Fault("The two passwords differ. Enter the same password twice", "again"))
    if not own_account.knows_password(db, user, current, address_of(request)):
        return Again(WRONG)
    try:
        own_account.change_password(db, visit.actor, visit.token, password)
    except Refused as error:
        raise Faults(Fault(error.detail, "password")) from None
    return to("/account", said="own-password-changed")


@account.get("/account/phone")
def get_phone(visit: SignedIn, db: Reading) -> Response:
    return page(visit, "account/phone.html", phone=own_account.account_of(db, visit.actor).phone)


@account.post("/account/phone")
def post_phone(visit: SignedIn, db: Writing) -> Response:
    try:
        own_account.change_phone(db, visit.actor, visit.entries.text("phone"))
    except Refused as error:
        raise Faults(Fault(error.detail.removesuffix("."), "phone")) from None
    return to("/account", said="phone-changed")


@account.get("/account/codes")
def get_codes(visit: SignedIn, db: Reading) -> Response:
    user = own_account.account_of(db, visit.actor)
    proposal = enrolling.proposed(db, user, visit.token)
    svg = Markup(second_factor.qr_svg(proposal.uri)) if proposal else ""  # noqa: S704 - our own picture  # nosec B704
    return page(
        visit,
        "account/codes.html",
        has_password=user.password_hash is not None,
        has_codes=second_factor.has(user),
        proposal=proposal,
        svg=svg,
    )


@account.post("/account/codes")
def post_codes(visit: SignedIn, db: Writing, request: Request) -> Response:
    """Begins, or takes the first code. Whoever finds a browser open can do neither: the password is asked each time."""
    user = own_account.account_of(db, visit.actor)
    begins = visit.entries.has("begin")
    code = "" if begins else needed(visit.entries, "code", "Enter the code that your app shows", 20)
    current = password_in(visit, "current", "Enter your password")
    if not own_account.knows_password(db, user, current, address_of(request)):
        return Again(WRONG)
    if begins:
        enrolling.propose(db, visit.token)
        return to("/account/codes")
    if not enrolling.change(db, user, visit.token, code):
        return Again(
            Fault("That code is not the one your app should show now. Wait for the next code and enter it", "code")
        )
    return to("/account", said="codes-set")


@account.get("/account/sessions")
def get_sessions(visit: SignedIn, db: Reading) -> Response:
    browsers, held = sessions.standing(db, visit.actor, visit.token), tokens.standing(db, visit.actor.id)
    return page(visit, "account/sessions.html", browsers=browsers, tokens=len(held))


@account.post("/account/sessions")
def post_sessions(visit: SignedIn, db: Writing) -> Response:
    own_account.sign_out_elsewhere(db, visit.actor, visit.token)
    return to("/account/sessions", said="others-ended")


@account.get("/account/tokens")
def get_tokens(visit: SignedIn, db: Reading) -> Response:
    return page(visit, "account/tokens.html", tokens=tokens.standing(db, visit.actor.id))


@account.post("/account/tokens")
def post_tokens(visit: SignedIn, db: Writing) -> Response:
    tokens.end(db, visit.actor, visit.entries.text("token"), visit.actor.id)
    return to("/account/tokens", said="token-ended")
