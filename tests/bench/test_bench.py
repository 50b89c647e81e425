"""The bench itself: its workbooks are good, its table says what is over, and a quick run goes through."""

import json
import subprocess
import sys

from app.returns import offline
from bench.figures import Figure, table
from bench.upload import ORGANISATION, PERIOD
from bench.workbooks import new_debts
from tests.guards.source import PROJECT


def test_the_benchs_workbooks_hold_new_debts_that_every_rule_accepts():
    found = offline.check(new_debts(60), ORGANISATION, PERIOD).assessment
    assert found is not None
    assert (found.counts()["read"], found.counts()["new"]) == (60, 60)


def test_two_files_of_the_bench_never_share_an_invoice():
    def numbers(first: int) -> set[str]:
        assessment = offline.check(new_debts(20, first), ORGANISATION, PERIOD).assessment
        return {one.row.invoice_number for one in assessment.judged}

    assert len(numbers(0) | numbers(20)) == 40


def test_a_figure_is_judged_by_its_ratio_or_by_itself():
    assert Figure("x", 3.0, "s", "floor", 2.0, most=2.0).is_within is True
    assert Figure("x", 5.0, "s", "floor", 2.0, most=2.0).is_within is False
    assert Figure("x", 41.0, "ms", most_itself=40).is_within is False
    assert Figure("x", 41.0, "ms").is_within is None
    assert "OVER" in table([Figure("x", 41.0, "ms", most_itself=40)])
    json.dumps(Figure("x", 3.0, "s", "floor", 2.0, most=2.0).as_json())


def test_a_quick_run_of_the_bench_goes_through_every_part_of_it():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for what in ("calamine reading + Core inserts", "openpyxl merely reading", "one row of", "memory", "judge", "post"):
        assert what in done.stdout
