"""A disk that is full or can only be read: 503 with a sentence in time, nothing broken, and all by itself well again."""

import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from app.core import migrating
from app.core.db import Database
from app.verifying import service as verifying
from tests.crash.house import House, Nursery, until
from tests.postgres import server
from tests.returns.conftest import csv_of, row
from tests.stores import Store

IN_TIME = 5.0


def file_of(first: int, size: int) -> bytes:
    return csv_of(row(f"{number:05d}") for number in range(first, first + size))


def refused_in_time(house: House, data: bytes) -> None:
    began = time.monotonic()
    answer = house.people["first"].upload(data)
    took = time.monotonic() - began
    assert (answer.status_code, took < IN_TIME) == (503, True), (
        f"{answer.status_code} after {took:.1f} s: {answer.text}"
    )
    assert "again" in answer.json()["detail"]
    assert httpx2.get(f"{house.url}/health/live", timeout=IN_TIME).status_code == 200


def whole(house: House, numbers: int) -> None:
    """Every debt of the files that were taken, none of one that was not, and a sound file."""
    with house.database.reading() as db:
        assert [result.words for result in verifying.verify(db) if result.wrong] == []
        assert db.connection().exec_driver_sql("SELECT count(*) FROM debts").scalar_one() == numbers


@pytest.fixture
def on_sqlite(_sqlite: Store, born: Nursery, tmp_path: Path) -> Iterator[House]:
    _sqlite.touched = True
    house = House(_sqlite.database, born, tmp_path)
    yield house
    house.close()
    _sqlite.renew()


def test_while_files_cannot_grow_returns_are_refused_in_a_sentence_and_afterwards_taken(on_sqlite: House):
    """What a user may do to a process of his own: no file of it may grow any more."""
    service = on_sqlite.serve()
    first, log = on_sqlite.people["first"], Path(f"{on_sqlite.database.url.database}-wal")
    assert first.upload(file_of(0, 3)).status_code == 201
    resource.prlimit(service, resource.RLIMIT_FSIZE, (log.stat().st_size, resource.RLIM_INFINITY))
    for _ in range(2):
        refused_in_time(on_sqlite, file_of(3, 100))
    assert len(first.get("/returns").json()["items"]) == 1
    resource.prlimit(service, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert first.upload(file_of(3, 100)).status_code == 201
    whole(on_sqlite, 103)


@contextmanager
def disk(at: Path, megabytes: int) -> Iterator[Path]:
    """A small disk of its own in memory."""
    if os.geteuid() != 0:
        pytest.fail("A disk to be filled is mounted by root alone: run `sudo make soak`.")
    at.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "debtor-returns-test", at], check=True)
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", at], check=True)


@contextmanager
def open_to_all() -> Iterator[Path]:
    """PostgreSQL does not run as root: its user has to get there."""
    with tempfile.TemporaryDirectory(prefix="debtor-returns-disk-") as home:
        Path(home).chmod(0o755)
        yield Path(home)


def fill(place: Path) -> Path:
    """Not a byte is left."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    return ballast


def live_through_a_full_disk(house: House, place: Path) -> None:
    house.serve()
    assert house.people["first"].upload(file_of(0, 3)).status_code == 201
    ballast = fill(place)
    for _ in range(3):
        refused_in_time(house, file_of(3, 4000))
    ballast.unlink()
    until(house.is_ready, "it is not ready although there is room again", 15)
    assert house.people["first"].upload(file_of(3, 4000)).status_code == 201
    whole(house, 4003)


@pytest.mark.soak
def test_on_sqlite_a_full_disk_breaks_nothing(born: Nursery, tmp_path: Path):
    """Scratch files and logs lie on it too."""
    with disk(tmp_path / "disk", 48) as place:
        database = Database(f"sqlite:///{place}/register.db")
        migrating.upgrade(database)
        house = House(database, born, place)
        live_through_a_full_disk(house, place)
        house.close()
        database.close()


@pytest.mark.soak
def test_on_sqlite_a_disk_that_can_only_be_read_breaks_nothing(born: Nursery, tmp_path: Path):
    with disk(tmp_path / "disk", 48) as place:
        database = Database(f"sqlite:///{place}/register.db")
        migrating.upgrade(database)
        house = House(database, born, tmp_path)
        database.close()
        subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        house.run("serve", "--port", str(house.port))
        until(lambda: _is_live(house), "the service does not start", 60)
        refused_in_time(house, file_of(0, 3))
        subprocess.run(["mount", "-o", "remount,rw", place], check=True)
        assert house.people["first"].upload(file_of(0, 3)).status_code == 201
        whole(house, 3)
        house.close()
        database.close()


def _is_live(house: House) -> bool:
    try:
        return httpx2.get(f"{house.url}/health/live", timeout=IN_TIME).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.mark.soak
def test_on_postgresql_a_full_disk_breaks_nothing(born: Nursery, tmp_path: Path):
    with open_to_all() as home, disk(home / "disk", 200) as place, server(place / "data") as url:
        database = Database(url.render_as_string(hide_password=False))
        migrating.upgrade(database)
        house = House(database, born, tmp_path)
        live_through_a_full_disk(house, place)
        house.close()
        database.close()
