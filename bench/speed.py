"""The speed of uploads: beside the floor and openpyxl, of usual returns, and how it grows with the rows."""

import gc
from collections.abc import Sequence
from statistics import median

from app.core.cycles import not_searched
from bench import floor
from bench.figures import Figure
from bench.upload import Ground, stages, time_of, upload
from bench.workbooks import new_debts


def large(ground: Ground, rows: int, rounds: int) -> list[Figure]:
    """An upload of so many rows, its floor and other readers, in turns, so that a slow moment meets them all."""
    data = new_debts(rows)
    with ground.fresh() as database:
        upload(database, data)  # warms what is cached, and shows what an upload leaves in the database
        harvest = floor.Harvest.of(database)
    times: dict[str, list[float]] = {"path": [], "floor": [], "openpyxl": [], "calamine": [], "reading": []}
    shares: list[dict[str, float]] = []
    for turn in range(rounds):
        with ground.fresh() as database, stages() as spent:
            times["path"].append(time_of(upload, database, data))
        shares.append(dict(spent))
        with ground.fresh() as database, not_searched():  # the same mercy as the upload has
            times["floor"].append(time_of(harvest.floor, database, data))
        times["calamine"].append(time_of(floor.read_with_calamine, database, data))
        times["reading"].append(spent["pre-flight and read"])
        if turn < 3:
            times["openpyxl"].append(time_of(floor.read_with_openpyxl, database, data))
        gc.collect()
    path, bare, openpyxl, calamine, reading = (median(found) for found in times.values())
    name = f"{rows:,} rows, bytes to committed"
    return [
        Figure(name, path, "s", "calamine reading + Core inserts", bare, most=2.0),
        Figure(name, path, "s", "openpyxl merely reading", openpyxl, most=0.6),
        Figure(f"{rows:,} rows, pre-flight and reading", reading, "s", "calamine alone", calamine),
        *(
            Figure(f"  {stage}", found, "s", "of the whole", path)
            for stage in shares[0]
            if (found := median(share.get(stage, 0.0) for share in shares)) is not None
        ),
    ]


def usual(ground: Ground, limits: Sequence[tuple[int, float]], number: int) -> list[Figure]:
    """So many returns of a usual size, one after the other into one database; limits in milliseconds."""
    found = []
    with ground.fresh() as database:
        for rows, most in limits:
            files = [new_debts(rows, 1_000_000 + rows * 1000 + turn * rows) for turn in range(number)]
            times = [time_of(upload, database, data) for data in files]
            found.append(Figure(f"{rows:,} rows, bytes to committed", median(times[3:]) * 1000, "ms", most_itself=most))
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
