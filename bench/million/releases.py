"""The release of changes of a large register: how long it takes to prepare, and the pages that show what changed."""

import time
from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import col

from app.accounts.access import COMMAND_LINE
from app.core.db import Database
from app.debts import service as debts
from app.debts.models import Debt
from app.releases import preparing, releasing
from app.releases.models import Change, Scope
from app.return_template.choices import Status
from bench.figures import Figure
from bench.million.making import TEAM
from bench.million.questions import PAGE, Desk
from bench.release_act import SECOND, approve

CHANGED, LOOKED = 1_000, 15


def figures(name: str, database: Database) -> Iterator[Figure]:
    """Releases the whole register once, changes some debts, and prepares what is then to be told. It stays so."""
    took = {}
    start = time.perf_counter()
    first = preparing.prepare(database, COMMAND_LINE, Scope.FULL, "MIDAS", "Bench")
    took["everything, prepared"] = time.perf_counter() - start
    with database.writing() as db:
        approve(db, first)
    start = time.perf_counter()
    releasing.release(database, SECOND, first.id)
    took["everything, released"] = time.perf_counter() - start
    change(database, CHANGED)
    start = time.perf_counter()
    second = preparing.prepare(database, COMMAND_LINE, Scope.CHANGES, "MIDAS", "Bench")
    took["its changes, prepared"] = time.perf_counter() - start
    for what, seconds in took.items():
        lines = second.lines if "changes" in what else first.lines
        yield Figure(f"{name}, a release of {what} ({lines:,} lines)", seconds, "s")
    desk = Desk(database, TEAM)
    for path in ("/releases", f"/releases/{second.id}", f"/releases/{second.id}/lines?change={Change.UPDATED}"):
        times = []
        for _ in range(LOOKED):
            start = time.perf_counter()
            desk.page(path)
            times.append((time.perf_counter() - start) * 1000)
        shown = path.replace(second.id, "…")
        figure = Figure(f"{name}, team at {shown}: slowest of {LOOKED}", max(times), "ms", most_itself=PAGE)
        yield replace(figure, beside="quickest", other=min(times))


def change(database: Database, number: int) -> None:
    """So many debts are paid back in part."""
    with database.writing() as db:
        query = select(Debt).where(col(Debt.status) == Status.OUTSTANDING.value, ~col(Debt.held))
        for debt in db.execute(query.order_by(col(Debt.id).desc()).limit(number)).scalars().all():
            move = debts.Move(Status.OUTSTANDING, None, debt.amount_outstanding - 1)
            debts.change_status(db, COMMAND_LINE, debt.id, move)
