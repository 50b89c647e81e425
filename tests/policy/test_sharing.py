"""The terms of outgoing flows, as dated data."""

from datetime import date
from pathlib import Path

import pytest

from app.policy.reading import SHIPPED, BrokenTable
from app.policy.sharing import Flow, terms_on
from app.policy.tables import load

SHIPPED_ROWS = (SHIPPED / "data_sharing.csv").read_text()


def policy(folder: Path, rows: str):
    (folder / "data_sharing.csv").write_text(rows, encoding="utf-8")
    return load(folder)


def test_a_review_is_a_new_row_and_judges_no_return_anew(tmp_path: Path):
    found = policy(tmp_path, f"{SHIPPED_ROWS}2027-10-01,midas,A new agreement,It,NHS Debtors Team,2028-10-01\n")
    assert found.version == load().version
    days = (date(2026, 1, 1), date(2027, 9, 30), date(2027, 10, 1))
    reviews = [terms_on(found.sharing, Flow.MIDAS, day).review_on for day in days]
    assert reviews == [date(2027, 11, 1), date(2027, 11, 1), date(2028, 10, 1)]


def test_a_review_is_overdue_from_the_day_after(tmp_path: Path):
    terms = terms_on(load().sharing, Flow.FEED, date(2026, 11, 22))
    assert [terms.is_overdue(day) for day in (date(2027, 11, 1), date(2027, 11, 2))] == [False, True]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("since,flow,legal_basis,source,owner,review_on\n2026-11-01,midas,a,b,c,2027-11-01\n", "it lacks consolidated"),
        (f"{SHIPPED_ROWS}2026-11-01,midas,a,b,c,2027-11-01\n", "a second row of midas from 2026-11-01"),
        (f"{SHIPPED_ROWS}2027-11-01,midas,a,b,c,2027-11-01\n", "review_on 2027-11-01 is not after 2027-11-01"),
        (f"{SHIPPED_ROWS}2027-11-01,midas,,b,c,2028-11-01\n", "legal_basis is empty"),
        (f"{SHIPPED_ROWS}2027-11-01,fax,a,b,c,2028-11-01\n", "flow “fax” is not one of"),
    ],
)
def test_a_broken_table_names_its_line_and_what_is_wrong(tmp_path: Path, rows: str, said: str):
    with pytest.raises(BrokenTable, match=said):
        policy(tmp_path, rows)
