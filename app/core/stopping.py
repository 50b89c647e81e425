"""Whether this process has been told to stop: the signal begins it, readiness tells of it."""

from threading import Event

_told = Event()


def begin() -> None:
    _told.set()


def has_begun() -> bool:
    return _told.is_set()


def forget() -> None:
    """A service that starts anew in the same process is not stopping."""
    _told.clear()
