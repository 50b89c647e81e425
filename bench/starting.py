"""How long the service takes until it is ready, beside loading only what it is made with. Its memory: bench/memory.py."""

import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx

from app.core import migrating
from app.core.db import Database
from bench.figures import Figure
from bench.serving import running

BARE = [sys.executable, "-c", "import fastapi, sqlmodel"]
QUICK_ENOUGH = 1.5  # seconds on a quiet machine
MOST, MOST_WORK = 5.0, 3.5  # times of BARE, by the clock and in processor time


def figures(folder: Path, times: int) -> list[Figure]:
    """The best of so many starts, in turn with loading the bare libraries: a busy machine slows both."""
    file = folder / "starting.db"
    database = Database(f"sqlite:///{file}")
    migrating.upgrade(database)
    database.close()
    rounds = [(_timed(_load_bare), _timed(lambda: _serve_once(file))) for _ in range(times)]
    bare, whole = (tuple(min(one[which][what] for one in rounds) for what in (0, 1)) for which in (0, 1))
    return [
        Figure("serve, until it is ready", whole[0], "s", "fastapi and sqlmodel", bare[0], most=MOST),
        Figure("  by itself", whole[0], "s", most_itself=QUICK_ENOUGH),
        Figure("  processor time", whole[1], "s", "fastapi and sqlmodel", bare[1], most=MOST_WORK),
    ]


def _timed(work: Callable[[], float]) -> tuple[float, float]:
    """Seconds by the clock, as the work tells them, and of processor time of what it started."""
    before = _spent()
    seconds = work()
    return seconds, _spent() - before


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _load_bare() -> float:
    began = time.perf_counter()
    subprocess.run(BARE, check=True)
    return time.perf_counter() - began


def _serve_once(file: Path) -> float:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    with (
        running(file, "serve", "--port", str(port)) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client,
    ):
        while server.poll() is None and time.perf_counter() - began < 60:
            with suppress(httpx.TransportError):
                if client.get("/health/ready").status_code == 200:
                    seconds = time.perf_counter() - began
                    server.kill()  # stopping in order is none of its start
                    return seconds
            time.sleep(0.01)
    raise SystemExit("The served process did not start.")
