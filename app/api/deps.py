"""What routes ask for in their signatures: who is acting (with which permission), sessions, and how lists are paged.

A route that needs a person declares `actor: Annotated[Actor, May(Permission.X)]`; its router uses `Guarded`, so that
the person is known and allowed (401, then 403) before a byte of the body is read or judged.
"""

from collections.abc import Callable, Coroutine, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import actor_for_token
from app.api.shapes.problem import documented
from app.api.shapes.values import OrganisationCode
from app.core.db import Database, Session
from app.core.errors import Forbidden, NotSignedIn
from app.core.paging import LARGEST_PAGE
from app.settings import Settings

_BEARER = HTTPBearer(auto_error=False, description="A token from `debtor-returns tokens create`.")


class Requirement:
    """One permission that a route requires. Gives the actor that `Guarded` found."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, request: Request, _for_the_document: Annotated[Any, Depends(_BEARER)]) -> Actor:
        actor = request.state.actor
        assert isinstance(actor, Actor)
        return actor

    def actor_of(self, request: Request) -> Actor:
        """Raises NotSignedIn (401) or Forbidden (403). Uses a short session of its own."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise NotSignedIn
        with request.app.state.database.reading() as db:
            actor = actor_for_token(db, token.strip())
        request.state.actor = actor
        if not actor.may(self.permission):
            raise Forbidden
        return actor


def May(permission: Permission) -> Any:  # noqa: N802 - reads as a word of the signature: actor: May(...)
    return Depends(Requirement(permission))


def permission_of(route: APIRoute) -> Permission | None:
    """The permission that a route declares in its signature."""
    declared = [each.call.permission for each in route.dependant.dependencies if isinstance(each.call, Requirement)]
    return declared[0] if declared else None


class Guarded(APIRoute):
    """A route that asks who is there before it reads the body."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        requirements = [each.call for each in self.dependant.dependencies if isinstance(each.call, Requirement)]

        async def guarded(request: Request) -> Response:
            for requirement in requirements:
                await run_in_threadpool(requirement.actor_of, request)
            return await answer(request)

        return guarded


def router(tag: str) -> APIRouter:
    """A router for one resource: every route on it is guarded."""
    return APIRouter(prefix="/api/v1", tags=[tag], route_class=Guarded, responses=documented())


def database(request: Request) -> Database:
    found = request.app.state.database
    assert isinstance(found, Database)
    return found


def settings(request: Request) -> Settings:
    found = request.app.state.settings
    assert isinstance(found, Settings)
    return found


def reading(store: Annotated[Database, Depends(database)]) -> Iterator[Session]:
    with store.reading() as db:
        yield db


def writing(store: Annotated[Database, Depends(database)]) -> Iterator[Session]:
    with store.writing() as db:
        yield db


Store = Annotated[Database, Depends(database)]
Config = Annotated[Settings, Depends(settings)]
# scope="function": the commit happens, and may fail, before the answer is sent.
Reading = Annotated[Session, Depends(reading, scope="function")]
Writing = Annotated[Session, Depends(writing, scope="function")]

Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The id of the thing, as this API gave it.")]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="How many items to give at most.")]
Cursor = Annotated[str | None, Query(max_length=300, description="`next` of the page before.")]
Code = Annotated[OrganisationCode, Query(description="The organisation's code.", examples=["RJ1"])]
OptionalCode = Annotated[OrganisationCode | None, Query(description="The organisation's code.", examples=["RJ1"])]
PeriodText = Annotated[str, Query(description="A calendar month.", examples=["2026-10"])]
OptionalPeriod = Annotated[str | None, Query(description="A calendar month.", examples=["2026-10"])]
PAGE = 100
