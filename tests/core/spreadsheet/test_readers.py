"""The reading processes: warm, limited, watched, replaced, and never in one another's way."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.core.errors import Unavailable
from app.core.spreadsheet import readers
from app.core.spreadsheet.reading import Readers, Unreadable
from tests.core.spreadsheet.builders import HEADINGS, KNOWN, xlsx

SLOW = ",".join(HEADINGS).encode() + b"\n1,2,3,4" * 600_000
RETURN = xlsx({"Return": [HEADINGS, ["1"]]})


@pytest.fixture
def two() -> Iterator[Readers]:
    pool = Readers(2, max_rows=500, seconds=9.0)
    yield pool
    pool.close()


def only(pool: Readers) -> int:
    (pid,) = pool.pids()
    return pid


def test_a_process_stays_for_the_next_file(two: Readers) -> None:
    two.read(RETURN, KNOWN)
    pid = only(two)
    for _ in range(5):
        two.read(RETURN, KNOWN)
    assert only(two) == pid


def test_a_process_that_died_while_idle_is_replaced_unnoticed(two: Readers) -> None:
    two.read(RETURN, KNOWN)
    os.kill(only(two), signal.SIGKILL)
    assert len(two.read(RETURN, KNOWN).rows) == 1


def test_a_process_that_dies_before_it_has_the_file_leaves_the_file_to_another(two: Readers) -> None:
    two.read(RETURN, KNOWN)
    pid = only(two)
    os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as other:
        reading = other.submit(two.read, RETURN, KNOWN)
        time.sleep(0.1)
        os.kill(pid, signal.SIGKILL)
        assert len(reading.result().rows) == 1


def test_a_process_that_dies_at_work_refuses_its_file_only(two: Readers) -> None:
    two.read(RETURN, KNOWN)
    with ThreadPoolExecutor(1) as other:
        reading = other.submit(two.read, SLOW, KNOWN)
        time.sleep(0.3)
        os.kill(only(two), signal.SIGKILL)
        with pytest.raises(Unreadable) as refused:
            reading.result()
    assert refused.value.code == "F04"
    assert len(two.read(RETURN, KNOWN).rows) == 1


def test_an_overdue_process_is_stopped_and_replaced() -> None:
    pool = Readers(1, max_rows=500, seconds=0.5)
    try:
        pool.read(RETURN, KNOWN)
        pid = only(pool)
        os.kill(pid, signal.SIGSTOP)
        begun = time.monotonic()
        with pytest.raises(Unreadable, match=r"longer than 0\.5 seconds"):
            pool.read(RETURN, KNOWN)
        assert time.monotonic() - begun < 3
        assert pid not in pool.pids()
        assert len(pool.read(RETURN, KNOWN).rows) == 1
    finally:
        pool.close()


def test_one_slow_file_leaves_the_others_quick(two: Readers) -> None:
    two.warm()
    with ThreadPoolExecutor(1) as other:
        reading = other.submit(two.read, SLOW, KNOWN)
        time.sleep(0.05)
        for _ in range(3):
            two.read(RETURN, KNOWN)
        assert not reading.done()
        assert isinstance(reading.exception(), Unreadable)


def test_many_at_once_are_all_read_right(two: Readers) -> None:
    files = [xlsx({"Return": [HEADINGS, *([[f"{n}-{row}"] for row in range(n)])]}) for n in range(1, 41)]
    with ThreadPoolExecutor(8) as threads:
        readings = list(threads.map(lambda data: two.read(data, KNOWN), files))
    assert [[row[0] for _, row in reading.rows] for reading in readings] == [
        [f"{n}-{row}" for row in range(n)] for n in range(1, 41)
    ]


def test_the_process_sees_nothing_of_the_services_secrets(two: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEBTOR_RETURNS_SECRET_KEY", "not for the reading process")
    two.read(RETURN, KNOWN)
    assert b"not for the reading" not in Path(f"/proc/{only(two)}/environ").read_bytes()


def test_memory_and_files_of_the_process_are_limited(two: Readers) -> None:
    two.read(RETURN, KNOWN)
    limits = Path(f"/proc/{only(two)}/limits").read_text()
    lines = {line[:25].strip(): line[25:].split() for line in limits.splitlines()}
    assert int(lines["Max address space"][0]) < 500 << 20
    assert lines["Max core file size"][0] == "0"
    assert lines["Max file size"][0] == "0"


def test_a_process_that_grew_makes_room_for_a_fresh_one_and_no_file_is_refused_for_it(
    two: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers.Limits, "worn_out", 1)
    seen = set()
    for _ in range(8):
        assert len(two.read(RETURN, KNOWN).rows) == 1
        seen |= two.pids()
    assert len(seen) > 1


def test_a_closed_pool_leaves_no_process_behind_and_takes_no_file() -> None:
    pool = Readers(2, max_rows=500, seconds=9.0)
    pool.warm()
    pids = pool.pids()
    assert len(pids) == 2
    pool.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with pytest.raises(Unavailable):
        pool.read(RETURN, KNOWN)


def test_an_answer_larger_than_allowed_is_not_taken(two: Readers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers.Limits, "answer", 100)
    with pytest.raises(Unreadable) as refused:
        two.read(RETURN, KNOWN)
    assert refused.value.code == "F04"
