"""The wire under the edge: requests that can be read in two ways are refused, headers that drip are cut off.

What cannot be read never reaches the service, so its answer is made here, with the headers that every answer carries.
"""

import asyncio
import re
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.api import problems
from app.edge.layer import headers_of
from app.http.troubles import WORDS_BY_STATUS, Trouble
from app.settings import get_settings

HEADER_SECONDS: float = 10  # from the connection, or from a further request's first byte, to the end of its headers
LINGER_SECONDS: float = (
    2  # what is still coming after an answer is dropped for so long: a reset would destroy the answer
)
MOST_CONNECTIONS = 800  # of one process, which may open about a thousand files
_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")


class Strict(h11.Connection):
    """Takes nothing that another server before or behind us may read differently: that is how requests are smuggled."""

    def __init__(self, our_role: type[h11.SERVER], largest: int) -> None:
        super().__init__(our_role, largest)
        self.status = 400

    def next_event(self) -> Any:
        try:
            if self.their_state is h11.IDLE:
                head, _, _ = self.trailing_data[0].partition(b"\r\n\r\n")
                _must(not _BARE_LINE_FEED.search(head), "a line that ends without a carriage return")
            event = super().next_event()
            if isinstance(event, h11.Request):
                _judge(event)
        except h11.RemoteProtocolError as error:
            self.status = error.error_status_hint if error.error_status_hint in WORDS_BY_STATUS else 400
            raise
        return event


def _judge(request: h11.Request) -> None:
    named = [name for name, _ in request.headers]
    _must(request.http_version in {b"1.0", b"1.1"}, "another version of HTTP", 505)
    _must(not (b"transfer-encoding" in named and b"content-length" in named), "two lengths")
    _must(b"transfer-encoding" not in named or request.http_version == b"1.1", "pieces, which HTTP/1.0 does not know")
    _must(request.target.startswith(b"/") or request.target == b"*", "an address of another host")


def _must(holds: bool, otherwise: str, status: int = 400) -> None:
    if not holds:
        raise h11.RemoteProtocolError(otherwise, error_status_hint=status)


class Wire(H11Protocol):
    """One connection."""

    conn: Strict

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.conn = Strict(h11.SERVER, self.config.h11_max_incomplete_event_size or 16 * 1024)
        self._waiting: asyncio.TimerHandle | None = None
        self._waited_for: Any = None
        self._has_begun = False
        self._is_over = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            self._refuse(503)
        else:
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_over:
            return
        self._has_begun = True
        super().data_received(data)
        self._watch()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        self._refuse(self.conn.status)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._has_begun = bool(self.conn.trailing_data[0])  # of a request that came right behind
        if self._has_begun or self.conn.their_state is h11.SEND_BODY:
            self._watch()

    def _watch(self) -> None:
        """The time runs from the beginning of what is waited for, however steadily it comes."""
        for_headers = self.conn.their_state is h11.IDLE
        for_nobody = self.conn.their_state is h11.SEND_BODY and self.cycle is not None and self.cycle.response_complete
        waited_for = self.conn.their_state if (for_headers or for_nobody) and not self._is_over else None
        if waited_for is not self._waited_for:
            self._stop_watching()
            self._waited_for = waited_for
            if waited_for is not None:
                self._waiting = self.loop.call_later(HEADER_SECONDS, self._too_slow)

    def _stop_watching(self) -> None:
        self._waited_for = None
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _too_slow(self) -> None:
        """Who has begun a request is told; nothing that came, or a body that was answered already, is only cut off."""
        self._waiting = None
        if self._has_begun and self._waited_for is h11.IDLE:
            self._refuse(408)
        else:
            self.transport.close()

    def _refuse(self, status: int) -> None:
        """Answers, if nothing was answered yet, and ends the connection. Nothing more is read as a request."""
        self._is_over = True
        self._stop_watching()
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self._answer(status)
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)

    def _answer(self, status: int) -> None:
        answer = problems.tell(Trouble(status, WORDS_BY_STATUS[status]))
        headers = headers_of(get_settings()) | dict(answer.headers) | {"Connection": "close"}
        sent = [(name.encode(), value.encode()) for name, value in headers.items()]
        for event in (
            h11.Response(status_code=status, headers=sent), h11.Data(data=bytes(answer.body)), h11.EndOfMessage()
        ):  # fmt: skip
            self.transport.write(self.conn.send(event) or b"")
