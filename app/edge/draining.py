"""Stopping in order: a signal first turns readiness off, then ends the taking of requests, and what is under way ends.

Works in each process of `serve --workers N`; one whose parent is gone stops too, since nobody would ever end it.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from types import FrameType

from app.core import stopping


def heed_signals(drain_seconds: float) -> None:
    """Puts itself before the server's own answer to SIGTERM. Called when the server begins; elsewhere it does nothing."""
    stopping.forget()
    before = signal.getsignal(signal.SIGTERM)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        return
    loop = asyncio.get_running_loop()

    def told(number: int, frame: FrameType | None) -> None:
        if stopping.has_begun():  # told twice: nothing is waited for
            before(signal.SIGTERM, frame)
            before(signal.SIGINT, frame)
        elif drain_seconds:
            loop.call_soon_threadsafe(loop.call_later, drain_seconds, before, number, None)
        else:
            before(number, frame)
        stopping.begin()

    signal.signal(signal.SIGTERM, told)
    if (parent := multiprocessing.parent_process()) is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
