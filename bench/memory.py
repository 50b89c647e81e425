"""The memory of each process of a real service: idle, and while it takes a large file in."""

import time
from pathlib import Path

from app.core import rounds
from app.core.db import Database
from bench.figures import Figure
from bench.processes import Watch, children, resident
from bench.serving import running, send, served
from bench.workbooks import new_debts

MOST_IDLE, MOST_GROWN = 150.0, 150.0  # megabytes
PATIENCE = 60.0  # seconds; a worker that has had no round by then hangs
SETTLED, LONGEST = 0.5, 20.0  # a process idles when its memory has not moved for so many seconds


def figures(folder: Path, rows: int) -> list[Figure]:
    """A few usual returns come before the large file, so that all is loaded."""
    file = folder / "served.db"
    with served(file) as (pid, client):
        with running(file, "worker") as worker:
            idle = settled(pid)
            _await_a_round(file)
            working = settled(worker.pid)
        for warm in range(3):
            send(client, new_debts(50, 3_000_000 + warm * 50))
        reader = sum(map(settled, children(pid)))
        with Watch(pid) as before:
            pass
        with Watch(pid) as during:
            send(client, new_debts(rows))
    grown = during.server - before.server, during.readers - before.readers
    return [
        Figure("idle: the process that answers", idle, "MB", most_itself=MOST_IDLE),
        Figure("idle: its reading process", reader, "MB", most_itself=MOST_IDLE),
        Figure("idle: the worker", working, "MB", most_itself=MOST_IDLE),
        Figure(f"memory grows, taking {rows:,} rows in", sum(grown), "MB", most_itself=MOST_GROWN),
        Figure("  the process that answers", grown[0], "MB", "before", before.server),
        Figure("  its reading process", grown[1], "MB", "before", before.readers),
    ]


def _await_a_round(file: Path) -> None:
    """The worker has loaded all that it needs when it has gone through its jobs."""
    database, until = Database(f"sqlite:///{file}"), time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        with database.reading() as db:
            if rounds.rounds(db):
                database.close()
                return
        time.sleep(0.05)
    raise SystemExit("The worker has done nothing.")


def settled(pid: int) -> float:
    """What the process holds when it has come to rest, in megabytes."""
    start, held, since = time.perf_counter(), 0.0, time.perf_counter()
    while (now := time.perf_counter()) - start < LONGEST and now - since < SETTLED:
        if abs((seen := resident(pid)) - held) > 0.5:
            held, since = seen, now
        time.sleep(0.02)
    return held
