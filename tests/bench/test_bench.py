"""The bench itself: its workbooks are good, its table says what is over, and a quick run goes through."""

import json
import subprocess
import sys

from app.returns import offline
from bench import likeness
from bench.figures import Figure, table
from bench.likeness_people import labelled
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


def test_likeness_is_good_on_labelled_people_of_both_kinds():
    """Few people, so with a wide margin: the figures themselves are the bench's."""
    for name, (seed, mix) in likeness.SEEDS.items():
        found = likeness.judged(seed, 4_000, mix)
        assert len(found.true) > 400
        assert found.precision >= 0.98, name
        assert found.recall >= 0.90, name


def test_the_labelled_people_are_the_same_every_time_and_others_with_another_seed():
    seed, mix = likeness.SEEDS["train"]
    assert labelled(seed, 50, mix) == labelled(seed, 50, mix)
    assert labelled(seed, 50, mix) != labelled(seed + 1, 50, mix)


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
    for what in (
        "likeness, held-out: wrongly proposed",
        "comparing",
        "calamine reading + Core inserts",
        "openpyxl merely reading",
        "one row of",
        "memory",
        "judge",
        "post",
    ):
        assert what in done.stdout
