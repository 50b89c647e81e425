"""One peer in this process and nobody else: warms it on a small workbook, then times it on the large one, and prints JSON."""

import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path

from bench.processes import children, peak


def main(name: str, small: str, large: str, warming: str, database: str) -> None:
    """Both databases are of the caller: migrated, with the organisations, and thrown away afterwards."""
    run = import_module(f"bench.peers.{name}").run
    run(small, warming)
    start, worked = time.perf_counter(), _worked()
    rows, wrong = run(large, database)
    took, work = time.perf_counter() - start, _worked() - worked
    peaks = [peak(pid) for pid in (os.getpid(), *children(os.getpid()))]
    print(json.dumps({"seconds": took, "processor": work, "rows": rows, "wrong": wrong, "peak": sum(peaks)}))


def _worked() -> float:
    """Processor seconds of this process and of its children, those that still run too."""
    mine = time.process_time()
    for pid in children(os.getpid()):
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        mine += (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")
    return mine


if __name__ == "__main__":
    main(*sys.argv[1:])
