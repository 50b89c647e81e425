"""How releases are compared with their sources, as dated data."""

from datetime import date
from pathlib import Path

import pytest

from app.policy.reading import BrokenTable
from app.policy.tables import load

HEADINGS = "since,rule,lines,wrong_percent,wrong_lines\n"


def policy(folder: Path, rows: str):
    (folder / "sampling.csv").write_text(HEADINGS + rows, encoding="utf-8")
    return load(folder)


def test_what_is_shipped_is_what_was_decided():
    found = load().sampling_on(date(2026, 11, 22))
    assert (found.rule, found.lines, found.wrong_percent, found.wrong_lines) == ("square_root", 10, 5, 1)


def test_the_newest_row_that_has_begun_holds(tmp_path: Path):
    found = policy(tmp_path, "2027-04-01,fixed,50,2,1\n2026-11-01,square_root,10,5,1\n")
    days = (date(2026, 1, 1), date(2027, 3, 31), date(2027, 4, 1))
    assert [found.sampling_on(day).rule for day in days] == ["square_root", "square_root", "fixed"]
    assert found.version == load().version, "no row of a return is judged by it"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("2026-11-01,cube,10,5,1\n", "rule “cube” is not one of square_root, fixed"),
        ("2026-11-01,fixed,0,5,1\n", "lines “0” is not a whole number above 0"),
        ("2026-11-01,fixed,1,5,1\n2026-11-01,fixed,2,5,1\n", "line 3: a second row from 2026-11-01"),
    ],
)
def test_a_broken_table_is_named_with_its_line(tmp_path: Path, rows: str, said: str):
    with pytest.raises(BrokenTable, match=said):
        policy(tmp_path, rows)
