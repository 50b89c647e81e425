"""One invoice, one debt, one person: doubles in a file (R12, W08), in the register (R16, W08), at two bodies (R24)."""

from datetime import date

import pytest

from tests.returns.rules.building import all_codes, codes, finding, held, judged, outcome, person, register_of, row

NUMBER = {"invoice_number": "INV-001"}


def test_the_first_of_two_identical_rows_stands():
    first, second = judged(row(), row())
    assert (first.result, second.result) == ("new", "rejected")
    assert (first.row.codes(), second.row.codes()) == (set(), {"R12"})
    assert not second.stays_open


def test_rows_are_identical_by_what_they_say_and_not_by_how_it_is_typed():
    typed = row(invoice_date="14/06/2026", invoice_amount="£2,550.00", amount_outstanding=2550.0, nationality="NG")
    assert all_codes(row(), typed) == [[], ["R12"]]


def test_your_reference_makes_no_difference():
    assert all_codes(row(your_reference="case 17"), row(your_reference="case 18")) == [[], ["R12"]]


def test_when_two_rows_of_one_number_differ_both_go_back_and_name_each_other():
    rows = [row(), row(amount_outstanding="1000.00")]
    first, second = judged(*rows)
    assert [codes(*rows), codes(*rows[::-1])] == [["R12"], ["R12"]]
    assert "stands in row 3 with other" in first.row.findings[0].message
    assert "stands in row 2 with other" in second.row.findings[0].message
    assert first.stays_open
    assert second.stays_open


def test_three_rows_of_one_number_of_which_one_differs_all_go_back():
    assert all_codes(row(), row(), row(family_name="Other")) == [["R12"], ["R12"], ["R12"]]


def test_two_rows_that_differ_only_in_a_cell_that_cannot_be_read_differ():
    assert all_codes(row(date_of_birth="soon"), row(date_of_birth="later")) == [["R02", "R12"], ["R02", "R12"]]
    assert all_codes(row(date_of_birth="soon"), row(date_of_birth="soon")) == [["R02"], ["R02", "R12"]]


def test_rows_without_a_number_are_not_doubles():
    assert all_codes(row(invoice_number=None), row(invoice_number=None)) == [["R01"], ["R01"]]


def test_a_number_and_the_same_number_as_a_text_are_one_invoice():
    assert all_codes(row(invoice_number=123.0), row(invoice_number="123")) == [[], ["R12"]]
    assert all_codes(person("123"), person("0123")) == [[], ["W08"]]


@pytest.mark.parametrize(
    "near",
    ["inv-001", "INV001", "INV/001", "Inv 001", "INV.001", "00INV-001", "\uff29\uff2e\uff36-\uff10\uff10\uff11",
     "\u0406NV-001", "I\u039dV-001", "INV\u2011001", "INV-\u00ad001"],
)  # fmt: skip
def test_numbers_that_look_alike_draw_a_question(near: str):
    assert all_codes(row(**NUMBER), row(invoice_number=near)) == [[], ["W08"]]
    assert codes(row(invoice_number=near), register=held(**NUMBER)) == ["W08"]
    assert all_codes(row(**NUMBER), row(invoice_number=near), register=held(**NUMBER)) == [[], ["W08"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("99004", "00099004"),
        ("CAF\u00c91", "CAFE\u03011"),
        ("ACEHKMOPTXYBSIJ", "\u0410\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425\u0423\u0412\u0405\u0406\u0408"),
        ("ABEZHIKMNOPTYX", "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"),
        ("0", "00"),
    ],
)  # fmt: skip
def test_numbers_of_another_spelling_or_alphabet_draw_a_question(one: str, other: str):
    assert all_codes(row(invoice_number=one), row(invoice_number=other)) == [[], ["W08"]]
    assert codes(row(invoice_number=other), register=held(invoice_number=one)) == ["W08"]


@pytest.mark.parametrize("other", ["INV-0010", "INV-002", "INV-1", "1NV-001", "INV-O01", "\u00cdNV-001"])
def test_numbers_that_anybody_can_tell_apart_draw_none(other: str):
    assert all_codes(row(**NUMBER), row(invoice_number=other)) == [[], []]


