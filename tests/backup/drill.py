"""The drill: a large register is backed up while returns come in, and restored elsewhere; how long each took."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Thread

from sqlmodel import col, select

from app.backup import restoring, taking
from app.core.db import Database
from app.core.ids import new_id
from app.core.many_rows import insert_rows
from app.retention import service as retention
from app.returns import parts
from app.returns.models import Return, ReturnPart
from bench.million import making
from bench.million.questions import Desk
from bench.workbooks import new_debts
from tests.backup.conftest import KEY, Operator

PIECE = 1 << 20


@dataclass
class Load:
    """Returns that come in one after the other, and how long each took."""

    seconds: list[float] = field(default_factory=list)
    troubles: list[BaseException] = field(default_factory=list)


@dataclass(frozen=True)
class Drill:
    """What it came to; times in seconds, sizes in bytes."""

    rows: int
    size: int
    backup: float
    restore: float
    uploads: list[float]
    wrong: list[str]

    def __str__(self) -> str:
        slowest = max(self.uploads, default=0.0)
        return (
            f"{self.rows:,} rows, a file of {self.size / 1e6:,.0f} MB: backup {self.backup:.1f} s beside {len(self.uploads)} "
            f"uploads (the slowest {slowest:.2f} s), restore {self.restore:.1f} s"
        )


def make(database: Database, debts: int, megabytes: int, organisations: int = 220, months: int = 120) -> None:
    """A register of so many debts, and so many megabytes of files as they were sent, which do not compress."""
    making.make(database, debts, lambda _: None, organisations, months)
    retention.purge(database, Operator())
    with database.reading() as db:
        ids = db.exec(select(col(Return.id)).order_by(col(Return.submitted_at).desc()).limit(max(megabytes, 1))).all()
    for id_ in ids[:megabytes]:
        with database.writing() as db:
            row = {"id": new_id(), "return_id": id_, "part": parts.ORIGINAL, "content": os.urandom(PIECE)}
            insert_rows(db, ReturnPart.__table__, [row])  # type: ignore[attr-defined]


@contextmanager
def uploads(database: Database) -> Iterator[Load]:
    """Returns come in until the end."""
    desk, load, over = Desk(database, making.OFFICER), Load(), Event()

    def send() -> None:
        for number in count(8_000_000, 20):
            if over.is_set():
                return
            began = time.perf_counter()
            try:
                desk.report(new_debts(20, number))
            except BaseException as error:
                load.troubles.append(error)
                return
            load.seconds.append(time.perf_counter() - began)

    thread = Thread(target=send)
    thread.start()
    try:
        yield load
    finally:
        over.set()
        thread.join()


def run(database: Database, elsewhere: Database, file: Path) -> Drill:
    with uploads(database) as load:
        while not load.seconds and not load.troubles:
            time.sleep(0.01)
        began = time.perf_counter()
        taken = taking.take(database, Operator(), file, KEY)
        backup = time.perf_counter() - began
    assert load.troubles == []
    began = time.perf_counter()
    done = restoring.restore(elsewhere, Operator(), file, KEY, force=True)  # the invented register does not prove right
    return Drill(done.rows, taken.size, backup, time.perf_counter() - began, load.seconds, done.wrong)
