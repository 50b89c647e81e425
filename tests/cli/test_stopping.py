"""Real processes that are stopped and killed: what was acknowledged is kept, and nothing is left behind."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from app.accounts.permissions import Role
from app.core.db import Database
from tests.api.conftest import PERIOD, fill, row, workbook
from tests.cli.test_commands import COMMAND


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    database: Database, log: Path, *more: str, **settings: Any
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    url = database.url.render_as_string(hide_password=False)
    named = {f"DEBTOR_RETURNS_{name.upper()}": str(value) for name, value in ({"database_url": url} | settings).items()}
    command = [*COMMAND, "serve", "--port", str(port), *more]
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, env=os.environ | named) as server:
        try:
            until(lambda: httpx2.get(f"http://127.0.0.1:{port}/health/live").status_code == 200)
            yield server, port
        finally:
            server.kill()


def until(is_so: Any, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        try:
            if is_so():
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("It did not come about.")


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def uploading(port: int, token: str) -> tuple[socket.socket, bytes]:
    """An upload of which the second half has not been sent yet, and that half."""
    form = httpx2.Request(
        "POST", f"http://127.0.0.1:{port}/api/v1/returns",
        data={"organisation": "RJ1", "period": PERIOD, "declaration": "true"},
        files={"file": ("return.xlsx", workbook(*(row(number) for number in range(1, 200))))},
    )  # fmt: skip
    body = form.read()
    head = (
        f"POST /api/v1/returns HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: {form.headers['content-type']}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    line = socket.create_connection(("127.0.0.1", port), timeout=60)
    half = len(body) // 2
    line.sendall(head.encode() + body[:half])
    return line, body[half:]


def test_an_upload_under_way_is_finished_before_the_service_ends(database: Database, tmp_path):
    fill(database)
    with database.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", Role.TRUST, "RJ1")
        token = accounts.create_token(db, COMMAND_LINE, "ovm@rj1.example")
    with serving(database, tmp_path / "log", drain_seconds=1) as (server, port):
        line, rest = uploading(port, token)
        time.sleep(0.3)  # until the server has taken what was sent
        server.terminate()
        until(lambda: httpx2.get(f"http://127.0.0.1:{port}/health/ready").status_code == 503, 5)
        until(lambda: not answers(port), 10)
        line.sendall(rest)
        with line:
            assert line.recv(200).startswith(b"HTTP/1.1 201 ")
        assert server.wait(30) == 0
    with database.reading() as db:
        kept = db.connection().exec_driver_sql("SELECT lifecycle, read FROM returns").all()
    assert kept == [("submitted", 199)]


@pytest.fixture
def small(_sqlite) -> Iterator[Database]:
    _sqlite.touched = True
    yield _sqlite.database
    _sqlite.renew()


def test_told_twice_it_ends_at_once_and_what_was_under_way_left_nothing(small: Database, tmp_path):
    fill(small)
    with small.writing() as db:
        accounts.add_user(db, COMMAND_LINE, "ovm@rj1.example", Role.TRUST, "RJ1")
        token = accounts.create_token(db, COMMAND_LINE, "ovm@rj1.example")
    with serving(small, tmp_path / "log", shutdown_seconds=600) as (server, port):
        line, _rest = uploading(port, token)
        time.sleep(0.3)
        server.terminate()
        until(lambda: not answers(port), 10)
        server.terminate()
        server.wait(10)
        line.close()
    with small.reading() as db:
        assert db.connection().exec_driver_sql("SELECT count(*) FROM returns").scalar() == 0


def test_of_several_processes_a_dead_one_is_replaced_and_metrics_add_up(small: Database, tmp_path):
    metrics = free_port()
    with serving(small, tmp_path / "log", "--workers", "2", metrics_port=metrics) as (server, port):

        def refused(times: int) -> bool:
            """A request is counted just after its answer has left, so the caller may know before the count does."""
            told = httpx2.get(f"http://127.0.0.1:{metrics}/metrics").text
            labels = 'method="GET",route="/api/v1/debts",status="401"'
            return f"debtor_returns_request_seconds_count{{{labels}}} {times}.0" in told

        for _ in range(3):
            assert httpx2.get(f"http://127.0.0.1:{port}/api/v1/debts").status_code == 401
        until(lambda: refused(3), 10)
        first = children(server.pid)
        assert len(first) == 2
        os.kill(first[0], signal.SIGKILL)
        until(lambda: len(set(children(server.pid)) - set(first)) == 1)
        for _ in range(2):
            until(lambda: httpx2.get(f"http://127.0.0.1:{port}/api/v1/debts").status_code == 401)
        until(lambda: refused(5), 10)
        assert "debtor_returns_database_up 1.0" in httpx2.get(f"http://127.0.0.1:{metrics}/metrics").text
        second = children(server.pid)
        server.kill()  # nobody would ever end its children
        until(lambda: not any(lives(each) for each in second), 30)
        assert not answers(port)


def children(parent: int) -> list[int]:
    """The processes that serve, in the order in which they began."""
    found = [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return sorted(each for each in found if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes())


def lives(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except OSError:
        return False
