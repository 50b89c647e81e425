"""Work that follows many requests but need not be done for each: one run serves all who asked before it began."""

import threading
from collections.abc import Callable


class Afterwards:
    """Runs in the thread of whoever asks first; who asks meanwhile goes on, and is served by the run after this one."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._lock = threading.Lock()
        self._is_asked = self._is_running = False

    def ask(self) -> None:
        with self._lock:
            self._is_asked = True
            if self._is_running:
                return
            self._is_running = True
        try:
            while self._is_wanted():
                self._work()
        except BaseException:
            self._is_running = False
            raise

    def _is_wanted(self) -> bool:
        with self._lock:
            self._is_running, self._is_asked = self._is_asked, False
            return self._is_running
