"""The memory of a real served process and of its reading processes, told apart, while it takes a large file in."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.core.db import Database
from bench.figures import Figure
from bench.upload import ORGANISATION, PERIOD, fill
from bench.workbooks import new_debts

EMAIL, MEGABYTE = "bench@hospital.example", 1 << 20


class Watch:
    """The most resident memory that a process and its children had, in megabytes; read every 10 ms."""

    def __init__(self, pid: int) -> None:
        self._pid, self._stopped = pid, threading.Event()
        self.server = self.readers = 0.0
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            self.server = max(self.server, resident(self._pid))
            self.readers = max(self.readers, sum(map(resident, children(self._pid))))
            if self._stopped.wait(0.01):
                return


def resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            continue
    return found


def taking(folder: Path, rows: int) -> list[Figure]:
    """A usual return first, so that all is loaded; then the large file."""
    with served(folder / "served.db") as (pid, client):
        for warm in range(3):
            send(client, new_debts(50, 3_000_000 + warm * 50))
        with Watch(pid) as before:
            pass
        with Watch(pid) as during:
            send(client, new_debts(rows))
    grown = during.server - before.server, during.readers - before.readers
    return [
        Figure(f"server's memory grows, taking {rows:,} rows", sum(grown), "MB", most_itself=200),
        Figure("  the process that answers", grown[0], "MB", "before", before.server),
        Figure("  its reading processes", grown[1], "MB", "before", before.readers),
    ]


def send(client: httpx.Client, data: bytes) -> None:
    form = {"organisation": ORGANISATION, "period": str(PERIOD), "declaration": "true"}
    answer = client.post("/api/v1/returns", data=form, files={"file": ("bench.xlsx", data)})
    if answer.status_code != 201:
        raise SystemExit(f"The served process answered {answer.status_code} to the bench's own file.")


@contextmanager
def served(file: Path) -> Iterator[tuple[int, httpx.Client]]:
    """The service as a user starts it, on a database of its own."""
    database = Database(f"sqlite:///{file}")
    fill(database)
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, EMAIL, "trust", ORGANISATION)
        token = accounts.create_token(db, COMMAND_LINE, EMAIL)
    database.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from app.cli import main; main()", "serve", "--port", str(port)]
    usual = {name: value for name, value in os.environ.items() if not name.startswith("DEBTOR_RETURNS_")}
    environment = usual | {
        "DEBTOR_RETURNS_DATABASE_URL": f"sqlite:///{file}",
        "DEBTOR_RETURNS_ENVIRONMENT": "test",
        "DEBTOR_RETURNS_TODAY": os.environ["DEBTOR_RETURNS_TODAY"],
    }
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
                _await(client, server)
                yield server.pid, client
        finally:
            server.terminate()


def _await(client: httpx.Client, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        try:
            if client.get("/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            if server.poll() is not None:
                break
        time.sleep(0.1)
    raise SystemExit("The served process did not start.")
