"""A small TCP proxy between the service and its PostgreSQL, which can cut, refuse, stall and lose one answer."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL

from tests.crash.house import free_port


class Proxy:
    """`stalls`: takes what is said and passes nothing on. `deaf_to`: the connection on which these bytes come is cut once
    they are passed on, before their answer comes back.
    """

    def __init__(self, server: Path | tuple[str, int]) -> None:
        self._server = server
        self.port = free_port()
        self.stalls = threading.Event()
        self.deaf_to: bytes | None = None
        self._open: set[socket.socket] = set()
        self._listener: socket.socket | None = None
        self.listen()

    def listen(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def refuse(self) -> None:
        """Cuts every connection and takes no new one, as when the server is down."""
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        self.cut()

    def cut(self) -> None:
        for each in list(self._open):
            _end(each)
        self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
                server = self._dial()
            except OSError:
                return
            self._open |= {client, server}
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, target, source is client), daemon=True).start()

    def _dial(self) -> socket.socket:
        if isinstance(self._server, Path):
            made = socket.socket(socket.AF_UNIX)
            made.connect(str(self._server))
            return made
        return socket.create_connection(self._server)

    def _pass_on(self, source: socket.socket, target: socket.socket, asks: bool) -> None:
        with contextlib.suppress(OSError):
            while said := source.recv(65536):
                while self.stalls.is_set():
                    threading.Event().wait(0.05)
                loses = asks and self.deaf_to is not None and self.deaf_to in said
                if loses:
                    self.deaf_to = None
                    source.shutdown(socket.SHUT_RDWR)  # whoever asked hears no more; the server hears all
                target.sendall(said)
        _end(source)
        if not asks or not self.stalls.is_set():
            threading.Timer(1, _end, (target,)).start()


def _end(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextlib.contextmanager
def between(url: URL) -> Iterator[tuple[Proxy, str]]:
    """A proxy to this server, and the address of its database through the proxy."""
    folder = url.query.get("host")
    port = url.port or 5432
    proxy = Proxy(Path(str(folder), f".s.PGSQL.{port}") if folder else (url.host or "127.0.0.1", port))
    through = url.set(host="127.0.0.1", port=proxy.port, query={})
    yield proxy, through.render_as_string(hide_password=False)
    proxy.stalls.clear()
    proxy.refuse()
