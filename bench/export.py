"""The whole register downloaded from a real served process: how long it takes, and how much memory the server needs for it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from app.accounts import service as accounts
from app.accounts.access import COMMAND_LINE
from bench.figures import Figure
from bench.million import making
from bench.processes import Watch
from bench.serving import serving

MOST_GROWN = 150.0  # megabytes
PATIENCE = 3600
KINDS = ("csv", "xlsx")


def figures(folder: Path, debts: int, say: Callable[[str], None]) -> list[Figure]:
    with making.on_sqlite(debts, say) as standing, making.copied(standing, folder) as database:
        with database.writing() as db:
            token = accounts.create_token(db, COMMAND_LINE, making.TEAM)
        file = Path(database.url.database or "")
        database.close()
        with serving(file, token) as (pid, client):
            client.get("/api/v1/debts?limit=1").raise_for_status()
            return [figure for kind in KINDS for figure in _download(pid, client, kind, debts)]


def _download(pid: int, client: httpx.Client, kind: str, debts: int) -> Iterator[Figure]:
    size, start, asked = 0, time.perf_counter(), {"purpose": "Bench", "recipient": "Bench"}
    with Watch(pid) as before:
        pass
    with (
        Watch(pid) as during,
        client.stream("GET", f"/api/v1/consolidated.{kind}", params=asked, timeout=PATIENCE) as answer,
    ):
        if answer.status_code != 200:
            raise SystemExit(f"The export of the register was answered {answer.status_code}.")
        for piece in answer.iter_raw():
            size += len(piece)
    took = time.perf_counter() - start
    grown = during.server - before.server + during.readers - before.readers
    yield Figure(f"{debts:,} debts as {kind}: whole", took, "s")
    yield Figure("  size", size / 1e6, "MB")
    yield Figure("  memory of the server and its children grows", grown, "MB", most_itself=MOST_GROWN)
