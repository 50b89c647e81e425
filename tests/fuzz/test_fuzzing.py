"""Every seed and everything that fuzzing ever found, in a moment; and the long runs, by `make soak`."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.make_seeds import SEEDS
from tests.fuzz.targets import TARGETS, placed, rows_of

HERE = Path(__file__).parent
KNOWN = sorted(path for kind in ("seeds", "regressions") for path in (HERE / kind).glob("*/*") if path.is_file())


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_no_known_input_breaks_what_must_always_hold(target: str) -> None:
    inputs = [path for path in KNOWN if path.parent.name == target]
    assert len(inputs) >= 9
    for path in inputs:
        data = path.read_bytes()
        for bent in (
            data,
            data[: len(data) // 2],
            data[:-1],
            data[:60] + data[90:],
            data.replace(b"1", b"\xff"),
            data * 2,
        ):
            TARGETS[target](bent)


def test_seeds_reach_what_they_are_meant_to_reach() -> None:
    whole = (SEEDS / "read_file" / "xlsx").read_bytes()
    assert placed(whole).startswith(b"PK")
    assert len(rows_of((SEEDS / "judge_rows" / "dates").read_bytes())) == 5


@pytest.mark.soak
@pytest.mark.parametrize("target", sorted(TARGETS))
def test_a_minute_of_any_bytes_breaks_nothing(target: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.run", target, str(tmp_path), "60"],
        capture_output=True, text=True, errors="replace", timeout=300, check=False, cwd=HERE.parents[1],
    )  # fmt: skip
    assert run.returncode == 0, (
        f"Keep the input as tests/fuzz/regressions/{target}/NAME, then mend: {run.stdout}{run.stderr[-6000:]}"
    )
    (executed,) = re.findall(r"number_of_executed_units:\s*([0-9]+)", run.stdout + run.stderr)
    print(f"{target}: {int(executed):,} inputs")
    assert int(executed) > 1000
