"""The pool of warm reading processes: each is given a file, watched, and replaced when it dies or is overdue."""

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

import msgspec

from app.core import metrics
from app.core.errors import Unavailable
from app.core.spreadsheet.child import DONE, LENGTH, READY, REFUSED, ROWS
from app.core.spreadsheet.kinds import family_of
from app.core.spreadsheet.packing import Packed
from app.core.spreadsheet.preflight import Package, open_package
from app.core.spreadsheet.refusals import too_much_memory, too_slow
from app.core.spreadsheet.result import Limits, Reading, Unreadable
from app.core.spreadsheet.scan import scan

_CHILD = "app.core.spreadsheet.child"
_PROJECT = Path(__file__).resolve().parents[3]
_START_SECONDS = 20.0
_WAIT_SECONDS = 30.0
_SMALL = 2 << 20

Row = tuple[int, list[Packed]]
TakePart = Callable[[bytes | memoryview], None]
_encode = msgspec.msgpack.encode
_log = logging.getLogger(__name__)
_rows = msgspec.msgpack.Decoder(list[Row])
_reading = msgspec.msgpack.Decoder(Reading)
_unconfined: list[str] = []
_refusal = msgspec.msgpack.Decoder(tuple[str, str, str])


def unpacked(part: bytes | memoryview) -> list[Row]:
    """The rows of one part of a file, as `read_in_parts` hands it over."""
    return _rows.decode(part)


@lru_cache
def _say_unconfined(missing: str) -> None:
    """Once for each reason: files are still read, apart from the service and with limits."""
    _unconfined.append(missing)
    _log.error("Workbooks are read without the confinement that this service expects: %s.", missing)


def unconfined() -> str | None:
    """Why the reading processes keep more rights than they should; None when they do not, or none was started yet."""
    return _unconfined[0] if _unconfined else None


class _Retired(Exception):
    """The process had ended before the file was in its hands."""


