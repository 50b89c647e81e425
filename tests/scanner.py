"""A real ClamAV for the tests: the machine's clamd with one signature of our own, and none from anywhere else.

`make tools` runs this file, which installs the package where this machine lets us. What cannot be had is named in one
line, and the tests do not start.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "clamav-daemon"
SIGNATURE = b"THIS-IS-THE-SIGNATURE-OF-THE-TESTS"
LARGEST = 2 << 20
_ELSEWHERE = ("/usr/sbin/clamd", "/usr/local/sbin/clamd")


def program() -> str | None:
    return shutil.which("clamd") or next((path for path in _ELSEWHERE if Path(path).exists()), None)


def make_ready() -> str | None:
    """Installs what is missing. Gives what could not be had."""
    if program() is None and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing ClamAV's daemon for the tests", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
        plain = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "-qq", "update"], check=False, env=plain, **quiet)
        subprocess.run(
            ["apt-get", "-qq", "install", "--no-install-recommends", PACKAGE], check=False, env=plain, **quiet
        )
    return None if program() else PACKAGE


@dataclass
class Scanner:
    """A running clamd and the folder in which it lives."""

    home: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def by_tcp(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def by_unix(self) -> str:
        return f"unix://{self.home}/clamd.sock"


@contextmanager
def running() -> Iterator[Scanner]:
    """Raises AssertionError where there is no clamd: run `make tools`."""
    clamd = program()
    assert clamd, f"The tests need {PACKAGE}: run make tools"
    home = Path(tempfile.mkdtemp(prefix="debtor-returns-clamd-"))
    (home / "signatures").mkdir()
    (home / "signatures" / "ours.ndb").write_text(f"Tests.Own:0:*:{SIGNATURE.hex()}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (home / "clamd.conf").write_text(
        f"DatabaseDirectory {home}/signatures\nLocalSocket {home}/clamd.sock\nTCPSocket {port}\nTCPAddr 127.0.0.1\n"
        f"Foreground yes\nStreamMaxLength {LARGEST >> 20}M\nMaxThreads 2\nTemporaryDirectory {home}\n"
    )
    process = subprocess.Popen(
        [clamd, "-c", str(home / "clamd.conf")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _await(process, port)
        yield Scanner(home, port, process)
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(home, ignore_errors=True)


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        assert process.poll() is None, "clamd ended at once"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("clamd did not start within 30 seconds")


if __name__ == "__main__":
    if missing := make_ready():
        sys.exit(f"The tests need {missing}, which could not be installed here: sudo apt-get install {missing}")
