"""Runs the peers and ourselves in turns, each in a fresh process fed the same workbook, and sets them side by side."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from app.settings import PROJECT
from bench.figures import Figure
from bench.peers import subset
from bench.upload import Ground

PACKAGES = PROJECT / ".venv" / "peers"  # laid there by `make bench`, apart from what the service and its tests run on
LEAST = 8.0  # times as fast as the usual stack
PATIENCE = 600  # seconds; what takes longer hangs
US, NAMED = "ourselves", "BENCH_PEERS_RULES"


@dataclass(frozen=True)
class Peer:
    """A module of this folder and what it does. `finds` says whether it judges at all."""

    module: str
    name: str
    finds: bool = True
    least: float | None = None


PEERS = (
    Peer("openpyxl_reading", "openpyxl, reading alone", finds=False),
    Peer("pydantic_rows", "openpyxl + pydantic for each row"),
    Peer("pandera_frame", "pandas + openpyxl + pandera"),
    Peer("frictionless_table", "frictionless"),
    Peer("usual_stack", "the usual stack whole: pandera, then ORM add_all", least=LEAST),
)


def figures(ground: Ground, folder: Path, number: int, rounds: int, say: Callable[[str], None]) -> list[Figure]:
    if not PACKAGES.exists():
        raise SystemExit("The peers' packages are not there: `make bench` fetches them into .venv/peers.")
    rules = folder / "peers-rules.json"
    rules.write_text(json.dumps(subset.declared()))
    (small, large) = (folder / f"peers-{rows}.xlsx" for rows in (50, number))
    for file, rows in ((small, 50), (large, number)):
        file.write_bytes(subset.file(rows))
    seen: dict[str, list[dict[str, float]]] = {}
    for turn in range(rounds):
        for module, finds in ((US, True), *((peer.module, peer.finds) for peer in PEERS)):
            say(f"  {module}, {turn + 1} of {rounds}")
            found = _alone(ground, module, rules, small, large)
            expected = {"rows": number, "wrong": subset.faults(number) if finds else 0}
            if (told := {key: found[key] for key in expected}) != expected:
                raise SystemExit(f"{module} found {told} in a workbook that holds {expected}.")
            seen.setdefault(module, []).append(found)
    return list(_beside(number, {module: _middle(found) for module, found in seen.items()}))


def _middle(found: list[dict[str, float]]) -> dict[str, float]:
    return {key: median(each[key] for each in found) for key in ("seconds", "processor", "peak")}


def _alone(ground: Ground, module: str, rules: Path, *files: Path) -> dict[str, float]:
    paths = os.pathsep.join((str(PROJECT), str(PACKAGES)))
    environment = dict(os.environ) | {"PYTHONPATH": paths, NAMED: str(rules)}
    with ground.fresh() as warming, ground.fresh() as timed:
        stores = [f"sqlite:///{database.url.database}" for database in (warming, timed)]
        done = subprocess.run(
            [sys.executable, "-m", "bench.peers.alone", module, *map(str, files), *stores],
            env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{module} did not come to its end: {done.stderr.strip()[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _beside(number: int, seen: dict[str, dict[str, float]]) -> Iterator[Figure]:
    us = seen[US]
    yield Figure(f"our whole path, {number:,} rows: every rule, committed", us["seconds"], "s")
    for peer in PEERS:
        yield Figure(peer.name, seen[peer.module]["seconds"], "s", "our whole path", us["seconds"], least=peer.least)
    yield Figure("most memory, our whole path", us["peak"], "MB")
    for peer in PEERS:
        yield Figure(f"most memory, {peer.name}", seen[peer.module]["peak"], "MB", "our whole path", us["peak"])
    yield Figure("processor time, our whole path", us["processor"], "s")
    for peer in PEERS:
        yield Figure(
            f"processor time, {peer.name}", seen[peer.module]["processor"], "s", "our whole path", us["processor"]
        )
