"""For every request: when it began, how much and how slowly it may send, which headers leave.

Nothing personal is written down here: a request is logged by its route, never by its address or query string.
"""

import asyncio
import re
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import clock, metrics
from app.core.ids import new_id
from app.edge.faces import face_of, is_for_people
from app.http import troubles
from app.http.troubles import Trouble, unexpected
from app.settings import Environment, Settings

MEGABYTE = 1024 * 1024
LARGEST_JSON = MEGABYTE
FORM_OVERHEAD = MEGABYTE  # multipart boundaries and the form's other fields
PATIENCE_SECONDS = 20  # a body may take this long, and one second more for every SLOWEST bytes
SLOWEST = 8 * 1024
READ_FOR_PEOPLE = 200 * MEGABYTE  # of a body that is too large: a browser shows no answer while it is still sending
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
FOLLOWED = re.compile(r"[A-Za-z0-9-]{16,64}")  # what a request may be called by a proxy
log = structlog.get_logger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
HSTS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def headers_of(settings: Settings) -> dict[str, str]:
    """What every answer carries, whoever makes it."""
    return HEADERS | (HSTS if settings.environment is Environment.PRODUCTION else {})


class Edge:
    """Pure ASGI, so that it sees every answer, those of the framework's own errors too."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        production = settings.environment is Environment.PRODUCTION
        self.hosts = _hosts(settings.base_url) if production else None
        self.headers = headers_of(settings)
        self.has_proxy = bool(settings.trusted_proxy)
        self.largest_upload = settings.max_upload_mb * MEGABYTE + FORM_OVERHEAD

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "HEAD":  # answered as GET; the server itself leaves the body out
            scope = {**scope, "method": "GET"}
        request_id = self._followed(scope) or new_id()
        scope.setdefault("state", {}).update(received_at=clock.now(), request_id=request_id)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await self._answer_and_log(scope, receive, send, request_id)

    async def _answer_and_log(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        began = asyncio.get_running_loop().time()
        answer = Answer(send, {**self.headers, "X-Request-ID": request_id})
        try:
            await self._answer(scope, receive, answer)
        except Exception as error:
            trouble = unexpected(error)
            if not answer.status:
                await face_of(scope)(scope, trouble)(scope, receive, answer.send)
        finally:
            took = asyncio.get_running_loop().time() - began
            _note(scope, answer.status, took)

    def _followed(self, scope: Scope) -> str | None:
        """The id that a trusted proxy has given. The server leaves port 0 where it believed one about the client."""
        client = scope.get("client")
        named = Headers(scope=scope).get("x-request-id", "")
        is_through_proxy = self.has_proxy and client is not None and client[1] == 0
        return named if is_through_proxy and FOLLOWED.fullmatch(named) else None

    async def _answer(self, scope: Scope, receive: Receive, answer: "Answer") -> None:
        headers = Headers(scope=scope)
        if (
            self.hosts
            and headers.get("host", "").lower() not in self.hosts
            and not scope["path"].startswith("/health/")
        ):
            trouble = Trouble(400, "This service does not answer to that host name.")
            await face_of(scope)(scope, trouble)(scope, receive, answer.send)
            return
        form = headers.get("content-type", "").startswith("multipart/form-data")
        body = Body(receive, self.largest_upload if form else LARGEST_JSON)
        if body.is_too_large(headers.get("content-length")):
            await self._too_large(scope, receive, answer, body.limit, is_form=form)
            return
        await self.app(scope, body.receive, answer.send)

    async def _too_large(self, scope: Scope, receive: Receive, answer: "Answer", limit: int, *, is_form: bool) -> None:
        """Programs are told at once. A person's form is read to its end and dropped, and its page is shown again."""
        body = Body(receive, READ_FOR_PEOPLE)
        if is_for_people(scope) and not body.is_too_large(Headers(scope=scope).get("content-length")):
            try:
                await body.drop()
            except HTTPException as error:
                await face_of(scope)(scope, troubles.of(error))(scope, receive, answer.send)
                return
            if is_form:
                scope["state"]["too_large"] = True
                await self.app(scope, body.receive, answer.send)
                return
        most = f"The request is larger than {limit // MEGABYTE} MB, more than the service takes."
        await face_of(scope)(scope, Trouble(413, most, "F03"))(scope, receive, answer.send)


class Answer:
    """What goes out: adds the headers that every answer carries and remembers the status."""

    def __init__(self, send: Send, headers: dict[str, str]) -> None:
        self._send = send
        self._headers = headers
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await self._send(message)


class Body:
    """What comes in: cut off when it is too much or drips too slowly. `limit` is in bytes."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self.limit = limit
        self._size = 0
        self._whole = False
        self._dropped = False
        self._began = asyncio.get_running_loop().time()

    def is_too_large(self, declared: str | None) -> bool:
        return declared is not None and declared.isdecimal() and int(declared) > self.limit

    async def drop(self) -> None:
        """Reads everything and keeps nothing: whoever asks is given an empty body."""
        while not self._whole:
            if (await self.receive())["type"] != "http.request":
                return
        self._dropped = True

    async def receive(self) -> Message:
        if self._dropped:
            self._dropped = False
            return {"type": "http.request", "body": b"", "more_body": False}
        if self._whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._began + PATIENCE_SECONDS + self._size / SLOWEST):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408, headers={"Connection": "close"}) from None
        if message["type"] == "http.request":
            self._size += len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._size > self.limit:
                raise HTTPException(413, headers={"Connection": "close"})
        return message


def _hosts(base_url: str) -> frozenset[str]:
    """As a browser writes the address's host, and with the port that it leaves out."""
    address = urlsplit(base_url)
    port = address.port or (443 if address.scheme == "https" else 80)
    host = f"[{address.hostname}]" if ":" in (address.hostname or "") else str(address.hostname)
    usual = {"https": 443, "http": 80}.get(address.scheme) == port
    return frozenset({f"{host}:{port}", *([host] if usual else ())})


def _note(scope: Scope, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", "-")
    method = scope["method"] if scope["method"] in METHODS else "-"
    metrics.REQUESTS.labels(method, route, str(status)).observe(seconds)
    if scope["path"].startswith("/health/") and status < 400:
        return
    actor = scope["state"].get("actor")
    log.info(
        "request",
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000),
        actor=actor.id if actor else None,
    )
