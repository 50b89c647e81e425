"""A recipient of what the service pushes: a real HTTP server on this machine, which answers as a test tells it to."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Taken:
    """One message as it came in."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> int:
        return int(self.headers["webhook-id"])

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass
class Receiver:
    """`answers` are given one after another, then 204: a status, (status, headers), or what to do with the request."""

    url: str
    taken: list[Taken] = field(default_factory=list)
    answers: deque[Any] = field(default_factory=deque)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def ids(self) -> list[int]:
        return [each.id for each in self.taken]


Handling = Callable[[BaseHTTPRequestHandler], None]


def dies(handler: BaseHTTPRequestHandler) -> None:
    """The connection ends before there is an answer."""
    handler.close_connection = True


def dies_mid_way(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    handler.close_connection = True


def answers_twice(handler: BaseHTTPRequestHandler) -> None:
    """The second answer belongs to no request."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" * 2)


def stalls(handler: BaseHTTPRequestHandler) -> None:
    handler.server.receiver.closing.wait(20)  # type: ignore[attr-defined]
    handler.close_connection = True


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["content-length"]))
        receiver.taken.append(Taken({name.lower(): value for name, value in self.headers.items()}, body))
        answer = receiver.answers.popleft() if receiver.answers else 204
        if callable(answer):
            answer = answer(self)
        if answer is not None:
            self._say(*(answer if isinstance(answer, tuple) else (answer, {})))

    do_GET = do_POST  # noqa: N815 - a redirect that is followed would come as one

    def _say(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def receiving() -> Iterator[Receiver]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    receiver = Receiver(f"http://127.0.0.1:{server.server_address[1]}/events")
    server.receiver = receiver  # type: ignore[attr-defined]
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield receiver
    finally:
        receiver.closing.set()
        server.shutdown()
        server.server_close()
        serving.join()
