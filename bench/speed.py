"""The speed of uploads: beside the floor and openpyxl, of usual returns, and how it grows with the rows."""

import gc
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from app.core.cycles import not_searched
from bench import floor
from bench.figures import Figure
from bench.upload import Fresh, Ground, stages, time_of, upload, upload_again
from bench.workbooks import new_debts


def large(ground: Fresh, rows: int, rounds: int, where: str = "") -> list[Figure]:
    """An upload of so many rows, its floor and other readers, in turns, so that a slow moment meets them all."""
    data, again, first = new_debts(rows), new_debts(rows, paid=20), new_debts(20, 3_000_000)
    with ground.fresh() as database:
        upload(database, data)  # warms what is cached, and shows what an upload leaves in the database
        harvest = floor.Harvest.of(database)
    times: dict[str, list[float]] = defaultdict(list)
    shares: list[dict[str, float]] = []
    for turn in range(rounds):
        with ground.fresh() as database:
            upload(database, first)  # a service has taken a file before
            with stages() as spent:
                times["path"].append(time_of(upload, database, data))
            times["again"].append(time_of(upload_again, database, again))
        shares.append(dict(spent))
        for name, work in (("floor", harvest.floor), ("lowest", harvest.lowest)):
            with ground.fresh() as database, not_searched():  # the same mercy as the upload has
                times[name].append(time_of(work, database, data))
        times["calamine"].append(time_of(floor.read_with_calamine, database, data))
        times["reading"].append(spent["pre-flight and read"])
        if turn < 3:
            times["openpyxl"].append(time_of(floor.read_with_openpyxl, database, data))
            times["read only"].append(time_of(floor.read_only_with_openpyxl, database, data))
        gc.collect()
    of = {name: median(found) for name, found in times.items()}
    name = f"{rows:,} rows{where}, bytes to committed"
    return [
        Figure(name, of["path"], "s", "calamine reading + fastest inserts", of["lowest"], most=1.5),
        Figure(name, of["path"], "s", "calamine reading + Core inserts", of["floor"]),
        Figure(name, of["path"], "s", "openpyxl merely reading", of["openpyxl"], most=0.6),
        Figure(name, of["path"], "s", "the same in its read-only mode", of["read only"]),
        Figure(
            f"{rows:,} rows{where} that stand already, 5 % with a payment",
            of["again"],
            "s",
            "when they are new",
            of["path"],
        ),
        Figure(f"{rows:,} rows{where}, pre-flight and reading", of["reading"], "s", "calamine alone", of["calamine"]),
        *(
            Figure(f"  {stage}", found, "s", "of the whole", of["path"])
            for stage in shares[0]
            if (found := median(share.get(stage, 0.0) for share in shares)) is not None
        ),
    ]


def usual(ground: Fresh, limits: Sequence[tuple[int, float]], number: int, where: str = "") -> list[Figure]:
    """So many returns of a usual size, one after the other into one database; limits in milliseconds."""
    found = []
    with ground.fresh() as database:
        for rows, most in limits:
            files = [new_debts(rows, 1_000_000 + rows * 1000 + turn * rows) for turn in range(number)]
            times = [time_of(upload, database, data) for data in files]
            found.append(
                Figure(f"{rows:,} rows{where}, bytes to committed", median(times[3:]) * 1000, "ms", most_itself=most)
            )
    return found


def growth(ground: Ground, few: int, many: int) -> list[Figure]:
    """The time of one row in a large file against that in a small one."""
    small, large_ = new_debts(few), new_debts(many)
    times: dict[int, list[float]] = {few: [], many: []}
    for turn in range(6):
        for rows, data in ((few, small), (many, large_)):
            if rows == many and turn >= 2:
                continue
            with ground.fresh() as database:
                upload(database, new_debts(50, 2_000_000))
                times[rows].append(time_of(upload, database, data) / rows * 1e6)
    each, each_of_many = median(times[few]), median(times[many])
    return [Figure(f"one row of {many:,}", each_of_many, "µs", f"one row of {few:,}", each, most=1.3)]
