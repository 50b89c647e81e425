"""Runs parts one after the other: each in a process of its own, so that one that fails takes nobody's figures with it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import machine
from bench.figures import Figure
from bench.parts import Part, Place, Say
from bench.results import Measured, Run

BENCH = (sys.executable, "-m", "bench")
PATIENCE = 3 * 3600  # seconds for one part; what takes longer hangs


def run(kind: str, parts: Sequence[Part], say: Say, program: Sequence[str] = BENCH) -> Run:
    before, start, at = machine.load(), time.perf_counter(), datetime.now(UTC)
    commit, is_changed = machine.commit()
    measured = [_in_a_process(part, say, program) for part in parts]
    return Run(
        kind, at.isoformat(timespec="seconds"), commit, is_changed, machine.facts(), before, machine.load(),
        round(time.perf_counter() - start), measured,
    )  # fmt: skip


def here(part: Part, sizes: dict[str, int], say: Say) -> Measured:
    """In this process. A failure is told in the result."""
    say(part.words)
    found = Measured(part.name, sizes=sizes, load=machine.load())
    start, worked = time.perf_counter(), _worked()
    try:
        with TemporaryDirectory(prefix="debtor-returns-bench-") as folder:
            for figure in part.measure(Place(Path(folder), say), sizes):
                found.figures.append(figure)  # one by one: what was measured before a failure is kept
    except (Exception, SystemExit) as error:
        found.trouble = f"{type(error).__name__}: {error}"[:500]
        say(f"{part.name} did not come to its end: {found.trouble}")
    found.seconds, found.processor = (round(value, 1) for value in (time.perf_counter() - start, _worked() - worked))
    return found


def _in_a_process(part: Part, say: Say, program: Sequence[str]) -> Measured:
    with TemporaryDirectory(prefix="debtor-returns-bench-") as folder:
        into = Path(folder, "part.json")
        command = [*program, "--part", part.name, "--into", str(into)]
        try:
            code = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, timeout=PATIENCE).returncode
        except subprocess.TimeoutExpired:
            return Measured(part.name, sizes=dict(part.sizes), trouble=f"took longer than {PATIENCE} s")
        if not into.exists():
            say(f"{part.name} ended with {code} and said nothing")
            return Measured(part.name, sizes=dict(part.sizes), trouble=f"its process ended with {code}")
        return read(into)


def write(found: Measured, file: Path) -> None:
    file.write_text(json.dumps(asdict(found)), encoding="utf-8")


def read(file: Path) -> Measured:
    held = json.loads(file.read_text(encoding="utf-8"))
    return Measured(**held | {"figures": [Figure(**one) for one in held["figures"]]})


def _worked() -> float:
    """Processor seconds of this process and of the children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
