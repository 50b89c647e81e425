"""Reports of a large register: how long each takes to be built, as the Debtors Team reads it, a year back."""

import time
from collections.abc import Callable, Iterator
from statistics import median

from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.core.db import Database
from app.reports import service
from app.reports.catalogue import REPORTS
from bench.figures import Figure
from bench.million import making

MOST_MS = 1_000.0
TEAM = Actor("bench", "Bench", (Grant(Role.DEBTORS_TEAM),))


def figures(debts: int, times: int, say: Callable[[str], None]) -> list[Figure]:
    with making.on_sqlite(debts, say) as database:
        return list(_figures(database, debts, times))


def _figures(database: Database, debts: int, times: int) -> Iterator[Figure]:
    for report in REPORTS:
        took = []
        for _ in range(times):
            start = time.perf_counter()
            with database.reading() as db:
                service.read(db, TEAM, report.slug, service.asked_for(TEAM))
            took.append((time.perf_counter() - start) * 1000)
        yield Figure(f"Report {report.slug} of {debts:,} debts: median", median(took), "ms", most_itself=MOST_MS)
