"""How long the service takes until it is ready, beside loading only what it is made with, and what its processes hold idle."""

import os
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
from bench import memory
from bench.figures import Figure

COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]
BARE = [sys.executable, "-c", "import fastapi, sqlmodel"]
QUICK_ENOUGH, SMALL_ENOUGH = 1.5, 150  # seconds on a quiet machine, megabytes
MOST, MOST_WORK = 5.0, 3.5  # times of BARE, by the clock and in processor time


def figures(folder: Path, times: int) -> list[Figure]:
    """The best of so many starts, in turn with loading the bare libraries: a busy machine slows both."""
    os.environ["DEBTOR_RETURNS_DATABASE_URL"] = f"sqlite:///{folder}/starting.db"
    database = Database(os.environ["DEBTOR_RETURNS_DATABASE_URL"])
    migrating.upgrade(database)
    database.close()
    idle: list[float] = []
    rounds = [(_timed(_load_bare), _timed(lambda: _serve_once(idle))) for _ in range(times)]
    bare, whole = (tuple(min(one[which][what] for one in rounds) for what in (0, 1)) for which in (0, 1))
    return [
        Figure("serve, until it is ready", whole[0], "s", "fastapi and sqlmodel", bare[0], most=MOST),
        Figure("  by itself", whole[0], "s", most_itself=QUICK_ENOUGH),
        Figure("  processor time", whole[1], "s", "fastapi and sqlmodel", bare[1], most=MOST_WORK),
        Figure("memory of a process that serves, idle", max(idle), "MB", most_itself=SMALL_ENOUGH),
        Figure("  of a worker between its rounds", _worker(), "MB", most_itself=SMALL_ENOUGH),
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


def _serve_once(idle: list[float]) -> float:
    """Also notes the memory that it holds when it has answered for the first time."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    with subprocess.Popen([*COMMAND, "serve", "--port", str(port)], stderr=subprocess.DEVNULL) as server:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
                while server.poll() is None and time.perf_counter() - began < 60:
                    with suppress(httpx.TransportError):
                        if client.get("/health/ready").status_code == 200:
                            seconds = time.perf_counter() - began
                            idle.append(memory.resident(server.pid))
                            return seconds
                    time.sleep(0.01)
        finally:
            server.kill()
    raise SystemExit("The served process did not start.")


def _worker() -> float:
    """After its first rounds."""
    with subprocess.Popen([*COMMAND, "worker"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as worker:
        try:
            assert worker.stdout is not None
            worker.stdout.readline()  # The worker runs.
            time.sleep(1)
            return memory.resident(worker.pid)
        finally:
            worker.kill()
