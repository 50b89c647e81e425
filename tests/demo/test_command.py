"""The demo as a user starts it: served at the end, quick the second time, one sentence when it cannot be."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.cli.test_commands import say
from tests.guards.source import PROJECT

PLAIN = {name: value for name, value in os.environ.items() if not name.startswith("DEBTOR_RETURNS_")}


class Demo:
    """`debtor-returns demo` in a folder of its own."""

    def __init__(self, folder: Path, *options: str, **settings: str) -> None:
        command = "import sys; from app.cli import main; sys.argv[0] = 'debtor-returns'; main()"
        self.said = folder / "said.txt"
        with self.said.open("w") as said:
            self.process = subprocess.Popen(
            [sys.executable, "-c", command, "demo", *options],
            cwd=folder, stdout=said, stderr=subprocess.PIPE, text=True,
            env=PLAIN | {"PYTHONPATH": str(PROJECT)} | {f"DEBTOR_RETURNS_{key}": value for key, value in settings.items()},
        )  # fmt: skip

    def serving(self) -> str:
        """What it said until it served."""
        for _ in range(600):
            if "Serving on" in (said := self.said.read_text()):
                return said
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(self.said.read_text() + self.process.communicate()[1])

    def refused(self) -> tuple[int, str]:
        _, complaint = self.process.communicate(timeout=60)
        return self.process.returncode, complaint.strip()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:  # a shell may have told us to ignore Ctrl-C
        self.process.send_signal(how)
        self.process.communicate(timeout=30)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def is_up(port: int) -> httpx.Response:
    for _ in range(100):
        try:
            return httpx.get(f"http://127.0.0.1:{port}/health/ready")
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("It does not answer.")


def tour(said: str) -> list[tuple[dict[str, str], str]]:
    """The tour's calls: their headers and addresses."""
    lines = re.findall(r'curl .*-H "Authorization: (Bearer \S+)".*?"?(http://\S+?)"?$', said, re.M)
    return [({"Authorization": token}, address) for token, address in lines]


def test_the_demo_loads_serves_and_its_tour_works_and_the_second_start_keeps_it(tmp_path: Path):
    port = free_port()
    demo = Demo(tmp_path, "--port", str(port), "--trusts", "12", "--months", "2")
    said = demo.serving()
    assert "All people in it are invented" in said and "ovm.rj1@demo.example" in said
    assert is_up(port).status_code == 200
    assert f"A tour of the pages, at http://127.0.0.1:{port}" in said
    assert "sign in" in httpx.get(f"http://127.0.0.1:{port}/", follow_redirects=True).text.lower()
    (mine, template), (_, returns), (team, submissions) = tour(said)
    workbook = httpx.get(template, headers=mine)
    assert workbook.content[:2] == b"PK"
    month = template[-7:]
    form = {"organisation": "RJ1", "period": month, "declaration": "true"}
    sent = httpx.post(returns, headers=mine, data=form, files={"file": ("RJ1.xlsx", workbook.content)})
    assert (sent.status_code, sent.json()["lifecycle"]) == (201, "submitted")
    waiting = {one["organisation"] for one in httpx.get(submissions, headers=team).json()["items"]}
    assert waiting and "RJ1" not in waiting
    demo.stop()

    again = Demo(tmp_path, "--port", str(port))
    assert "there already" in again.serving()
    assert is_up(port).status_code == 200
    again.stop()


def test_a_demo_that_is_stopped_halfway_is_loaded_anew_by_the_next_start(tmp_path: Path):
    options = ("--port", str(free_port()), "--trusts", "12", "--months", "3")
    demo = Demo(tmp_path, *options)
    while " files" not in demo.said.read_text():
        assert demo.process.poll() is None
        time.sleep(0.02)
    demo.stop(signal.SIGKILL)
    assert demo.process.returncode != 0
    assert "Serving on" not in demo.said.read_text()
    again = Demo(tmp_path, *options)
    assert "stopped halfway" in again.serving()
    again.stop()


def test_a_port_in_use_is_said_before_anything_is_loaded(tmp_path: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, complaint = Demo(tmp_path, "--port", str(taken.getsockname()[1])).refused()
    assert code == 1
    assert complaint.endswith("Choose another with --port.") and "\n" not in complaint
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("options", "settings", "words"),
    [
        (("--port", "99999"), {}, "--port"),
        (("--trusts", "0"), {}, "--trusts"),
        ((), {"ENVIRONMENT": "production"}, "does not run in production"),
        ((), {"DATABASE_URL": "sqlite:////proc/nowhere/demo.db"}, "cannot be written"),
        ((), {"DATABASE_URL": "sqlite:////proc/version"}, "cannot be written"),
        ((), {"DATABASE_URL": "mysql://x"}, "DEBTOR_RETURNS_DATABASE_URL"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(tmp_path: Path, monkeypatch, options, settings, words: str):
    for name in set(os.environ) - set(PLAIN):
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    port = () if "--port" in options else ("--port", str(free_port()))
    done = say("demo", *port, *options, **settings)
    complaint = done.stderr.strip()
    assert (done.returncode != 0, done.stdout) == (True, "")
    assert words in complaint and "\n" not in complaint
