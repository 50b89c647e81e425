"""Preparing and releasing a large register on SQLite: how long each takes, and how long somebody else who writes must wait."""

import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import text, update
from sqlmodel import Session

from app.accounts.access import COMMAND_LINE, Actor, Grant
from app.accounts.permissions import Role
from app.core.db import Database
from app.releases import preparing, releasing, sign_off
from app.releases.models import Release, SampleLine, Scope
from bench.figures import Figure
from bench.million import making

LONGEST_WAIT = 5.0  # seconds; SQLite gives up after 30
BETWEEN = 0.005
SECOND = Actor("bench two", "Bench two", (Grant(Role.DEBTORS_TEAM),))


def figures(number: int) -> list[Figure]:
    """The first release of a register, which adds every flag: the most that one can ask."""
    with TemporaryDirectory(prefix="debtor-returns-bench-") as folder:
        database = Database(f"sqlite:///{Path(folder, 'register.db')}")
        making.make(database, number, lambda _: None)
        with Waiting(database) as preparation:
            made = preparing.prepare(database, COMMAND_LINE, Scope.FULL, "MIDAS", "Bench")
        with database.writing() as db:
            approve(db, made)
        with Waiting(database) as releasing_it:
            releasing.release(database, SECOND, made.id)
        database.close()
    return [
        Figure(f"A release of {made.lines:,} lines, prepared", preparation.took, "s"),
        Figure("  others wait to write, longest", preparation.longest, "s", most_itself=LONGEST_WAIT),
        Figure(f"A release of {made.lines:,} lines, released, the first of its register", releasing_it.took, "s"),
        Figure("  others wait to write, longest", releasing_it.longest, "s", most_itself=LONGEST_WAIT),
    ]  # fmt: skip


def approve(db: Session, made: Release) -> None:
    db.execute(update(SampleLine).values(correct=True), execution_options={"synchronize_session": False})
    sign_off.approve(db, SECOND, made.id)


class Waiting:
    """Somebody who writes a little again and again: the longest time that it took, and how long it went on."""

    def __init__(self, database: Database) -> None:
        self._database, self._over = database, threading.Event()
        self.longest = self.took = 0.0
        self._thread = threading.Thread(target=self._write, daemon=True)

    def __enter__(self) -> "Waiting":
        self._began = time.perf_counter()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.took = time.perf_counter() - self._began
        self._over.set()
        self._thread.join()

    def _write(self) -> None:
        while not self._over.wait(BETWEEN):
            start = time.perf_counter()
            try:
                with self._database.writing() as db:
                    db.connection().execute(text("SELECT 1"))
            finally:  # also when it was sent away after half a minute
                self.longest = max(self.longest, time.perf_counter() - start)
