"""Sparing Python's search for reference cycles while a large file is taken in: its rows make hundreds of thousands of
values without any, and searching them over and over would take a third of the time."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_sparing = 0


@contextmanager
def not_searched() -> Iterator[None]:
    """No search in this process until the last of those who ask for it is done; what they leave behind is found then."""
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(change: int) -> None:
    global _sparing  # noqa: PLW0603 - the search is the process's own, so there is one count of it
    with _lock:
        _sparing += change
        if _sparing:
            gc.disable()
        else:
            gc.enable()
