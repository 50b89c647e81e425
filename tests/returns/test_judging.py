"""Judging a whole file: every row gets one result and all its findings, whatever the cells hold and however many they are."""

from collections import Counter
from datetime import date
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.core.spreadsheet.packing import FORMULA, WITHHELD, pack_date, pack_error, pack_text
from app.debts.rules.totals import Owed, PersonTotals
from app.return_template.choices import Status
from app.return_template.columns import COLUMNS, KEYS
from app.returns.assessing import Assessment, Rows
from app.returns.judging import Result, judge
from app.returns.parsing import parse
from tests.returns.rules.building import (
    CLEAN,
    PLACE,
    all_codes,
    codes,
    context,
    held,
    judged,
    person,
    register_of,
    row,
)

CELLS = st.one_of(
    st.none(),
    st.text(max_size=60).map(pack_text),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.dates().map(pack_date),
    st.datetimes().map(pack_date),
    st.sampled_from(["#N/A", "#REF!", "#NUM!"]).map(pack_error),
    st.just(FORMULA),
    st.just(WITHHELD + "0" * 64),
    st.from_regex(r"[£0-9.,() -]{1,12}", fullmatch=True),
    st.from_regex(r"[0-9]{1,2}[/. -][0-9]{1,2}[/. -][0-9]{2,4}", fullmatch=True),
    st.sampled_from([status.label for status in Status]),
    st.sampled_from(["N/A", "Yes", "No", "Nigeria", "Germany", "GBR", "XXB", "NHS number 123 456 7890", "HIV"]),
)
WHOLE = st.lists(CELLS, min_size=len(KEYS), max_size=len(KEYS))
CHANGES = st.dictionaries(st.sampled_from(KEYS), CELLS, max_size=4)
NEARLY_CLEAN = CHANGES.map(lambda changes: row(**changes))
KNOWN = st.builds(
    held,
    status=st.sampled_from([status.value for status in Status]),
    status_from=st.sampled_from([None, *(status.value for status in Status)]),
    status_date=st.none() | st.dates(date(2026, 6, 14), date(2026, 11, 22)),
    status_period=st.sampled_from([None, "2026-09", "2026-10"]),
    as_at=st.dates(date(2026, 6, 14), date(2026, 11, 22)),
    particulars_on=st.dates(date(2026, 6, 14), date(2026, 11, 22)),
    amount_outstanding=st.integers(0, 255000),
    family_name=st.sampled_from([CLEAN["family_name"], "Quite-Another"]),
)


def test_a_clean_row_is_new_without_a_finding():
    (one,) = judged(row())
    assert (one.result, one.row.findings) == (Result.NEW, [])


def test_a_warning_leaves_a_row_accepted():
    assert judged(row(sex=None))[0].result is Result.NEW


def test_a_row_with_several_faults_gets_all_of_them_at_once():
    faulty = row(
        date_of_birth="31/02/1985", invoice_amount="lots", amount_outstanding="-1", status="Paid", nationality="Utopia",
        patient_informed="No", family_name=None, overseas_address="Diagnosis: measles", given_names="a\nb",
        home_office_reference=pack_error("#N/A"), sex=None, uk_postcode="Lagos",
    )  # fmt: skip
    expected = ["R01", "R02", "R05", "R05", "R06", "R13", "R17", "R18", "R20", "R22", "W01", "W07"]
    assert codes(faulty) == expected


def test_faults_of_several_kinds_about_one_debt_are_all_told():
    assert codes(
        row(invoice_date=date(2026, 9, 20), nationality="Germany", amount_outstanding="9999", status="Debt repaid")
    ) == ["R07", "R10", "R15", "R19", "R21"]


def test_no_finding_merely_follows_from_another():
    nothing = dict.fromkeys(KEYS)
    only_a_number = row(**nothing | {"invoice_number": "1"})
    required = sum(column.required for column in COLUMNS)
    assert codes(only_a_number) == ["R01"] * (required - 1) + ["W01", "W02"]
    broken = {key: pack_error("#N/A") for key in KEYS}
    assert codes(row(**broken)) == ["R22"] * (len(KEYS) - 1)


