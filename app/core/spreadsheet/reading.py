"""The only reader of workbooks: bytes in, the return's table out, or the sentence that says why not.

What is in the file is found out in a process of its own (`readers`, `child`), because a small file can ask for more
memory or time than there is.
"""

import atexit
import os
from functools import lru_cache

from app.core.spreadsheet.kinds import kind_of
from app.core.spreadsheet.readers import Readers, unconfined, unpacked
from app.core.spreadsheet.result import Limits, Reading, Unreadable
from app.settings import get_settings

__all__ = ["Limits", "Readers", "Reading", "Unreadable", "kind_of", "readers", "unconfined", "unpacked"]


def readers() -> Readers:
    """This process's readers, as the settings say."""
    return _readers(os.getpid())


@lru_cache(maxsize=1)
def _readers(_pid: int) -> Readers:
    """By process id, so that a forked server never shares its parent's reading processes."""
    settings = get_settings()
    pool = Readers(settings.readers, settings.max_rows, settings.reading_seconds)
    atexit.register(pool.close)
    return pool
