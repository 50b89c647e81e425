"""A route of a page: who is there is known before the body is read, a form must come from a page of ours, and a form that
cannot be taken is shown again on the page it stood on, with what was entered.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from app.accounts import sessions
from app.core.errors import Forbidden, ServiceError
from app.http import forms, guard, threads, troubles
from app.http.guard import Door, Required
from app.web.entries import Entries, Fault, faults_of
from app.web.visit import Visit, arrive

FORM_TOKEN = "form_token"  # noqa: S105 - the name of a field
FORM_LIMITS = {"max_files": 1, "max_fields": 500, "max_part_size": 200_000}
SHOWN_AGAIN = frozenset({409, 413, 422, 429, 503})
OUT_OF_DATE = Fault("This form was out of date, so nothing was sent. Check what you entered and send it again")
STEPS = {sessions.Step.CODE: "/sign-in/code", sessions.Step.ENROL: "/sign-in/set-up"}  # of signing in, by what is left
log = structlog.get_logger(__name__)


class Again(Response):
    """What a route answers with when its form is to be shown again although something was kept, such as a refused file."""

    def __init__(self, *faults: Fault, status: int = 422, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status_code=status)
        self.faults, self.more_headers = faults, headers


class PageRoute(APIRoute):
    """`shown` are the pages by path: a form is posted to the address of the page on which it stands."""

    shown: ClassVar[dict[str, "PageRoute"]] = {}

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        run = threads.in_one_thread(endpoint, more.get("methods") or ["GET"], more.get("dependencies") or ())
        super().__init__(path, run, **more)
        if "GET" in (self.methods or ()):
            PageRoute.shown[path] = self

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if hasattr(request.state, "visit"):  # shown again: who is there is known
                return await answer(request)
            visit = request.state.visit = await run_in_threadpool(arrive, request)
            request.state.actor = visit.found.actor if visit.found else None
            required = guard.required_by(self) or Door.SIGNED_IN
            if (elsewhere := _elsewhere(visit, required, self, request.method)) is not None:
                await _read_to_the_end(request)
                return elsewhere
            if not (isinstance(required, Door) or guard.is_allowed(visit.actor, required)):
                raise Forbidden
            if request.method in guard.SAFE_METHODS:
                return await answer(request)
            return await self._take(request, visit, answer)

        return guarded

    async def _take(
        self, request: Request, visit: Visit, answer: Callable[[Request], Coroutine[Any, Any, Response]]
    ) -> Response:
        if getattr(request.state, "too_large", False):
            return self._again((_too_large(visit),), 413)
        form = await forms.taken_in(request.form(**FORM_LIMITS))
        request.scope["fastapi_middleware_astack"].push_async_callback(form.close)
        visit.entries = Entries(form)
        if not guard.is_own(request, visit.entries.text(FORM_TOKEN)):
            if request.headers.get("sec-fetch-site") != "same-origin":
                raise Forbidden("This did not come from a page of this service, so nothing was changed. Open the page "
                                "and try again.")  # fmt: skip
            return self._again((OUT_OF_DATE,), 403)
        try:
            response = await answer(request)
        except ServiceError as error:
            if error.status not in SHOWN_AGAIN or self.path not in PageRoute.shown:
                raise
            return self._again(faults_of(error), error.status, troubles.of(error).headers)
        if isinstance(response, Again):
            return self._again(response.faults, response.status_code, response.more_headers)
        return response

    def _again(self, faults: tuple[Fault, ...], status: int, headers: Mapping[str, str] | None = None) -> Response:
        if self.path not in PageRoute.shown:
            raise Forbidden(faults[0].message + ".")
        return _ShownAgain(PageRoute.shown[self.path], faults, status, headers)


class _ShownAgain(Response):
    """Answers with the page of the same address, under the status of what went wrong."""

    def __init__(
        self, page: PageRoute, faults: tuple[Fault, ...], status: int, headers: Mapping[str, str] | None
    ) -> None:
        super().__init__(status_code=status)
        self._page, self._faults, self._more_headers = page, faults, headers or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["visit"].faults = self._faults
        scope["state"]["shown_again"] = self._page

        async def with_status(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                message["status"] = self.status_code
                MutableHeaders(scope=message).update(self._more_headers)
            await send(message)

        await self._page.app({**scope, "method": "GET"}, receive, with_status)


def _elsewhere(visit: Visit, required: Required, route: PageRoute, method: str) -> Response | None:
    """Where somebody is sent who must sign in first, or has a step of signing in left; None for whoever may go on."""
    if required is Door.OPEN or visit.is_signed_in:
        return to("/") if required is Door.SIGNING_IN else None
    if visit.found is not None:  # on the way: one page is open to each step, and no other
        here = required is Door.SIGNING_IN and route.path == STEPS[visit.found.step]
        return None if here else to(STEPS[visit.found.step])
    back = visit.address if route.path in PageRoute.shown else "/"
    lost = {} if method in guard.SAFE_METHODS else {"said": "timed-out"}
    return to("/sign-in", **({"next": back} if back != "/" else {}), **lost)


def _too_large(visit: Visit) -> Fault:
    most = visit.settings.max_upload_mb
    return Fault(f"This file is larger than {most} MB, the most that the service takes. Remove sheets and pictures that "
                 "the return does not need, or split the return into two files", "file")  # fmt: skip


async def _read_to_the_end(request: Request) -> None:
    """A browser that is still sending would not read our answer. What it sends is bounded by the edge."""
    async for _ in request.stream():
        pass


def to(path: str, **query: str) -> RedirectResponse:
    """Sends the browser to another page with a GET. `said` names a notice to show there."""
    return RedirectResponse(f"{path}?{urlencode(query)}" if query else path, status_code=303)


def pages() -> APIRouter:
    """A router for one group of pages: every route on it is guarded, none stands in the API's document."""
    return APIRouter(route_class=PageRoute, include_in_schema=False, default_response_class=Response)
