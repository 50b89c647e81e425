"""What API routes ask for in their signatures: who is acting (with which permission), sessions, how lists are paged.

A route that needs a person declares `actor: Annotated[Actor, May(Permission.X)]`; its router uses `Guarded`, so that
the person is known and allowed (401, then 403) before a byte of the body is read or judged.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from app.accounts import rate_limits, sessions
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.tokens import UnknownToken, actor_for_token
from app.api import once
from app.api.bodies import StrictRequest, asked_by, look_at_query
from app.api.shapes.problem import documented
from app.api.shapes.values import OrganisationCode, Whole
from app.core.errors import Forbidden, NotSignedIn
from app.core.paging import LARGEST_PAGE, Page, part
from app.http import guard, threads
from app.http.deps import Comparing, Config, Id, Reading, Store, Writing, database, reading, settings, writing

__all__ = [
    "PAGE", "Code", "Comparing", "Config", "Cursor", "Guarded", "Id", "Limit", "May", "OptionalCode", "OptionalPeriod", "Part", "PeriodText",
    "Reading", "Store", "Writing", "database", "reading", "router", "settings", "writing",
]  # fmt: skip
Item = TypeVar("Item")
_BEARER = HTTPBearer(auto_error=False, description="A token from `debtor-returns tokens create`.")
FORM_TOKEN = "x-form-token"  # noqa: S105 - the name of a header


class Caller(guard.Requirement):
    """One permission that a route requires. Gives the actor that `Guarded` found."""

    async def __call__(self, request: Request, _for_the_document: Annotated[Any, Depends(_BEARER)]) -> Actor:
        actor = request.state.actor
        assert isinstance(actor, Actor)
        return actor

    def find(self, request: Request) -> None:
        """Raises NotSignedIn (401), Forbidden (403) or TooMany (429). Uses short sessions of its own."""
        try:
            actor = _actor(request)
        except NotSignedIn as error:
            request.state.turned_away = error.whose
            raise
        request.state.actor = actor
        request.app.state.allowance.spend(request.app.state.database, actor.id)
        if not guard.is_allowed(actor, self.required):
            raise Forbidden


def _actor(request: Request) -> Actor:
    """Whoever the bearer token says, else whoever the browser session says: then no page of another site may have asked, and
    a change needs the form's token too.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return _behind(request, token.strip())
    found = guard.session_of(request) if not scheme else None
    if found is None or found.step is not sessions.Step.IN:
        raise NotSignedIn
    if guard.is_from_elsewhere(request):  # to look is recorded: another site must not make somebody seem to have looked
        request.state.actor = found.actor
        raise Forbidden("Another site asked for this with your session, so it was not answered. Open it from a page of this "
                        "service, or send a token.")  # fmt: skip
    if request.method not in guard.SAFE_METHODS and not guard.is_own(request, request.headers.get(FORM_TOKEN, "")):
        request.state.actor = found.actor  # whose session it is: for the audit
        raise Forbidden("Send the token of a form of this session in the header X-Form-Token, from a page of ours.")
    return found.actor


def _behind(request: Request, token: str) -> Actor:
    """Who stands behind a token. Unknown ones are counted for the address; a good one is taken however many there were."""
    store, address = request.app.state.database, rate_limits.of_address(guard.address_of(request))
    with store.reading() as db:
        try:
            return actor_for_token(db, token)
        except UnknownToken as error:
            rate_limits.look(db, rate_limits.WRONG_TOKENS, address)
            unknown = error
    with store.writing() as db:
        rate_limits.hit(db, rate_limits.WRONG_TOKENS, address)
    raise unknown


def May(permission: Permission) -> Any:  # noqa: N802 - reads as a word of the signature: actor: May(...)
    return Depends(Caller(permission))


class Guarded(APIRoute):
    """A route that asks who is there before it reads the body, and takes in its query what it declares and nothing else."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        self.heeds_key = once.heeds(endpoint, path, more.get("methods") or ["GET"])
        if self.heeds_key:
            unset = bool(more.get("response_model_exclude_unset"))
            endpoint = once.kept(endpoint, more.get("status_code") or 200, exclude_unset=unset)
            more["dependencies"] = [*(more.get("dependencies") or ()), once.DOCUMENTED]
        run = threads.in_one_thread(endpoint, more.get("methods") or ["GET"], more.get("dependencies") or ())
        super().__init__(path, run, **more)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        callers = [each.call for each in self.dependant.dependencies if isinstance(each.call, Caller)]
        declared = asked_by(self.dependant)

        async def guarded(received: Request) -> Response:
            request = StrictRequest(received.scope, received.receive)
            for caller in callers:
                await run_in_threadpool(caller.find, request)
            look_at_query(request, declared)
            if self.heeds_key:
                await once.begin(request, request.state.actor)
            return await answer(request)

        return guarded


def router(tag: str) -> APIRouter:
    """A router for one resource: every route on it is guarded."""
    return APIRouter(prefix="/api/v1", tags=[tag], route_class=Guarded, responses=documented())


Limit = Annotated[Whole, Query(ge=1, le=LARGEST_PAGE, description="How many items to give at most.")]
Cursor = Annotated[str | None, Query(max_length=300, description="`next` of the page before.")]


@dataclass
class _Part:
    """What any list takes. These are short, so that one page mostly holds them whole."""

    limit: Limit = LARGEST_PAGE
    cursor: Cursor = None

    def of(self, found: Sequence[Item], name: str) -> Page[Item]:
        """`name` is the list's, to which its cursors belong."""
        return part(found, self.limit, self.cursor, name)


Part = Annotated[_Part, Depends()]
Code = Annotated[OrganisationCode, Query(description="The organisation's code.", examples=["RJ1"])]
OptionalCode = Annotated[OrganisationCode | None, Query(description="The organisation's code.", examples=["RJ1"])]
PeriodText = Annotated[str, Query(description="A calendar month.", examples=["2026-10"])]
OptionalPeriod = Annotated[str | None, Query(description="A calendar month.", examples=["2026-10"])]
PAGE = 100
