"""The bench itself: its workbooks are good, every part goes through in small, and one that fails takes nobody along."""

import sys

import pytest

from app.returns import offline
from bench import command, likeness, running
from bench.figures import Figure
from bench.likeness_people import labelled
from bench.parts import PARTS, Part, Place, Sizes
from bench.peers import subset
from bench.results import Measured
from bench.upload import ORGANISATION, PERIOD
from bench.workbooks import new_debts

SMALL = {part.name: part for part in PARTS if part.small is not None}
SHOWN = {
    "upload": ("calamine reading", "openpyxl merely reading", "judge", "post", "50 rows"),
    "growth": ("one row of",),
    "likeness": ("comparing", "likeness, held-out: wrongly proposed"),
    "memory": ("idle: the process that answers", "idle: its reading process", "idle: the worker", "memory grows"),
    "starting": ("serve, until it is ready",),
    "pages": ("anybody at /guidance: size", "ovm.rj1 at /debts/…: server time", "20 × 12, lpm at /submissions"),
    "reports": ("Report recovery",),
    "releases": ("MIDAS CSV", "other pages meanwhile"),
    "releasing": ("others wait to write",),
}


def silent(_: str) -> None:
    pass


def test_the_benchs_workbooks_hold_new_debts_that_every_rule_accepts():
    found = offline.check(new_debts(60), ORGANISATION, PERIOD).assessment
    assert found is not None
    assert (found.counts()["read"], found.counts()["new"]) == (60, 60)


def test_two_files_of_the_bench_never_share_an_invoice():
    def numbers(first: int) -> set[str]:
        assessment = offline.check(new_debts(20, first), ORGANISATION, PERIOD).assessment
        return {one.row.invoice_number for one in assessment.judged}

    assert len(numbers(0) | numbers(20)) == 40


def test_the_peers_workbook_breaks_one_declared_rule_in_each_faulty_row():
    number = subset.EVERY * len(subset.FAULTS)
    found = offline.check(subset.file(number), ORGANISATION, PERIOD).assessment
    assert found is not None
    rejected = [finding.code for finding in found.findings() if finding.code.startswith("R")]
    assert sorted(rejected) == ["R01", "R02", "R05", "R07", "R13"]
    assert (found.counts()["rejected"], found.counts()["read"]) == (subset.faults(number), number)


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


@pytest.mark.parametrize("name", sorted(SMALL))
def test_each_part_of_the_usual_run_goes_through_in_small(name: str):
    """Not the peers, whose packages only `make bench` fetches, and PostgreSQL, whose sizes are fixed."""
    part = SMALL[name]
    found = running.here(part, dict(part.small or {}), silent)
    assert found.trouble == ""
    names = [f"{one.name} {one.beside}" for one in found.figures]
    assert [what for what in SHOWN[name] if not any(what in each for each in names)] == []
    assert found.seconds > 0 and found.processor > 0


def test_every_part_of_the_usual_run_that_can_be_small_is_looked_at():
    assert SHOWN.keys() == SMALL.keys()
    assert {part.name for part in PARTS if part.run == "usual"} - SMALL.keys() == {"peers", "postgresql"}
    assert len({part.name for part in PARTS}) == len(PARTS)


def test_a_part_that_fails_is_told_in_its_result_and_ends_nothing():
    def fails(_place: Place, _sizes: Sizes) -> list[Figure]:
        raise SystemExit("the bench looks at pages that are there")

    found = running.here(Part("pages", "Pages", fails), {}, silent)
    assert (found.figures, found.trouble) == ([], "SystemExit: the bench looks at pages that are there")
    assert command.shown([found, Measured("upload", [Figure("x", 1.0, "s")])]) == 1
    assert command.shown([Measured("upload", [Figure("x", 3.0, "s", most_itself=1.0)])]) == 0


def test_a_part_whose_process_dies_leaves_a_word_and_the_run_goes_on():
    dies = (sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    run = running.run("usual", PARTS[:2], silent, dies)
    assert [part.trouble for part in run.parts] == ["its process ended with -9"] * 2
    assert run.machine["cores"] and run.machine["postgresql"] != "none"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        (["--part"], "--part needs the name of a part."),
        (["--part", "nothing"], 'There is no part "nothing".'),
        (["--part", "pages", "--onto", "x"], '"--onto" cannot be said after --part.'),
        (["--part", "pages", "--into"], "--into needs a file."),
        (["--quick", "pages"], '"pages" cannot be said after --quick.'),
        (["--fast"], '"--fast" is not known here.'),
    ],
)
def test_wrong_arguments_tell_which_is_wrong_and_what_there_is(
    typed: list[str], first: str, capsys: pytest.CaptureFixture[str]
):
    assert command.main(typed) == 2
    told = capsys.readouterr()
    assert (told.out, told.err.splitlines()[0]) == ("", first)
    assert all(f"\n  {part.name} " in told.err for part in PARTS)


@pytest.mark.parametrize("typed", ["--help", "-h"])
def test_whoever_asks_for_help_gets_it_on_stdout(typed: str, capsys: pytest.CaptureFixture[str]):
    assert command.main([typed]) == 0
    assert capsys.readouterr() == (f"{command.usage()}\n", "")