def test_the_words_name_the_row_or_the_number_reported_before():
    assert "the number in row 2 only in case" in finding("W08", person("INV-001"), person("inv001")).message
    found = finding("W08", person("inv001"), register=held(**NUMBER))
    assert '"INV-001", reported before' in found.message
    assert "INV-001" not in found.unquoted


@pytest.mark.parametrize(
    "change",
    [
        {"family_name": "Okonkwo Example"},
        {"family_name": "OKONKWO-EXAMPLE", "given_names": "ada grace"},
        {"given_names": "Ada-Grace"},
        {"date_of_birth": date(1985, 3, 28)},
        {"passport_number": "B7654321"},
        {"date_of_birth": date(1985, 3, 28), "passport_number": "B7654321"},
        {"family_name": "Quite-Another", "given_names": "Name", "date_of_birth": date(1985, 3, 28)},
        {"family_name": "Quite-Another", "given_names": "Name", "passport_number": "a 0123 4567"},
        {"nationality": "Ghana"},
    ],
)
def test_a_known_invoice_is_corrected_when_name_or_passport_agrees_or_birthday_and_names_are_alike(change):
    assert outcome(row(**change), register=held()) == ("changed", [])


@pytest.mark.parametrize(
    "change",
    [
        {"family_name": "Quite-Another", "given_names": "Name", "passport_number": "B7654321"},
        {"family_name": "Quite-Another", "passport_number": "B7654321", "date_of_birth": date(1990, 1, 2)},
        {"family_name": "Okonkwo Example", "passport_number": "B7654321", "date_of_birth": date(1990, 1, 2)},
    ],
)
def test_a_known_invoice_of_a_different_person_is_sent_back(change):
    assert outcome(row(**change), register=held()) == ("rejected", ["R16"])


def test_a_passport_that_is_left_blank_is_the_one_that_is_held():
    (one,) = judged(row(family_name="Okonkwo Example", passport_number=None), register=held())
    assert (one.result, one.row.passport_number) == ("changed", "A01234567")
    assert one.row.passport_match == held().passport_match


@pytest.mark.parametrize("blank", [None, " ", "N/A"])
def test_a_passport_that_is_left_blank_is_no_proof_that_another_name_is_the_same_person(blank: str | None):
    another = {"family_name": "Quite-Another", "given_names": "Name", "passport_number": blank}
    assert outcome(row(**another), register=held()) == ("rejected", ["R16"])
    older = row(**another, date_of_birth=date(1950, 2, 1), nationality="India")
    assert outcome(older, register=held()) == ("rejected", ["R16"])


def test_two_blank_passports_agree_in_nothing():
    without = held(passport_number=None)
    another = row(family_name="Quite-Another", given_names="Name", passport_number=None)
    assert outcome(another, register=without) == ("rejected", ["R16"])


def test_a_name_that_cannot_be_read_is_not_taken_for_another_person():
    assert codes(row(family_name="x\ny", given_names="Quite Another"), register=held()) == ["R20"]


def test_older_particulars_of_a_different_person_are_left_alone_and_not_judged():
    another = row(family_name="Quite-Another", given_names="Name", passport_number="B7654321")
    assert outcome(another, register=held(particulars_on=date(2026, 11, 15))) == ("unchanged", ["W09"])


def test_a_number_at_two_of_your_organisations_names_both():
    both = register_of(held(id="b"), held(id="a", organisation_code="RJ9"))
    assert outcome(row(), register=both) == ("rejected", ["R24"])
    words = finding("R24", row(), register=both).message
    assert "Guy's Example and Old Example" in words


def test_a_row_at_two_organisations_is_not_compared_with_either_but_its_own_faults_are_told():
    both = register_of(held(id="b", status="repaid", amount_outstanding=0), held(id="a", organisation_code="RJ9"))
    another = row(family_name="Quite-Another", given_names="Name", passport_number="B7654321")
    assert codes(another, register=both) == ["R24"]
    assert codes(row(nationality="Germany", patient_informed="No"), register=both) == ["R07", "R18", "R24"]


def test_a_withdrawn_debt_at_the_predecessor_is_not_a_second_one():
    gone = held(id="a", organisation_code="RJ9", status="withdrawn", withdrawal_reason="raised_in_error")
    assert outcome(row(), register=register_of(held(id="b"), gone)) == ("unchanged", [])