def test_a_rejected_row_changes_nothing_that_other_rows_rest_on():
    known = held(invoice_number="9", amount_outstanding=40000)
    bad = row(invoice_number="9", amount_outstanding="1", patient_informed="No")
    small = row(invoice_number="1", amount_outstanding="100")
    assert all_codes(small, bad, register=register_of(known)) == [[], ["R18"]]


def test_a_row_is_new_changed_unchanged_or_rejected():
    known = register_of(held(), held(invoice_number="2"))
    rows = [person("1"), row(amount_outstanding="1000"), row(invoice_number="2"), person("3", patient_informed="No")]
    assert [one.result for one in judged(*rows, register=known)] == ["new", "changed", "unchanged", "rejected"]


def test_only_what_is_newly_said_is_to_be_applied():
    (one,) = judged(row(uk_address="2 New Street", sex=None, other_names="Grace"), register=held())
    assert one.statement is not None
    assert one.statement.keys == {"uk_address", "other_names"}
    assert one.row.sex == "female"


@given(st.lists(WHOLE, max_size=3))
@example([row(invoice_date=date.max, date_of_birth=date(9990, 2, 28))])
@example([row(family_name="\0t\0d"), row(invoice_date="\0t\0dgarbage"), row(sex="\0t\0")])
def test_whatever_the_cells_hold_every_row_gets_one_result(rows: list[list[Any]]):
    for one in judged(*rows):
        assert (one.result is Result.REJECTED) == any(found.code[0] == "R" for found in one.row.findings)
        assert one.result in {Result.NEW, Result.REJECTED}


@given(NEARLY_CLEAN, KNOWN)
@settings(max_examples=300)
def test_a_row_of_a_known_invoice_gets_one_result_and_is_complete_when_it_is_accepted(cells: list[Any], known: Any):
    (one,) = judged(cells, register=known)
    if one.result is Result.REJECTED or one.statement is None:
        return
    assert (one.result is Result.CHANGED) == bool(one.statement.keys)
    for column in COLUMNS:
        if column.required:
            assert getattr(one.row, column.key) is not None
    if one.statement.keys & {"status", "status_date", "amount_outstanding"}:
        assert one.statement.move in {"changed", "updated", "corrected"}
        assert one.statement.as_at is not None


@given(st.lists(NEARLY_CLEAN, max_size=5))
def test_rows_read_are_the_sum_of_their_results(rows: list[list[Any]]):
    numbered = list(enumerate(rows, 2))
    now = context()
    found = judge(parse(numbered, PLACE, now), register_of(held()), now)
    counts = Assessment(Rows(numbered, PLACE, 0), now, found, 1).counts()
    assert counts["read"] == len(rows) == counts["accepted"] + counts["unchanged"] + counts["rejected"]
    assert counts["accepted"] == counts["new"] + counts["changed"]


@given(NEARLY_CLEAN)
def test_judging_the_same_row_twice_gives_the_same(cells: list[Any]):
    assert codes(cells) == codes(cells)


@given(st.data())
def test_the_sum_of_a_person_is_the_one_that_can_be_counted_by_hand(data: st.DataObject):
    digest = st.none() | st.sampled_from("ab")
    debts = [
        Owed(str(number), data.draw(digest), data.draw(digest), data.draw(st.integers(0, 9)))
        for number in range(data.draw(st.integers(1, 6)))
    ]
    totals = PersonTotals(debts)
    for one in debts:
        assert totals.total_with(one) == sum(other.amount_outstanding for other in debts if same(one, other))
    stranger = Owed("new", data.draw(digest), data.draw(digest), 5)
    assert totals.total_with(stranger) == 5 + sum(d.amount_outstanding for d in debts if same(stranger, d))


def same(one: Owed, other: Owed) -> bool:
    if one.key == other.key:
        return True
    if one.passport_match and other.passport_match:
        return one.passport_match == other.passport_match
    return bool(one.name_match) and one.name_match == other.name_match


def test_results_are_counted_once_each():
    found = judged(person("1"), person("2"), person("2"), person("3", sex=None))
    assert Counter(one.result for one in found) == {Result.NEW: 3, Result.REJECTED: 1}
