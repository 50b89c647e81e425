"""What becomes of a row of the old register: by itself, and beside the other rows of its trust."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from app.core.spreadsheet.packing import pack_date
from app.debts.held import KnownDebt
from app.debts.rules.totals import Owed
from app.old_register.rules.findings import Entry
from app.old_register.rules.judging import Known, judge
from app.old_register.rules.targets import FIRST_REPORTED, LABELS, ON_THE_INDEX
from app.old_register.rules.understanding import Fate, Flags, Verdict, understand
from app.policy.tables import load
from app.return_template.choices import Status
from app.return_template.columns import KEYS
from app.returns.rules.context import Context

POLICY = load()
AS_AT, TODAY = date(2026, 10, 31), date(2026, 11, 22)
PLACE = {key: chr(ord("A") + at) for at, key in enumerate(LABELS)}
GOOD: dict[str, Any] = {
    "invoice_date": "14/06/2024", "invoice_amount": "2550.00", "amount_outstanding": 1200.0, "status": "Unpaid",
    "family_name": "Example", "given_names": "Ada", "date_of_birth": pack_date(date(1985, 3, 27)), "sex": "F",
    "nationality": "Nigerian", "uk_address": "1 Example Street", "patient_informed": "Yes",
}  # fmt: skip


KNOWN = KnownDebt("some id", "ND-AAAA-AAAA-AAAA", None, "Example", "Ada 2", date(1985, 3, 27), "NGA", "A0000002")


def entry(number: int = 2, **cells: Any) -> Entry:
    values = GOOD | {"invoice_number": str(number), "given_names": f"Ada {number}"} | cells
    return Entry(number, [values.get(key) for key in KEYS], "RJ1", values.get(FIRST_REPORTED), values.get(ON_THE_INDEX))


def judged(*entries: Entry, known: Known = Known(), flags: Flags = Flags.BY_STATUS, without: Sequence[str] = (ON_THE_INDEX,),
           code: str = "RJ1") -> list[Verdict]:  # fmt: skip
    place = {key: letter for key, letter in PLACE.items() if key not in without}
    verdicts = understand(entries, [code] * len(entries), place, Context(POLICY, "", AS_AT, TODAY), flags)
    judge(verdicts, known, POLICY)
    return verdicts


def one(known: Known = Known(), flags: Flags = Flags.BY_STATUS, without: Sequence[str] = (ON_THE_INDEX,),
        **cells: Any) -> Verdict:  # fmt: skip
    return judged(entry(**cells), known=known, flags=flags, without=without)[0]


def told(verdict: Verdict, code: str) -> str:
    return next(finding.message for finding in verdict.row.findings if finding.code == code)


def codes(verdict: Verdict) -> set[tuple[str, str]]:
    return {(finding.code, finding.severity) for finding in verdict.row.findings}


def test_a_good_row_is_loaded_as_it_stands_with_the_day_of_its_first_report():
    verdict = one(first_reported=pack_date(date(2024, 9, 1)))
    assert (verdict.fate, codes(verdict)) == (Fate.LOADED, set())
    assert (verdict.row.status, verdict.row.amount_outstanding) == (Status.OUTSTANDING, 120_000)
    assert (verdict.first_reported_on, verdict.on) == (date(2024, 9, 1), True)


def test_an_old_spelling_is_understood_and_the_cell_kept_as_it_was():
    verdict = one(status="In default")
    assert (verdict.row.status, verdict.row.cells[KEYS.index("status")]) == (Status.DEFAULTED, "In default")


@pytest.mark.parametrize("missing", ["date_of_birth", "nationality", "sex", "patient_informed"])
def test_what_old_lists_lack_is_a_remark_and_no_obstacle(missing):
    verdict = one(**{missing: None})
    assert verdict.fate is Fate.LOADED
    assert [severity for code, severity in codes(verdict)] == ["warning"]


def test_a_column_that_is_not_in_the_file_is_not_remarked_on_in_every_row():
    absent = ("patient_informed", "sex", "status_date", "uk_address", ON_THE_INDEX)
    verdict = one(without=absent, patient_informed=None, sex=None, uk_address=None, status="Payment plan")
    assert (verdict.fate, codes(verdict), verdict.row.status_date) == (Fate.LOADED, set(), None)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"date_of_birth": "31/02/1985"}, "R02"),
        ({"date_of_birth": "27/03/2030"}, "R03"),
        ({"date_of_birth": "27/03/1885"}, "R04"),
        ({"nationality": "Atlantis"}, "R06"),
        ({"uk_address": "Ward 7B, cancer"}, "R17"),
        ({"uk_address": "x" * 300}, "R20"),
        ({"status_date": "13/13/2024"}, "R02"),
        ({"status_date": "14/06/2023"}, "R21"),
        ({"status_date": "14/12/2026"}, "R21"),
    ],
)
def test_a_cell_that_cannot_be_used_is_left_out_and_the_debt_loaded(cells, code):
    verdict = one(**cells)
    assert (verdict.fate, codes(verdict)) == (Fate.LOADED, {(code, "warning")})
    assert verdict.row.value(next(iter(cells))) is None
    assert "It is left out." in told(verdict, code)
    if code != "R17" and "date_of_birth" in cells:
        assert verdict.row.name_match is None


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"invoice_number": None}, "R01"),
        ({"invoice_date": None}, "R01"),
        ({"invoice_date": "soon"}, "R02"),
        ({"invoice_date": "14/12/2026"}, "R03"),
        ({"invoice_amount": None, "amount_outstanding": None}, "R01"),
        ({"amount_outstanding": "lots"}, "R05"),
        ({"status": "pending"}, "R13"),
        ({"status": None}, "R01"),
        ({"family_name": None, "given_names": None}, "R01"),
        ({"invoice_number": "1" * 41}, "R20"),
        ({"invoice_number": "\0e#REF!"}, "R22"),
    ],
)
def test_a_row_that_cannot_be_a_debt_is_not_loaded(cells, code):
    verdict = one(**cells)
    assert (verdict.fate, {found for found in codes(verdict) if found[1] == "rejected"}) == (
        Fate.REJECTED, {(code, "rejected")}
    )  # fmt: skip


def test_a_row_that_is_not_loaded_says_that_its_flag_stays():
    assert "take the flag off by hand" in told(one(amount_outstanding="lots"), "R05")
    assert "flag" not in told(one(amount_outstanding="lots", status="Payment plan"), "R05")


DOUBTFUL = [
    ({"nationality": "French"}, "R07"),
    ({"nationality": "British"}, "R08"),
    ({"invoice_amount": "300", "amount_outstanding": "300"}, "R09"),
    ({"invoice_date": "14/10/2026"}, "R10"),
    ({"invoice_date": "14/06/2011"}, "R11"),
    ({"patient_informed": "No"}, "R18"),
    ({"amount_outstanding": "0"}, "R19"),
    ({"amount_outstanding": "3000"}, "R19"),
    ({"nationality": "XXB"}, "R23"),
]


@pytest.mark.parametrize(("cells", "code"), DOUBTFUL)
def test_a_debt_that_does_not_belong_is_held_if_its_flag_is_on_so_that_the_flag_goes(cells, code):
    verdict = one(**cells)
    assert (verdict.fate, verdict.doubts) == (Fate.HELD, [code])
    assert "held, so that its flag on the Warnings Index is taken off" in told(verdict, code)
    assert "emove the row" not in told(verdict, code)


@pytest.mark.parametrize(("cells", "code"), DOUBTFUL)
def test_without_a_flag_it_is_only_listed(cells, code):
    verdict = one(flags=Flags.NONE, **cells)
    assert (verdict.fate, verdict.doubts) == (Fate.REJECTED, [code])
    assert told(verdict, code).endswith("It is not loaded.")


def test_a_croatian_debt_of_2012_was_in_scope_and_is_loaded():
    assert one(nationality="Croatian", invoice_date="14/06/2012").fate is Fate.LOADED


def test_the_threshold_is_held_against_what_was_invoiced_so_a_part_payment_keeps_a_debt():
    verdict = one(amount_outstanding="20")
    assert (verdict.fate, verdict.below_threshold) == (Fate.LOADED, True)


def test_small_debts_of_one_person_count_together_also_with_those_in_the_register():
    small = {"invoice_amount": "300", "amount_outstanding": "300", "given_names": "Ada"}
    pair = judged(entry(2, **small), entry(3, **small))
    assert [(each.fate, each.below_threshold) for each in pair] == [(Fate.LOADED, False)] * 2
    known = Known(owed=[Owed("held", pair[0].row.name_match, None, 25_000)])
    assert judged(entry(2, **small), known=known)[0].fate is Fate.LOADED


def test_of_two_rows_alike_one_is_loaded_and_of_two_that_differ_none():
    first, second = judged(
        entry(2, invoice_number="7", given_names="Ada"), entry(3, invoice_number="7", given_names="Ada")
    )
    assert (first.fate, second.fate) == (Fate.LOADED, Fate.REJECTED)
    assert "flag" not in told(second, "R12")
    pair = judged(entry(2, invoice_number="7"), entry(3, invoice_number="7", amount_outstanding="900"))
    assert [each.fate for each in pair] == [Fate.REJECTED] * 2
    assert all("take the flag off by hand" in told(each, "R12") for each in pair)


def test_a_repeat_says_that_its_flag_is_taken_over_and_the_row_that_counts_that_it_stays():
    alike = {"invoice_number": "7", "given_names": "Ada", "amount_outstanding": "lots"}
    first, second = judged(entry(2, **alike), entry(3, on_warnings_index="Yes", **alike), without=())
    assert (first.on, first.flag, second.on) == (True, "Yes", False)
    assert "take the flag off by hand" in told(first, "R05")
    assert told(second, "R12").endswith("Its flag on the Warnings Index is taken over.")


def test_a_debt_that_is_known_is_told_and_nothing_else_of_it():
    known = Known({("RJ1", "2"): [KNOWN]})
    verdict = one(known, nationality="French")
    assert (verdict.fate, verdict.known_as, codes(verdict)) == (Fate.KNOWN, "some id", {("I02", "warning")})
    assert "ND-AAAA-AAAA-AAAA" in told(verdict, "I02")
    assert judged(entry(), known=known, code="RYJ")[0].fate is Fate.LOADED


STRANGER = {"family_name": "Otherly", "given_names": "Bob", "passport_number": "X9999999"}


@pytest.mark.parametrize(
    ("cells", "fate"),
    [
        ({"family_name": "Exampel"}, Fate.KNOWN),
        ({"date_of_birth": None}, Fate.KNOWN),
        ({"given_names": None}, Fate.KNOWN),
        ({"date_of_birth": "01/02/1950"}, Fate.KNOWN),
        (STRANGER | {"passport_number": "a 0000002"}, Fate.KNOWN),
        (STRANGER, Fate.REJECTED),
        ({"given_names": "Adah 2", "date_of_birth": None}, Fate.REJECTED),
        ({"given_names": None, "date_of_birth": None}, Fate.REJECTED),
        (STRANGER | {"date_of_birth": None, "passport_number": None}, Fate.REJECTED),
        ({"family_name": "Ada 2 Example", "given_names": None}, Fate.KNOWN),
        ({"given_names": None, "date_of_birth": "01/02/1950"}, Fate.REJECTED),
        ({"family_name": "Exampel", "date_of_birth": "01/02/1950"}, Fate.REJECTED),
    ],
)
def test_a_number_is_known_for_its_person_alone_as_far_as_the_old_register_says_who_that_is(cells, fate):
    verdict = one(Known({("RJ1", "2"): [KNOWN]}), **cells)
    assert (verdict.fate, ("I09", "rejected") in codes(verdict)) == (fate, fate is Fate.REJECTED)


def test_a_row_whose_name_cannot_be_read_is_known_for_nobody_and_says_that_its_flag_stays():
    verdict = one(Known({("RJ1", "2"): [KNOWN]}), family_name="\0e#REF!")
    assert (verdict.fate, "I09" in verdict.row.codes()) == (Fate.REJECTED, False)
    assert "take the flag off by hand" in told(verdict, "R22")


def test_the_same_number_at_two_organisations_is_two_debts():
    place = {key: letter for key, letter in PLACE.items() if key != ON_THE_INDEX}
    entries = [entry(2, invoice_number="7"), entry(3, invoice_number="7", amount_outstanding="900")]
    verdicts = understand(entries, ["RJ1", "RJ2"], place, Context(POLICY, "", AS_AT, TODAY), Flags.NONE)
    judge(verdicts, Known(), POLICY)
    assert [each.fate for each in verdicts] == [Fate.LOADED] * 2


def test_a_single_name_and_a_single_amount_are_completed_and_said_so():
    verdict = one(given_names=None, amount_outstanding=None)
    assert (verdict.row.given_names, verdict.row.amount_outstanding) == ("-", 255_000)
    assert codes(verdict) == {("I03", "warning"), ("I04", "warning")}
    assert one(family_name=None, given_names="Ada").row.family_name == "Ada"
    assert one(invoice_amount=None).row.invoice_amount == 120_000
    repaid = one(amount_outstanding=None, status="Paid in full", status_date="1/2/2025")
    assert (repaid.row.amount_outstanding, repaid.fate, codes(repaid)) == (0, Fate.LOADED, set())


@pytest.mark.parametrize(
    ("cell", "on"),
    [
        ("Y", True),
        (None, False),
        ("No", False),
        ("12/03/2019", True),
        (pack_date(date(2019, 3, 12)), True),
        (True, True),
    ],
)
def test_a_column_says_which_flags_are_on_whatever_the_status(cell, on):
    verdict = one(without=(), on_warnings_index=cell)
    assert (verdict.on, codes(verdict)) == (on, set())


def test_a_word_that_says_neither_leaves_it_to_the_status():
    unsure = one(without=(), on_warnings_index="perhaps")
    assert (unsure.on, codes(unsure)) == (True, {("I06", "warning")})
    assert one(without=(), on_warnings_index="perhaps", status="Payment plan", status_date="1/2/2025").on is False


def test_a_flag_that_should_be_off_by_now_is_remarked_on():
    verdict = one(without=(), on_warnings_index="Yes", status="Paid", status_date="1/2/2025", amount_outstanding="0")
    assert (verdict.fate, verdict.on, codes(verdict)) == (Fate.LOADED, True, {("I07", "warning")})


@pytest.mark.parametrize("day", ["1/1/2020", "1/11/2026", "once"])
def test_a_day_of_first_report_that_cannot_be_is_left_out(day):
    verdict = one(first_reported=day)
    assert (verdict.fate, verdict.first_reported_on, codes(verdict)) == (Fate.LOADED, None, {("I05", "warning")})
