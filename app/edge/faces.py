"""Which face tells of a trouble: a problem for programs under /api and /health, a page for people everywhere else."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from app.api import problems
from app.core.errors import ServiceError
from app.http import troubles
from app.http.troubles import Trouble
from app.web import trouble_pages
from app.web.visit import arrive

Face = Callable[[Scope, Trouble], Response]


def face_of(scope: Scope) -> Face:
    return trouble_pages.tell if is_for_people(scope) else _to_programs


def is_for_people(scope: Scope) -> bool:
    path: str = scope["path"]
    return not path.startswith(("/api/", "/health/"))


def install(app: FastAPI) -> None:
    """Every error that the framework or the domain raises is told by the face that was asked."""
    for kind in (ServiceError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, _tell)


async def _tell(request: Request, error: Exception) -> Response:
    if is_for_people(request.scope) and not hasattr(request.state, "visit"):
        with suppress(ServiceError):  # at an address that is nothing, people keep their navigation
            request.state.visit = await run_in_threadpool(arrive, request)
    trouble = troubles.of(error)
    if trouble.status == HTTPStatus.METHOD_NOT_ALLOWED:
        trouble = replace(trouble, headers={"Allow": ", ".join(_methods(request))})
    return face_of(request.scope)(request.scope, trouble)


def _methods(request: Request) -> list[str]:
    """What this address does take, of all its routes: the framework names the first one's alone."""
    taken = [method for method in ("GET", "POST", "PUT", "PATCH", "DELETE") if _takes(request, method)]
    return [*taken, "HEAD"] if "GET" in taken else taken


def _takes(request: Request, method: str) -> bool:
    asked = {**request.scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.router.routes)


def _to_programs(_scope: Scope, trouble: Trouble) -> Response:
    return problems.tell(trouble)
