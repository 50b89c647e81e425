"""A file that is made beside where it is to stand, so that what stood there stays until the new one is whole."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from app.core.errors import Conflict


class Beside:
    """An open file with a name of its own beside `place`."""

    def __init__(self, place: Path, ending: str) -> None:
        self.place = place
        self.path = place.with_name(f".{place.name}.{ending}")
        number = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self.file: BinaryIO = os.fdopen(number, "r+b")

    def begin(self) -> None:
        """Takes it for this run alone, empties it, and lets only its owner read it. Raises Conflict (409)."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Conflict(f"The same is under way already: {self.path} is in use. Wait until it is done.") from None
        if not self._is_still_there():
            raise Conflict(f"Another run was at {self.path} at this moment. Try again.")
        os.fchmod(self.file.fileno(), 0o600)
        self._without_company()
        self.file.truncate(0)

    def put_in_place(self) -> None:
        """It is safe on the disk under its name, or what was there before is."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.path.replace(self.place)
        folder = os.open(self.place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def end(self) -> None:
        if self._is_still_there():
            self.path.unlink()
            self._without_company()

    def _is_still_there(self) -> bool:
        return self.path.exists() and os.path.samestat(self.path.stat(), os.fstat(self.file.fileno()))

    def _without_company(self) -> None:
        """SQLite's files that go with one that is no more."""
        for end in ("-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + end).unlink(missing_ok=True)


@contextmanager
def made_beside(place: Path, ending: str) -> Iterator[Beside]:
    """Goes away in the end unless it was put in its place. What a killed run left is overwritten."""
    beside = Beside(place, ending)
    with beside.file:
        beside.begin()
        try:
            yield beside
        finally:
            beside.end()
