"""How long things are kept, as dated data."""

from datetime import date
from pathlib import Path

import pytest

from app.policy.reading import SHIPPED, BrokenTable
from app.policy.retention import Kept, Term
from app.policy.tables import load

SHIPPED_ROWS = (SHIPPED / "retention.csv").read_text()


def policy(folder: Path, rows: str):
    (folder / "retention.csv").write_text(rows, encoding="utf-8")
    return load(folder)


def test_the_shipped_terms_are_those_that_were_decided():
    terms = {kind: load().kept_for(kind, date(2026, 11, 22)) for kind in Kept}
    assert {kind.value: (term.keep, term.unit) for kind, term in terms.items()} == {
        "original": (90, "days"), "rejected_row": (90, "days"), "repaid_debt": (24, "months"),
        "withdrawn_debt": (6, "months"), "refused_upload": (24, "months"), "status_check": (24, "months"), "message": (90, "days"),
        "mail": (12, "months"), "ended_access": (30, "days"), "contact_log": (72, "months"),
        "release_file": (6, "months"), "release_line": (24, "months"), "abandoned_release": (90, "days"), "awaited_removal": (12, "months"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("keep", "unit", "today", "over"),
    [
        (90, "days", date(2027, 1, 30), date(2026, 11, 1)),
        (6, "months", date(2027, 5, 22), date(2026, 11, 22)),
        (6, "months", date(2027, 2, 28), date(2026, 8, 28)),  # what ended on 31 August waits until 1 March
        (24, "months", date(2028, 2, 29), date(2026, 2, 28)),
    ],
)
def test_a_term_counts_days_or_calendar_months(keep, unit, today, over):
    assert Term(date(2026, 1, 1), keep, unit).over_on(today) == over


def test_the_newest_row_that_has_begun_wins(tmp_path: Path):
    rows = f"{SHIPPED_ROWS}2027-01-01,original,30,days,x\n"
    found = policy(tmp_path, rows)
    days = (date(2011, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [found.kept_for(Kept.ORIGINAL, day).keep for day in days] == [90, 90, 30]


def test_how_long_things_are_kept_does_not_change_how_rows_are_judged(tmp_path: Path):
    assert policy(tmp_path, f"{SHIPPED_ROWS}2027-01-01,original,30,days,x\n").version == load().version


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("since,kind,keep,unit\n2026-11-01,original,90,days\n", "it lacks rejected_row"),
        (f"{SHIPPED_ROWS}2026-11-01,original,30,days,x\n", "a second row of original"),
        (f"{SHIPPED_ROWS}2027-11-01,original,30,weeks,x\n", "unit “weeks” is not one of days, months"),
        (f"{SHIPPED_ROWS}2027-11-01,file,30,days,x\n", "kind “file” is not one of"),
    ],
)
def test_a_broken_row_is_named(tmp_path: Path, rows: str, said: str):
    with pytest.raises(BrokenTable, match=said):
        policy(tmp_path, rows)
