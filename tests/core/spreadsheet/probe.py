"""Stands in for the reading process, confined as that is, and tries what a file that took it over would try.

Its answer to the service's greeting is a JSON object: each deed with the error it met, or null where it succeeded.
"""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

from app.core.spreadsheet.child import LENGTH
from app.core.spreadsheet.confinement import confine
from app.core.spreadsheet.result import Limits

PARENT = os.getppid()
DEEDS: dict[str, Callable[[], object]] = {
    "a connection": lambda: socket.socket(socket.AF_INET),
    "a connection by unix socket": lambda: socket.socket(socket.AF_UNIX),
    "a web page": lambda: urlopen("http://127.0.0.1:9/", timeout=1),
    "reading a file": lambda: Path("/etc/passwd").read_text(),
    "reading the service's secrets": lambda: Path(f"/proc/{PARENT}/environ").read_bytes(),
    "writing a file": lambda: Path("/tmp/from-the-reading-process").write_text("x"),
    "writing to what is open": lambda: os.write(SPARE, b"x" * 100),
    "removing a file": lambda: Path(SPARE_NAME).unlink(),
    "a program": lambda: subprocess.run(["/bin/true"], check=True),
    "a process": os.fork,
    "a thread": lambda: threading.Thread(target=print).start(),
    "a signal to the service": lambda: os.kill(PARENT, 0),
    "more memory": lambda: bytearray(1 << 30),
    "a list of files": lambda: list(Path("/").iterdir()),
    "another's memory": lambda: os.open(f"/proc/{PARENT}/mem", os.O_RDONLY),
}
SPARE_NAME = sys.argv[2] if Path(sys.argv[2]).is_file() else ""
SPARE = os.open(SPARE_NAME, os.O_WRONLY) if SPARE_NAME else -1


def attempt(deed: Callable[[], object]) -> str | None:
    try:
        deed()
    except BaseException as error:
        return type(error).__name__
    return None


def main() -> None:
    with socket.socket(fileno=int(sys.argv[1])) as parent:
        open_at_start = sorted(int(path.name) for path in Path("/proc/self/fd").iterdir())
        environment = sorted(os.environ)
        missing = confine(Limits(500))
        met = {name: attempt(deed) for name, deed in DEEDS.items()}
        said = json.dumps({"missing": missing, "met": met, "open": open_at_start, "environment": environment}).encode()
        parent.sendall(LENGTH.pack(len(said)) + said)


if __name__ == "__main__":
    main()
