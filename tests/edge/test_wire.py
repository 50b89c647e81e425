"""What cannot be read, can be read in two ways, or drips: answered as every other answer is, and the connection ends."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from app.edge import wire
from app.edge.layer import Edge
from app.settings import get_settings

GOOD = b"GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n"
served: list[str] = []
Ask = Callable[..., Awaitable[bytes]]


async def service(scope: Scope, receive: Receive, send: Send) -> None:
    while scope["path"] != "/unread" and (await receive()).get("more_body"):
        pass
    served.append(scope["path"])
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def running() -> AsyncIterator[Ask]:
    """A server on a port of its own. What is asked is sent as it is; the answer is read until the connection ends."""
    app = Edge(service, get_settings())
    config = uvicorn.Config(app, http=wire.Wire, port=0, log_config=None, lifespan="off", timeout_keep_alive=1)
    server = uvicorn.Server(config)
    server.capture_signals = nullcontext  # a server in a test leaves the signals alone  # type: ignore[method-assign,assignment]
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]

    async def ask(*pieces: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for piece in pieces:
            if not reader._buffer:  # type: ignore[attr-defined]  # whoever was answered stops sending
                writer.write(piece)
                await asyncio.sleep(0.02 if len(pieces) > 1 else 0)
        answer = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        return answer

    try:
        yield ask
    finally:
        server.should_exit = True
        await task


def asked(*pieces: bytes) -> bytes:
    served.clear()

    async def once() -> bytes:
        async with running() as ask:
            return await ask(*pieces)

    return asyncio.run(once())


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(wire, "HEADER_SECONDS", 0.3)
    monkeypatch.setattr(wire, "LINGER_SECONDS", 0.1)


HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: here\r\n\r\n"
UNREADABLE = {
    "no request at all": (b"nonsense\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: here\r\nHost: there\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "a NUL in the address": (b"GET /a\0b HTTP/1.1\r\nHost: here\r\n\r\n", 400),
    "no number for a length": (b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: -1\r\n\r\n", 400),
    "two lengths that differ": (b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    "a length and pieces": (
        b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN, 400,
    ),
    "pieces in HTTP/1.0": (b"POST / HTTP/1.0\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN, 400),
    "another encoding": (b"POST / HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: gzip\r\n\r\n" + HIDDEN, 501),
    "a space before the colon": (b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length : 50\r\n\r\n" + HIDDEN, 400),
    "a folded header": (b"GET / HTTP/1.1\r\nHost: here\r\nA: b\n c\r\n\r\n", 400),
    "bare line feeds": (b"GET / HTTP/1.1\nHost: here\n\n", 400),
    "one bare line feed": (b"GET / HTTP/1.1\r\nHost: here\nA: b\r\n\r\n", 400),
    "another version": (b"GET / HTTP/9.9\r\nHost: here\r\n\r\n", 505),
    "an address of another host": (b"GET http://there/ HTTP/1.1\r\nHost: here\r\n\r\n", 400),
    "ten megabytes of headers": (b"GET / HTTP/1.1\r\nHost: here\r\nA: " + b"a" * 10_000_000 + b"\r\n\r\n", 431),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_in_one_way_only_is_a_problem_and_reaches_nobody(name):
    sent, status = UNREADABLE[name]
    answer = asked(sent)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert json.loads(body)["status"] == status
    assert head.startswith(b"HTTP/1.1 %d " % status)
    for header in (b"Content-Security-Policy", b"X-Content-Type-Options", b"Referrer-Policy", b"Cache-Control"):
        assert header.lower() in head.lower()
    assert b"connection: close" in head.lower()
    assert b"application/problem+json" in head
    assert served == []


def test_a_request_in_pieces_is_answered_and_so_is_the_one_behind_it():
    asked(b"POST /first HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n\n\r\n0\r\n\r\n" + HIDDEN)
    assert served == ["/first", "/hidden"]


def test_pieces_that_break_off_into_nonsense_are_refused():
    broken = b"POST /first HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"
    assert asked(broken).startswith(b"HTTP/1.1 400 ")


def test_a_connection_on_which_nothing_comes_is_closed():
    assert asked(b"") == b""


def test_headers_that_drip_are_cut_off_however_steadily_they_come():
    drops = [GOOD[at : at + 1] for at in range(len(GOOD))]
    assert asked(*drops).startswith(b"HTTP/1.1 408 ")
    assert served == []


def test_a_second_request_on_the_same_connection_may_not_drip_either():
    answer = asked(GOOD + GOOD[:-5])
    assert answer.startswith(b"HTTP/1.1 204 ")
    assert b"HTTP/1.1 408 " in answer


def test_a_body_that_nobody_reads_is_not_taken_for_ever():
    pieces = [b"POST /unread HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"]
    began = time.monotonic()
    answer = asked(*pieces, *[b"1\r\n\n\r\n"] * 10)
    assert answer.startswith(b"HTTP/1.1 204 ")
    assert time.monotonic() - began < 5


def test_a_body_that_nobody_reads_but_that_ends_leaves_the_connection_for_the_next_request():
    asked(b"POST /unread HTTP/1.1\r\nHost: here\r\nContent-Length: 3\r\n\r\nabc" + GOOD)
    assert served == ["/unread", "/health/live"]


def test_beyond_the_most_connections_a_further_one_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr(wire, "MOST_CONNECTIONS", 0)
    assert asked(GOOD).startswith(b"HTTP/1.1 503 ")