class Process:
    """One reading process and the socket to it. What comes back is data of a bounded size, never code."""

    def __init__(self, limits: Limits, seconds: float) -> None:
        self._limits = limits
        self._seconds = seconds
        self._ready = self._at_work = False
        self._deadline = 0.0
        self._socket, theirs = socket.socketpair()
        with theirs:
            # No shell, our own interpreter and module; nothing of the environment, which holds secrets.
            self._process = subprocess.Popen(  # nosec B603
                **command(_CHILD, theirs.fileno(), str(limits.max_rows), str(seconds), str(limits.worn_out))
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def read(self, data: bytes, known: frozenset[str], package: Package | None, take: TakePart) -> Reading:
        """Hands the rows to `take`. Raises Unreadable, or _Retired, before any row, if another process must read it."""
        if not self._ready:
            self._await_start()
        self._deadline = time.monotonic() + self._seconds
        self._at_work = True
        try:
            self._hand_over(data, known)
            if package is not None and not package.scanned:
                scan(package)  # while the process takes the file apart; a refusal here is the better reason
            self._send(_encode(sorted(package.second_look if package else ())))
            return self._answer(take)
        except TimeoutError:
            raise too_slow(self._seconds) from None
        except (OSError, EOFError, msgspec.DecodeError):
            raise too_much_memory() from None

    def _hand_over(self, data: bytes, known: frozenset[str]) -> None:
        try:
            self._send(_encode(sorted(known)))
            self._send(data)
            self._receive(64)
        except TimeoutError:
            raise
        except (OSError, EOFError):
            raise _Retired from None

    def fit(self) -> bool:
        """Whether it can take a file: it lives, and its last answer was heard to the end."""
        return not self._at_work and self._process.poll() is None

    def close(self) -> None:
        self._socket.close()
        self._process.kill()
        self._process.wait()

    def _await_start(self) -> None:
        self._deadline = time.monotonic() + _START_SECONDS
        try:
            said = self._receive(200)
            self._ready = said[:1] == READY
        except (OSError, EOFError) as error:
            self._at_work = True
            raise Unavailable(
                "The process that reads workbooks did not start. Nothing was changed: try again."
            ) from error
        if missing := said[1:].decode():
            _say_unconfined(missing)

    def _answer(self, take: TakePart) -> Reading:
        left = self._limits.answer
        while True:
            frame = self._receive(left)
            left -= len(frame)
            kind, content = frame[:1], memoryview(frame)[1:]
            if kind == ROWS:
                take(content)
            elif kind == DONE:
                self._at_work = False
                return _reading.decode(content)
            elif kind == REFUSED:
                code, message, cause = _refusal.decode(content)
                self._at_work = False
                if cause:
                    _log.warning("Reading a workbook met %s; it was refused with %s.", cause, code)
                raise Unreadable(code, message)
            else:
                raise msgspec.DecodeError("of no known kind")

    def _left(self) -> float:
        if (left := self._deadline - time.monotonic()) <= 0:
            raise TimeoutError
        return left

    def _send(self, content: bytes) -> None:
        self._socket.settimeout(self._left())
        self._socket.sendall(LENGTH.pack(len(content)))
        self._socket.sendall(content)

    def _receive(self, most: int) -> bytes:
        """One frame. Raises EOFError when the process is gone."""
        (size,) = LENGTH.unpack(self._exactly(LENGTH.size))
        if size > most:
            raise msgspec.DecodeError("longer than allowed")
        return self._exactly(size)

    def _exactly(self, size: int) -> bytes:
        content = bytearray(size)
        view, at = memoryview(content), 0
        while at < size:
            self._socket.settimeout(self._left())
            if not (got := self._socket.recv_into(view[at:])):
                raise EOFError
            at += got
        return bytes(content)


def command(module: str, descriptor: int, *arguments: str) -> dict[str, Any]:
    """How a reading process is started: it keeps one descriptor, told as its first argument."""
    return {
        "args": [sys.executable, "-P", "-m", module, str(descriptor), *arguments],
        "pass_fds": (descriptor,),
        "env": _environment(),
        "cwd": "/",
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PYTHONHOME") if name in os.environ}
    # One arena: glibc sets aside 64 MB of address space for every further one.
    return kept | {"PYTHONPATH": str(_PROJECT), "MALLOC_ARENA_MAX": "1", "PYTHONUTF8": "1"}


class Readers:
    """At most `count` reading processes, started when first needed. `read` may be called from any thread."""

    def __init__(self, count: int, max_rows: int, seconds: float) -> None:
        self._limits = Limits(max_rows)
        self._seconds = seconds
        self._idle: LifoQueue[Process | None] = LifoQueue()
        self._lock = threading.Lock()
        self._running: set[Process] = set()
        self._closed = False
        for _ in range(count):
            self._idle.put(None)

    def read(self, data: bytes, known: frozenset[str] = frozenset()) -> Reading:
        """`known` are the heading keys (headings.heading_key) that tell the heading row.

        Raises Unreadable; Unavailable when every process stays busy.
        """
        rows: list[Row] = []
        reading = self.read_in_parts(data, known, lambda part: rows.extend(unpacked(part)))
        reading.rows = rows
        return reading

    def read_in_parts(self, data: bytes, known: frozenset[str], take: TakePart) -> Reading:
        """As `read`, for files of any length: hands over the rows some hundreds at a time, to be `unpacked` when wanted."""
        package = self._looked_over(data)
        try:
            process = self._idle.get(timeout=_WAIT_SECONDS)
        except Empty:
            raise Unavailable(
                "Many files are being read just now. Nothing was changed: try again in a minute."
            ) from None
        try:
            for _ in range(2):
                process = self._fit(process)
                try:
                    return process.read(data, known, package, take)
                except _Retired:
                    continue
            raise too_much_memory()
        finally:
            # A process that died is replaced at once, so that the next file finds it warm.
            self._idle.put(None if self._closed else self._fit(process))

    def _looked_over(self, data: bytes) -> Package | None:
        """The pre-flight of a zipped workbook; a small one is looked through whole before any process gets it."""
        if family_of(data) != "zip":
            return None
        package = open_package(data, self._limits)
        if package.unpacked < _SMALL:
            scan(package)
        return package

    def warm(self) -> None:
        """Starts every process now."""
        resting = []
        while not self._idle.empty():
            resting.append(self._fit(self._idle.get()))
        for process in resting:
            self._idle.put(process)

    def pids(self) -> frozenset[int]:
        """The processes there are now, at work or idle."""
        with self._lock:
            return frozenset(process.pid for process in self._running)

    def are_closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        self._closed = True
        with self._lock:
            for process in self._running:
                process.close()
            self._running.clear()

    def _fit(self, process: Process | None) -> Process:
        """This process, or a new one in its place when there is none or it can take no file."""
        if process is not None and process.fit():
            return process
        with self._lock:
            if process is not None:
                process.close()
                self._running.discard(process)
                metrics.READERS_REPLACED.inc()
            if self._closed:
                raise Unavailable("The service is closing. Nothing was changed: try again in a minute.")
            fresh = Process(self._limits, self._seconds)
            self._running.add(fresh)
        return fresh
