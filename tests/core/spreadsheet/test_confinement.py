"""What a file could do that takes over the process that reads it: nothing but answer."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.core.spreadsheet import confinement, readers
from app.core.spreadsheet.child import LENGTH
from app.core.spreadsheet.result import Limits
from tests.core.spreadsheet.builders import HEADINGS, KNOWN, xlsx


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the probe says, started as the service starts its reading processes."""
    os.environ["DEBTOR_RETURNS_PROBED_SECRET"] = "not for the reading process"
    ours, theirs = socket.socketpair()
    spare = tmp_path_factory.mktemp("probe") / "spare"
    spare.touch()
    inherited = os.open("/dev/null", os.O_RDONLY)
    os.set_inheritable(inherited, True)
    command = readers.command("tests.core.spreadsheet.probe", theirs.fileno(), str(spare))
    with theirs, subprocess.Popen(**command) as process:
        theirs.close()
        ours.settimeout(30)
        (size,) = LENGTH.unpack(ours.recv(LENGTH.size, socket.MSG_WAITALL))
        said: dict[str, Any] = json.loads(ours.recv(size, socket.MSG_WAITALL))
        process.wait(10)
    ours.close()
    os.close(inherited)
    del os.environ["DEBTOR_RETURNS_PROBED_SECRET"]
    assert spare.read_bytes() == b""
    return said | {"inherited": inherited}


def test_the_kernel_takes_the_filter_here(told: dict[str, Any]) -> None:
    assert told["missing"] == ""


def test_no_deed_succeeds_from_inside(told: dict[str, Any]) -> None:
    assert len(told["met"]) >= 15
    assert [deed for deed, error in told["met"].items() if error is None] == []


FILTERED = (
    "a connection", "a connection by unix socket", "reading a file", "reading the service's secrets", "a process",
    "a signal to the service", "removing a file",
)  # fmt: skip


@pytest.mark.parametrize("deed", FILTERED)
def test_it_is_the_filter_that_refuses_and_not_only_a_limit(told: dict[str, Any], deed: str) -> None:
    assert told["met"][deed] == "PermissionError"


def test_nothing_of_the_service_is_open_in_it(told: dict[str, Any]) -> None:
    assert told["inherited"] not in told["open"]
    assert len(told["open"]) <= 6  # the three of every process, the socket, the probe's file, and the look itself


def test_its_environment_holds_no_setting(told: dict[str, Any]) -> None:
    assert not [name for name in told["environment"] if name.startswith("DEBTOR")]


def test_work_without_end_is_cut_off_by_the_process_itself() -> None:
    """Should the service be gone, nobody else would end it."""
    script = "from app.core.spreadsheet.child import limit_time; limit_time(0.3)\nwhile True: pass"
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", script], timeout=20, env={"PYTHONPATH": str(Path.cwd())}, check=False)
    assert done.returncode in {-signal.SIGALRM, -signal.SIGPROF}
    assert time.monotonic() - begun < 10


def test_a_machine_without_the_filter_still_reads_and_says_so_loudly(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(confinement.platform, "machine", lambda: "pdp11")
    assert "pdp11" in confinement._filter_calls()
    readers._unconfined.clear()
    readers._say_unconfined.cache_clear()
    readers._say_unconfined("no list of system calls for linux on pdp11")
    readers._say_unconfined("no list of system calls for linux on pdp11")
    assert readers.unconfined() == "no list of system calls for linux on pdp11"
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    readers._unconfined.clear()
    readers._say_unconfined.cache_clear()


def test_a_real_reading_process_runs_under_the_filter() -> None:
    pool = readers.Readers(1, max_rows=500, seconds=9.0)
    try:
        assert len(pool.read(xlsx({"Return": [HEADINGS, ["1"]]}), KNOWN).rows) == 1
        (pid,) = pool.pids()
        status = dict(
            line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line
        )
        assert (status["Seccomp"], status["NoNewPrivs"]) == ("2", "1")
        limits = Path(f"/proc/{pid}/limits").read_text()
        lines = {line[:25].strip(): line[25:].split()[0] for line in limits.splitlines()}
        assert (lines["Max processes"], lines["Max open files"]) == ("0", "0")
        assert int(lines["Max address space"]) == Limits(500).memory
        assert readers.unconfined() is None
    finally:
        pool.close()
