"""The service as it is started for real: a web process or a worker on a database of the bench's own, and who asks it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.core.db import Database
from bench.upload import ORGANISATION, PERIOD, fill

EMAIL = "bench@hospital.example"
PROGRAM = "from app.cli import main; main()"


@contextmanager
def served(file: Path, program: str = PROGRAM) -> Iterator[tuple[int, httpx.Client]]:
    """On a new database, for a trust's program. `program` is what its Python runs with the arguments of the command."""
    database = Database(f"sqlite:///{file}")
    fill(database)
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, EMAIL, "trust", ORGANISATION)
        token = accounts.create_token(db, COMMAND_LINE, EMAIL)
    database.close()
    with serving(file, token, program) as found:
        yield found


@contextmanager
def serving(file: Path, token: str, program: str = PROGRAM) -> Iterator[tuple[int, httpx.Client]]:
    """On a database that stands, for whose token it is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, signed = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {token}"}
    with (
        running(file, "serve", "--port", str(port), program=program) as server,
        httpx.Client(base_url=address, headers=signed, timeout=60) as client,
    ):
        _await(client, server)
        yield server.pid, client


@contextmanager
def running(file: Path, *command: str, program: str = PROGRAM) -> Iterator["subprocess.Popen[bytes]"]:
    usual = {name: value for name, value in os.environ.items() if not name.startswith("DEBTOR_RETURNS_")}
    environment = usual | {
        "DEBTOR_RETURNS_DATABASE_URL": f"sqlite:///{file}",
        "DEBTOR_RETURNS_ENVIRONMENT": "test",
        "DEBTOR_RETURNS_TODAY": "2026-11-22",
    }
    arguments = [sys.executable, "-c", program, *command]
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.terminate()


def send(client: httpx.Client, data: bytes) -> None:
    form = {"organisation": ORGANISATION, "period": str(PERIOD), "declaration": "true"}
    answer = client.post("/api/v1/returns", data=form, files={"file": ("bench.xlsx", data)})
    if answer.status_code != 201:
        raise SystemExit(f"The served process answered {answer.status_code} to the bench's own file.")


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
