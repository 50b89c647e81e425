"""What processes hold in memory, read from the kernel. Linux only, and nothing of the service is loaded for it."""

import os
import threading
from pathlib import Path

MEGABYTE = 1 << 20


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


def peak(pid: int) -> float:
    """The most that the process has held, in megabytes. Not `ru_maxrss`: that begins with what its parent held."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / MEGABYTE
