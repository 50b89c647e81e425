"""One request of one person to one page: who it is, what was entered, what was wrong with it, and what a page requires."""

import secrets
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request

from app.accounts import sessions
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.http import guard
from app.http.guard import Door
from app.settings import Settings
from app.web.entries import Entries, Fault


@dataclass
class Visit:
    """`entries` and `faults` are there when a form is shown again; `notice` names what was just done."""

    settings: Settings
    path: str
    address: str
    token: str
    found: sessions.Found | None = None
    entries: Entries = field(default_factory=Entries)
    faults: tuple[Fault, ...] = ()
    notice: str = ""
    is_new: bool = False
    needs_cookie: bool = False

    @property
    def is_signed_in(self) -> bool:
        return self.found is not None and self.found.step is sessions.Step.IN

    @property
    def actor(self) -> Actor:
        """Raises an error of ours on a page that anybody may open: such a page must not ask."""
        assert self.found is not None
        return self.found.actor

    @property
    def has_manager(self) -> bool:
        """A trust's people have a Local Partnership Manager to turn to."""
        return self.is_signed_in and self.may(Permission.OPEN_ROW_MEND)

    @property
    def cookie(self) -> guard.Cookie:
        return guard.session_cookie(self.settings)

    def may(self, permission: Permission) -> bool:
        return self.is_signed_in and self.actor.may(permission)

    def form_token(self) -> str:
        """For the hidden field of a form. Somebody who is not signed in is given a cookie for it, and only then."""
        self.needs_cookie = self.is_new
        return guard.form_token(self.settings, self.token)


def arrive(request: Request) -> Visit:
    """Looks up who is there."""
    settings = request.app.state.settings
    assert isinstance(settings, Settings)
    token = guard.session_token(request)
    query = f"?{request.url.query}" if request.url.query else ""
    return Visit(
        settings=settings,
        path=request.url.path,
        address=request.url.path + query,
        token=token or secrets.token_urlsafe(32),
        found=guard.session_of(request),
        notice=request.query_params.get("said", "")[:40],
        is_new=not token,
    )


class Visitor(guard.Requirement):
    """What a page requires. Gives the visit that the page's route found."""

    async def __call__(self, request: Request) -> Visit:
        visit = request.state.visit
        assert isinstance(visit, Visit)
        return visit


def May(required: Permission | Door) -> Any:  # noqa: N802 - reads as a word of the signature: visit: May(...)
    return Depends(Visitor(required))


Anybody = Annotated[Visit, May(Door.OPEN)]
SigningIn = Annotated[Visit, May(Door.SIGNING_IN)]
SignedIn = Annotated[Visit, May(Door.SIGNED_IN)]
