"""Where a process keeps files that hold people for a moment: one folder of its own, gone with it however it ends.

The folder is locked as long as the process lives. When it was killed, the lock is gone too, and whoever comes next
deletes what it left.
"""

import atexit
import fcntl
import os
import shutil
import threading
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp

PREFIX = "debtor-returns-scratch-"
_making = threading.Lock()
_mine: dict[int, Path] = {}


def home() -> Path:
    """This process's folder, made when it is first asked for. What others left behind is deleted then."""
    with _making:
        mine = _mine.get(os.getpid())
        if mine is None or not mine.is_dir():
            sweep()
            mine = _mine[os.getpid()] = _make()
            atexit.register(shutil.rmtree, mine, ignore_errors=True)
        return mine


def sweep() -> None:
    """Deletes the folders whose process has ended."""
    for folder in Path(gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # somebody else's, or gone meanwhile
            if folder.lstat().st_uid == os.getuid() and (lock := _locked(folder)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)


def _make() -> Path:
    """Again when somebody swept it away before it was locked. The lock is held until the process ends."""
    while True:
        folder = Path(mkdtemp(prefix=PREFIX))
        with suppress(FileNotFoundError):
            if _locked(folder) is not None and folder.is_dir():
                return folder


def _locked(folder: Path) -> int | None:
    """None when another process holds it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
