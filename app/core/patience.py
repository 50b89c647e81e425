"""How long whoever writes waits for the database, and in which order: one after another, as they came.

SQLite lets one write at a time and lets the others ask again and again, so that the unlucky never get a turn. Here those
of one process queue in memory, and only the first of them asks SQLite.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from app.core.database_errors import OTHERS_WRITE
from app.core.errors import Blocked, Unavailable

IF_FREE = 0.05  # seconds; for what may be left undone
ASKED_EVERY = 0.005  # seconds; other processes take their turn between two of ours


@dataclass(frozen=True)
class Patience:
    """In seconds. `locked`: while another process keeps an SQLite file to itself. `turn`: while others before us write.

    `statement` and `idle` are PostgreSQL's: the longest statement, and the longest that a transaction may do nothing.
    0 is without end there.
    """

    locked: float
    turn: float
    statement: float = 0
    idle: float = 0

    def for_postgresql(self) -> str:
        milliseconds = {
            "lock_timeout": self.turn,
            "statement_timeout": self.statement,
            "idle_in_transaction_session_timeout": self.idle,
        }
        return "; ".join(f"SET {name} = {round(seconds * 1000)}" for name, seconds in milliseconds.items())


# Commands and the worker do long work, and may wait for it; whoever waits for an answer is told in time to try again.
PATIENT = Patience(locked=60, turn=600)
SERVING = Patience(locked=4, turn=20, statement=30, idle=60)


class _Waiting:
    def __init__(self) -> None:
        self.called = threading.Event()
        self.sent_away = False


class Turns:
    """One at a time, in the order in which they came. For the threads of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken = False
        self._queue: deque[_Waiting] = deque()

    def take(self, seconds: float) -> None:
        """Raises Unavailable when the turn does not come in that time, Blocked when those before waited in vain."""
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            mine = _Waiting()
            self._queue.append(mine)
        mine.called.wait(seconds)
        with self._lock:
            if not mine.called.is_set():
                self._queue.remove(mine)
                raise Unavailable(OTHERS_WRITE)
        if mine.sent_away:
            raise Blocked(OTHERS_WRITE)

    def pass_on(self) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().called.set()
            else:
                self._taken = False

    def send_away(self) -> None:
        """Ends the turn of one who waited in vain: those who queue behind have waited for the same."""
        with self._lock:
            for each in self._queue:
                each.sent_away = True
                each.called.set()
            self._queue.clear()
            self._taken = False


def insist(begin: Callable[[], object], is_locked: Callable[[BaseException], bool], seconds: float) -> None:
    """Begins, again and again while another process keeps the file locked. Raises what `begin` raised at last."""
    until = time.monotonic() + seconds
    while True:
        try:
            begin()
        except Exception as error:
            if not is_locked(error) or time.monotonic() > until:
                raise
            time.sleep(ASKED_EVERY)
        else:
            return
