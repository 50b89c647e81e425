"""A restore that is killed at any moment leaves the register as it was, or whole as it was backed up."""

import random
import subprocess
import time
from pathlib import Path

import pytest

from app.backup.archive import Sum
from app.core.db import Database
from tests.backup.conftest import holds, take
from tests.cli.test_commands import COMMAND
from tests.returns.conftest import Trust, row

NEITHER = ("audit_events", "audit_seals", "sessions", "api_tokens")  # what every restore writes itself


def _content(database: Database) -> dict[str, Sum]:
    return {table: found for table, found in holds(database).items() if table not in NEITHER}


def _timed(file: Path, seconds: float | None = None) -> float:
    began = time.monotonic()
    running = subprocess.Popen([*COMMAND, "restore", str(file), "--force"], stdout=subprocess.DEVNULL)
    try:
        running.wait(seconds)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()
    return time.monotonic() - began


@pytest.mark.soak
def test_a_restore_that_is_killed_leaves_one_register_or_the_other(
    rj1: Trust, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file, chance = tmp_path / "register.backup", random.Random(20111101)
    rj1.send([row(str(number)) for number in range(200)])
    take(rj1.database, file)
    backed_up = _content(rj1.database)
    took = _timed(file)
    rj1.send([row(str(number)) for number in range(200, 300)])
    before, seen = _content(rj1.database), {"before": 0, "backed up": 0}
    for _ in range(20):
        _timed(file, chance.uniform(0.3 * took, 1.1 * took))
        now = _content(rj1.database)
        assert now in (before, backed_up)
        seen["before" if now == before else "backed up"] += 1
        if now == backed_up:
            rj1.send([row(str(number)) for number in range(200, 300)])
            before = _content(rj1.database)
    with capsys.disabled():
        print(f"\n{rj1.database.url.get_backend_name()}: killed {seen['before']} times before it was done, of 20")
    assert seen["before"] > 0
