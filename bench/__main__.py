"""Measures, prints the table and writes bench/results.json. All ratios come from one run on one machine."""

import json
import logging
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

for name in [name for name in os.environ if name.startswith("DEBTOR_RETURNS_")]:
    del os.environ[name]
os.environ |= {
    "DEBTOR_RETURNS_ENVIRONMENT": "test",
    "DEBTOR_RETURNS_TODAY": "2026-11-22",
    "DEBTOR_RETURNS_MAX_ROWS": "120000",  # raised for the largest file; the served process keeps the usual limits
    "DEBTOR_RETURNS_MAX_UPLOAD_MB": "100",
    "DEBTOR_RETURNS_READING_SECONDS": "60",
}

from app import tables  # noqa: E402 - only now that the settings are pinned
from app.core import logs  # noqa: E402
from app.core.spreadsheet.reading import readers  # noqa: E402
from bench import deadline, likeness, memory, pages, postgres, release_act, releases, reports, speed, starting  # noqa: E402
from bench.figures import Figure, table  # noqa: E402
from bench.million import measuring as million  # noqa: E402
from bench.upload import Ground  # noqa: E402

USAGE = """Usage: python -m bench [--quick | --million | --deadline | --starting]
  --quick    small files, to see that the bench itself works
  --million  the register of a million debts alone; making it takes some minutes, once
  --deadline the day on which returns are due, alone: a quarter of an hour
  --starting how long the service takes to start, and its memory, alone"""
RESULTS = Path(__file__).parent / "results.json"
SMALL = {
    "large": 300,
    "rounds": 1,
    "files": 4,
    "few": 50,
    "many": 200,
    "memory": 300,
    "starts": 1,
    "trusts": 3,
    "months": 2,
    "people": 2_000,
    "reported": 2_000,
    "released": 1_200,
}
FULL = {
    "large": 10_000, "rounds": 5, "files": 15, "few": 1_000, "many": 100_000, "memory": 20_000, "starts": 5, "trusts": 160,
    "months": 12, "debts": 1_000_000, "asked": 60, "people": 40_000, "reported": 100_000,
    "released": 100_000,
}  # fmt: skip


def measure(sizes: dict[str, int]) -> list[Figure]:
    assert tables.metadata.tables
    with TemporaryDirectory(prefix="debtor-returns-bench-") as name:
        ground = Ground(Path(name))
        readers().warm()
        say(f"An upload of {sizes['large']:,} rows, beside its floor")
        found = speed.large(ground, sizes["large"], sizes["rounds"])
        say("Usual returns")
        found += speed.usual(ground, ((50, 40.0), (500, 100.0)), sizes["files"])
        say(f"An upload of {sizes['many']:,} rows")
        found += speed.growth(ground, sizes["few"], sizes["many"])
        say(f"Likeness, on {sizes['people']:,} labelled people twice")
        found += [likeness.cost(ground, sizes["large"]), *likeness.figures(sizes["people"])]
        say(f"The memory of a served process that takes {sizes['memory']:,} rows")
        found += memory.taking(Path(name), sizes["memory"])
        say("Starting")
        found += starting.figures(Path(name), sizes["starts"])
        say(f"Pages of a demo of {sizes['trusts']} trusts and {sizes['months']} months")
        found += pages.of_the_demo(Path(name), sizes["trusts"], sizes["months"], times=15 if sizes is FULL else 1)
        say(f"Reports of {sizes['reported']:,} debts")
        found += reports.figures(sizes["reported"], sizes["rounds"], say)
        say(f"Files of a release of {sizes['released']:,} lines")
        found += releases.figures(ground, sizes["released"])
        say(f"Releasing a register of {sizes['released']:,} debts")
        found += release_act.figures(sizes["released"])
        if sizes is FULL:
            say("PostgreSQL")
            found += postgres.figures(say)
            found += large_register(sizes)
    return found


def large_register(sizes: dict[str, int]) -> list[Figure]:
    assert tables.metadata.tables
    say(f"A register of {sizes['debts']:,} debts")
    return million.figures(sizes["debts"], sizes["asked"], sizes["large"], say)


def alone_in_a_folder(part: Callable[[Path, int], list[Figure]], times: int) -> list[Figure]:
    with TemporaryDirectory(prefix="debtor-returns-bench-") as name:
        return part(Path(name), times)


PARTS: dict[str, Callable[[], list[Figure]]] = {
    "--million": lambda: large_register(FULL),
    "--deadline": lambda: deadline.figures(deadline.SPAN, say),
    "--starting": lambda: alone_in_a_folder(starting.figures, FULL["starts"]),
}


def say(words: str) -> None:
    print(f"… {words}", file=sys.stderr, flush=True)


def main() -> None:
    start = time.perf_counter()
    quick, alone = sys.argv[1:] == ["--quick"], PARTS.get(" ".join(sys.argv[1:]))
    if sys.argv[1:] and not quick and alone is None:
        sys.exit(USAGE)
    logs.set_up(json_lines=False)
    logging.disable(logging.INFO)  # a line for each of thousands of requests
    figures = alone() if alone else measure(SMALL if quick else FULL)
    print(table(figures))
    machine = f"{os.cpu_count()} CPUs, {platform.system()}, Python {platform.python_version()}"
    print(f"\n{machine}; {time.perf_counter() - start:.0f} s in all. Times vary from run to run; compare the ratios.")
    if not quick and not alone:
        results = {"machine": machine, "figures": [one.as_json() for one in figures]}
        RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
