"""One upload from bytes to committed, on a database of its own, and how long each stage of it took."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from pathlib import Path
from shutil import copy
from types import ModuleType
from typing import Any, Protocol, TypeVar

from app.accounts.access import COMMAND_LINE
from app.core import clock, migrating
from app.core.db import Database
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.returns import assessing, merging, open_rows, service
from app.returns.models import Return

T = TypeVar("T")
ORGANISATION, PERIOD = "RJ1", Period(2026, 10)
STAGES: dict[str, tuple[ModuleType, str]] = {
    "pre-flight and read": (service, "read"),
    "parse": (assessing, "parse"),
    "snapshot": (assessing, "snapshot"),
    "judge": (assessing, "judge"),
    "keep": (merging, "keep"),
    "post": (merging, "post"),
    "open rows": (open_rows, "settle"),
}


class Fresh(Protocol):
    def fresh(self) -> AbstractContextManager[Database]:
        """A database that is migrated, has the organisations and nothing else."""


class Ground:
    """Hands out fresh databases: migrated, with the organisations, nothing else in them."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0
        self._first = folder / "first.db"
        database = Database(f"sqlite:///{self._first}")
        fill(database)
        with database.reading() as db:
            db.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        self._count += 1
        database = Database(f"sqlite:///{copy(self._first, self._folder / f'{self._count}.db')}")
        yield database
        database.close()
        for file in self._folder.glob(f"{self._count}.db*"):
            file.unlink()


def fill(database: Database) -> None:
    migrating.upgrade(database)
    with database.writing() as db:
        organisations.load_shipped(db, COMMAND_LINE)


def time_of(work: Callable[[Database, bytes], object], database: Database, data: bytes) -> float:
    """In seconds."""
    start = time.perf_counter()
    work(database, data)
    return time.perf_counter() - start


def upload(database: Database, data: bytes) -> Return:
    """Bytes to committed. The rows must all be taken, or the figure would mean nothing."""
    return_ = _sent(database, data)
    if return_ is None or return_.new != return_.read or not return_.read:
        raise SystemExit("The bench's own rows were not all accepted: its workbook or a rule is wrong.")
    return return_


def upload_again(database: Database, data: bytes) -> Return:
    """The same with rows that all stand in the register already."""
    return_ = _sent(database, data)
    if return_ is None or return_.changed + return_.unchanged != return_.read or not return_.changed:
        raise SystemExit("The bench's own rows were not all known: its workbook or a rule is wrong.")
    return return_


def _sent(database: Database, data: bytes) -> Return | None:
    sent = service.Upload(ORGANISATION, PERIOD, data, "bench.xlsx", clock.now())
    with database.writing() as db:
        return service.receive(db, COMMAND_LINE, sent).return_


@contextmanager
def stages() -> Iterator[dict[str, float]]:
    """Seconds spent in each stage by all uploads inside."""
    spent: dict[str, float] = defaultdict(float)
    before = {name: getattr(module, function) for name, (module, function) in STAGES.items()}
    for name, (module, function) in STAGES.items():
        setattr(module, function, _timed(before[name], name, spent))
    try:
        yield spent
    finally:
        for name, (module, function) in STAGES.items():
            setattr(module, function, before[name])


def _timed(work: Callable[..., T], name: str, spent: dict[str, float]) -> Callable[..., T]:
    @wraps(work)
    def timed(*args: Any, **kwargs: Any) -> T:
        start = time.perf_counter()
        try:
            return work(*args, **kwargs)
        finally:
            spent[name] += time.perf_counter() - start

    return timed
