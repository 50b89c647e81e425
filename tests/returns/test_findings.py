"""A return's findings as people read them: causes that many rows share told once, and what a return does in numbers."""

from time import perf_counter

import pytest

from app.core.ranges import ranges
from app.returns.findings import consequence, grouped
from app.returns.models import Lifecycle, Outcome, Return
from app.returns.rules.engine import Finding, Severity


def found(code: str, row: int | None, column: str | None = "Date of birth") -> Finding:
    severity = Severity.WARNING if code.startswith("W") else Severity.REJECTED
    return Finding(code, severity, f"Row {row}: wrong.", "wrong.", row, column)


def sent(lifecycle: Lifecycle, **counts: int) -> Return:
    return Return(lifecycle=lifecycle, outcome=Outcome.ACCEPTED, **counts)


def test_a_cause_that_five_rows_share_is_told_once_with_its_rows_as_ranges():
    summary = grouped([found("R01", row) for row in (14, 15, 16, 17, 18, 22)])
    (group,) = summary.groups
    assert (group.code, group.heading, group.number, group.rows) == ("R01", "Date of birth", 6, "14–18, 22")
    assert group.summary and group.message


def test_four_rows_or_five_rows_of_two_columns_are_no_group():
    assert grouped([found("R01", row) for row in range(2, 6)]).groups == []
    mixed = [found("R01", row, "Sex" if row == 2 else "Date of birth") for row in range(2, 7)]
    assert grouped(mixed).groups == []


def test_a_row_marked_twice_for_one_cause_is_one_row():
    assert grouped([found("R01", row) for row in (2, 2, 3, 4, 5)]).groups == []


def test_rejections_stand_before_warnings_and_each_by_row():
    summary = grouped([found("W01", 2), found("R06", 9), found("W04", None), found("R01", 3)])
    assert [(one.code, one.row) for one in summary.findings] == [("R01", 3), ("R06", 9), ("W04", None), ("W01", 2)]
    shared = [found("W01", row) for row in range(2, 20)] + [found("R01", row) for row in range(2, 8)]
    assert [group.code for group in grouped(shared).groups] == ["R01", "W01"]


def test_ten_thousand_findings_are_grouped_at_once():
    findings = [found("R01" if row % 2 else "W01", row) for row in range(2, 10_002)]
    begun = perf_counter()
    summary = grouped(findings)
    assert perf_counter() - begun < 1
    assert (len(summary.findings), [group.number for group in summary.groups]) == (10_000, [5_000, 5_000])
    assert summary.groups[0].rows.endswith("and more")


@pytest.mark.parametrize(
    ("rows", "said"), [([], ""), ([7], "7"), ([7, 8], "7–8"), ([2, 4, 6], "2, 4, 6"), ([2, 3, 4, 9], "2–4, 9")]
)
def test_rows_are_told_as_ranges(rows: list[int], said: str):
    assert ranges(rows) == said


def test_before_it_is_sent_a_return_says_what_it_will_do():
    checked = sent(Lifecycle.CHECKED, new=200, changed=12, unchanged=40, rejected=9)
    assert consequence(checked) == (
        "200 new debts will be added, 12 debts will be brought up to date, 40 rows say nothing new, "
        "9 rows will not be taken. Nothing has been sent yet."
    )


def test_afterwards_it_says_what_it_did_one_or_many():
    one = sent(Lifecycle.SUBMITTED, new=1, changed=1, unchanged=1, rejected=1)
    assert consequence(one) == (
        "1 new debt was added, 1 debt was brought up to date, 1 row says nothing new, 1 row was not taken."
    )
    assert consequence(sent(Lifecycle.SUBMITTED, new=1250)) == "1,250 new debts were added."


def test_a_nil_return_says_that_there_is_nothing():
    nil = Return(lifecycle=Lifecycle.SUBMITTED, outcome=Outcome.NIL)
    assert "no new debts and no changes" in consequence(nil)


def test_a_return_without_rows_makes_no_empty_sentence():
    assert consequence(sent(Lifecycle.CHECKED)) == "Nothing has been sent yet."
