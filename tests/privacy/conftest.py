"""The service and its worker as real processes whose every word is kept."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.access import COMMAND_LINE
from app.accounts.models import Step
from app.accounts.permissions import Role
from app.core.db import Database
from tests.api.conftest import PLACES, Person, fill
from tests.guards.source import PROJECT
from tests.web.conftest import Browser

COMMAND = [sys.executable, "-c", "from app.cli import main; main()"]


class Visitor(Browser):
    """Somebody's browser at the real server."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client  # type: ignore[assignment]


@dataclass
class Running:
    """A running service: its database, its folder for what is temporary, and everything that it answered."""

    address: str
    database: Database
    folder: Path
    process: subprocess.Popen[bytes]
    settings: dict[str, str]
    answers: list[httpx2.Response] = field(default_factory=list)
    clients: list[httpx2.Client] = field(default_factory=list)

    def client(self) -> httpx2.Client:
        noting = {"response": [self.answers.append]}
        self.clients.append(httpx2.Client(base_url=self.address, event_hooks=noting, timeout=60))
        return self.clients[-1]

    def person(self, role: Role, organisation: str | None = None, name: str = "") -> Person:
        email = f"{name or role}@{(organisation or 'all').lower()}.example"
        with self.database.writing() as db:
            accounts.add_user(db, COMMAND_LINE, email, role, organisation or PLACES.get(role))
            return Person(self.client(), accounts.create_token(db, COMMAND_LINE, email))  # type: ignore[arg-type]

    def visitor(self, role: Role, organisation: str | None = None) -> Visitor:
        made = Visitor(self.client())
        with self.database.writing() as db:
            user = accounts.add_user(db, COMMAND_LINE, f"{role}@pages.example", role, organisation or PLACES.get(role))
            made.client.cookies.set("session", sessions.start(db, user, Step.IN))
        return made

    def command(self, *args: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
        """A command in a process of its own; what it says is kept with the logs."""
        more = {f"DEBTOR_RETURNS_{name.upper()}": value for name, value in settings.items()}
        with (self.folder / "log").open("ab") as log:
            return subprocess.run(
                [*COMMAND, *args],
                env=self.settings | more,
                cwd=PROJECT,
                stdout=log,
                stderr=log,
                timeout=60,
                check=False,
            )

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def processes(self) -> list[str]:
        """The arguments of every process of this service."""
        told = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.getpgid(int(entry.name)) == self.process.pid:
                    told.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except (ProcessLookupError, FileNotFoundError):
                continue
        return told

    def temporary(self) -> dict[str, bytes]:
        folder = self.folder / "tmp"
        return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def running(database: Database, tmp_path: Path) -> Iterator[Running]:
    fill(database)
    (tmp_path / "tmp").mkdir()
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    settings: dict[str, Any] = os.environ | {"DEBTOR_RETURNS_BASE_URL": address, "TMPDIR": str(tmp_path / "tmp")}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port)],
            env=settings, cwd=PROJECT, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            served = Running(address, database, tmp_path, process, settings)
            _wait_for(served)
            yield served
            for client in served.clients:
                client.close()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _wait_for(served: Running) -> None:
    for _ in range(300):
        assert served.process.poll() is None, served.log()
        try:
            if httpx2.get(f"{served.address}/health/ready", timeout=2).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise AssertionError(re.sub(r"\s+", " ", served.log()))
