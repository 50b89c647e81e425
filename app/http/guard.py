"""What a route requires of whoever calls it, and who is there: by a bearer token, or by the cookie of a browser session."""

import hmac
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.routing import APIRoute

from app.accounts import sessions
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.db import Database
from app.core.errors import Unavailable
from app.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Door(StrEnum):
    """What a page may require in place of a permission."""

    OPEN = "open"
    SIGNING_IN = "signing-in"  # the password was right; a code is still asked for
    SIGNED_IN = "signed-in"


Required = Permission | Door


class Requirement:
    """One thing that a route requires; a face's own kind gives the route what it found, and is its dependency."""

    def __init__(self, required: Required) -> None:
        self.required = required


def required_by(route: APIRoute) -> Required | None:
    """What a route declares in its signature."""
    for each in route.dependant.dependencies:
        if isinstance(each.call, Requirement):
            return each.call.required
    return None


@dataclass(frozen=True)
class Cookie:
    """The session cookie's name and manners: bound to this host and to https wherever the service is on https."""

    name: str
    secure: bool


def session_cookie(settings: Settings) -> Cookie:
    secure = urlsplit(settings.base_url).scheme == "https"
    return Cookie("__Host-session" if secure else "session", secure)


def session_token(request: Request) -> str:
    """What the browser holds, empty if nothing."""
    settings = request.app.state.settings
    assert isinstance(settings, Settings)
    return request.cookies.get(session_cookie(settings).name, "")[:200]


def address_of(request: Request) -> str:
    """The network address that a request comes from; behind a trusted proxy the one that it names."""
    return request.client.host if request.client else ""


def session_of(request: Request) -> sessions.Found | None:
    """The browser session, if one stands. Notes that it was used, at most once a minute, in a short session of its own.

    While the database takes nothing, whoever reads goes on, and it is noted the next time.
    """
    token = session_token(request)
    if not token:
        return None
    database = request.app.state.database
    assert isinstance(database, Database)
    with database.reading() as db:
        found = sessions.find(db, token)
    if found is not None and found.needs_touch:
        with suppress(Unavailable), database.writing_if_free() as db:
            sessions.touch(db, found.digest)
    return found


def form_token(settings: Settings, session: str) -> str:
    """The token that a form carries: it follows from the session, so a form of another session or site has another."""
    return hmac.new(settings.secret_key.get_secret_value().encode(), b"form:" + session.encode(), sha256).hexdigest()[
        :40
    ]


def is_own(request: Request, token: str) -> bool:
    """Whether a changing request comes from a page of ours: the session's token, and no word of the browser against it."""
    settings = request.app.state.settings
    assert isinstance(settings, Settings)
    right = form_token(settings, session_token(request))
    return not is_from_elsewhere(request) and hmac.compare_digest(right.encode(), token.encode("utf-8", "replace"))


def is_from_elsewhere(request: Request) -> bool:
    """What the browser says of the page that sent this; an older browser says its origin only, a program nothing."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


def is_allowed(actor: Actor, required: Required) -> bool:
    return actor.may(required) if isinstance(required, Permission) else True
