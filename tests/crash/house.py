"""The service as its machine runs it: real processes on a real database, started in moments and killed at any moment."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import update

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.models import ApiToken
from app.accounts.permissions import Role
from app.core.db import Database
from tests.api.conftest import fill
from tests.guards.source import PROJECT

SECRET = "a secret that is only good for the tests"
BUSY = 60.0  # seconds that a machine with other work may need for what takes one


PEOPLE = (
    ("first", Role.TRUST, "RJ1"),
    ("second", Role.TRUST, "RJ1"),
    ("other", Role.TRUST, "RYJ"),
    ("desk", Role.DEBTORS_TEAM, None),
    ("head", Role.DEBTORS_TEAM, None),
)


class Nursery:
    """Makes processes that have imported everything before they are born."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery"], cwd=PROJECT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def start(self, args: list[str], env: dict[str, str], log: Path) -> int:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps({"args": args, "env": env, "log": str(log)}) + "\n")
        self._process.stdin.flush()
        while not (line := self._process.stdout.readline().strip()).isdigit():
            assert self._process.poll() is None, "the nursery has died"
        return int(line)

    def close(self) -> None:
        self._process.communicate()


@contextmanager
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@dataclass(frozen=True)
class Caller:
    """Somebody with a token who asks the service over the network. Calls are relative to /api/v1."""

    url: str
    token: str

    def call(self, method: str, path: str, **more: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        return httpx2.request(method, f"{self.url}/api/v1{path}", headers=headers, timeout=BUSY, **more)

    def get(self, path: str, **params: Any) -> httpx2.Response:
        return self.call("GET", path, params=params)

    def post(self, path: str, json: Any = None) -> httpx2.Response:
        return self.call("POST", path, json=json)

    def upload(self, data: bytes, organisation: str = "RJ1", **form: str) -> httpx2.Response:
        form = {"organisation": organisation, "period": "2026-10", "declaration": "true"} | form
        return self.call("POST", "/returns", data=form, files={"file": ("return.csv", data)})


class House:
    """A filled database, the service upon it at `url`, and who may ask it. `folder` holds logs and scratch files."""

    def __init__(self, database: Database, nursery: Nursery, folder: Path, address: str | None = None) -> None:
        self.database, self.folder, self._nursery = database, folder, nursery
        self.address = address or database.url.render_as_string(hide_password=False)
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.sessions: list[int] = []
        fill(database)
        with database.writing() as db:
            for name, role, place in PEOPLE:
                accounts.add_user(db, COMMAND_LINE, f"{name}@people.example", role, place)
        self.people: dict[str, Caller] = {}
        self._give_tokens()

    def _give_tokens(self) -> None:
        """Good for years, since a purge of later deletes those that have run out by then."""
        with self.database.writing() as db:
            for name, _role, _place in PEOPLE:
                token = accounts.create_token(db, COMMAND_LINE, f"{name}@people.example")
                self.people[name] = Caller(self.url, token)
            db.execute(update(ApiToken).values(expires_at=datetime(2030, 1, 1, tzinfo=UTC)))

    def run(self, *args: str, **settings: str) -> int:
        """Starts a command; its process leads the session of this number."""
        mine = {"DATABASE_URL": self.address, "ENVIRONMENT": "test", "SECRET_KEY": SECRET, "TODAY": "2026-11-22"}
        mine |= {"READERS": "1"} | {name.upper(): value for name, value in settings.items()}
        env = {f"DEBTOR_RETURNS_{name}": value for name, value in mine.items()} | {"TMPDIR": str(self.scratch)}
        number = self._nursery.start(list(args), env, self.folder / f"{args[0]}.log")
        self.sessions.append(number)
        return number

    def serve(self, **settings: str) -> int:
        """Starts the service and waits until it is ready."""
        number = self.run("serve", "--port", str(self.port), **settings)
        until(self.is_ready, f"The service did not get ready: {self.log()}")
        return number

    def is_ready(self) -> bool:
        with suppress(httpx2.TransportError):
            return httpx2.get(f"{self.url}/health/ready", timeout=BUSY).status_code == 200
        return False

    def log(self) -> str:
        log = self.folder / "serve.log"
        return log.read_text()[-3000:] if log.exists() else ""

    def kill(self, number: int, alone: bool = False) -> None:
        """No goodbye: the whole session, or the process alone, whose children have to notice by themselves."""
        with suppress(ProcessLookupError):
            (os.kill if alone else os.killpg)(number, signal.SIGKILL)
        until(lambda: not members(number), f"Processes outlive {number}", 15)
        self.sessions.remove(number)

    def close(self) -> None:
        for number in list(self.sessions):
            self.kill(number)


def members(session: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                said = (folder / "stat").read_text().rpartition(") ")[2].split()
                if int(said[3]) == session and said[0] != "Z":
                    found.append(int(folder.name))
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(so: Callable[[], bool], else_said: str, seconds: float = BUSY) -> None:
    end = time.monotonic() + seconds
    while not so():
        if time.monotonic() > end:
            raise AssertionError(else_said)
        time.sleep(0.02)
