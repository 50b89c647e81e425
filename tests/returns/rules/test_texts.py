"""What must be filled in (R01, R18), what texts may hold (R17, R20, R22), and what draws a question (W01, W02, W07)."""

from datetime import date

import pytest

from app.core.spreadsheet.packing import FORMULA, TEXT, WITHHELD, pack_error
from app.return_template.columns import COLUMNS
from tests.returns.rules.building import codes, finding, held, judged, outcome, row

MANDATORY = [column.key for column in COLUMNS if column.required]
TEXTS = [column for column in COLUMNS if column.limit and column.judged]
ADDRESSES = ("other_names", "uk_address", "overseas_address")


@pytest.mark.parametrize("key", MANDATORY)
@pytest.mark.parametrize("blank", [None, "", "  ", "\u00a0\u200b\ufeff", "\n"])
def test_a_mandatory_value_that_is_missing_is_one_finding_and_no_more(key: str, blank: str | None):
    assert codes(row(**{key: blank})) == ["R01"]


@pytest.mark.parametrize("unseen", [
    "\u115f", "\u1160\u3164", "\uffa0", "\u180e", "\u2800", "\ufe0f", "\ufffe", "\ufffd", "\U000e0041\U000e007f", "\u0301",
    "\u202e\u202c", "\u2066", " \u034f ", "\u00ad\u2800\u200b",
])  # fmt: skip
def test_a_name_of_which_nothing_can_be_seen_is_missing(unseen: str):
    assert codes(row(family_name=unseen)) == ["R01"]
    assert codes(row(uk_address=unseen)) == ["W02"]


@pytest.mark.parametrize("name", ["e\u0301", "\u1112\u1161\u11ab", "\u4e00", "\u0e44\u0e17\u0e22", "-", "\u0627"])
def test_a_name_of_any_letters_at_all_is_there(name: str):
    assert codes(row(family_name=name)) == []


def test_columns_that_are_not_mandatory_may_stay_blank():
    optional = {column.key: None for column in COLUMNS if not column.required}
    assert codes(row(**optional)) == ["W01", "W02"]


def test_a_person_with_a_single_name_has_a_dash_for_given_names():
    assert codes(row(given_names="-")) == []


def test_a_value_that_is_held_cannot_be_blanked_in_the_return_when_it_is_mandatory():
    assert codes(row(family_name=None), register=held()) == ["R01"]
    assert outcome(row(uk_address=None, sex=None), register=held()) == ("unchanged", [])


def test_an_imported_debt_without_a_birthday_may_stay_without_while_the_cell_stays_blank():
    imported = held(date_of_birth=None)
    assert outcome(row(date_of_birth=None), register=imported) == ("unchanged", [])
    assert codes(row(date_of_birth="soon"), register=imported) == ["R02"]
    assert outcome(row(), register=imported) == ("changed", [])


@pytest.mark.parametrize("typed", ["Yes", "YES", "y", " yes ", True])
def test_yes_may_be_written_in_several_ways(typed: object):
    assert codes(row(patient_informed=typed)) == []


@pytest.mark.parametrize("typed", ["No", "n", False, "not yet", "0"])
def test_a_patient_who_has_not_been_told_is_not_reported(typed: object):
    assert codes(row(patient_informed=typed)) == ["R18"]


@pytest.mark.parametrize("column", TEXTS, ids=lambda column: column.key)
def test_a_text_is_taken_up_to_its_length_and_not_beyond(column):
    assert column.limit is not None
    within, beyond = ("A1" * column.limit)[: column.limit], ("A1" * column.limit)[: column.limit + 1]
    assert not set(codes(row(**{column.key: within}))) & {"R20", "R17"}
    assert codes(row(**{column.key: beyond})) == ["R20"]


@pytest.mark.parametrize("inside", ["a\nb", "a\tb", "a\rb", "a\x07b", "a\x00b", "a\x7fb", "a\x85b"])
def test_control_characters_inside_a_text_are_sent_back(inside: str):
    assert codes(row(family_name=inside)) == ["R20"]


def test_a_text_that_begins_with_nul_is_no_date_and_no_error_but_a_control_character():
    assert codes(row(family_name=TEXT + "\x00d2026-01-01")) == ["R20"]


@pytest.mark.parametrize(
    "name",
    ["O'Brien", "de la Cruz", "Nguye\u0302\u0303n", "Nguyễn", "محمد", "\u202eabc", "李", "𠮷野", "B", "_x0000_", "Anne\u200dMarie",
     "=1+1", "+44", "-", "@SUM", "＝1", "🙂"],
)  # fmt: skip
def test_names_are_kept_as_they_are_typed(name: str):
    (one,) = judged(row(family_name=f" {name}\u00a0"))
    assert (one.row.family_name, one.row.codes()) == (name, set())


def test_an_invoice_number_typed_as_a_number_is_the_text_and_leading_zeros_stay():
    assert judged(row(invoice_number=123456.0))[0].row.invoice_number == "123456"
    assert judged(row(invoice_number=123456))[0].row.invoice_number == "123456"
    assert judged(row(invoice_number="000123"))[0].row.invoice_number == "000123"


@pytest.mark.parametrize("key", [column.key for column in COLUMNS if column.judged])
def test_an_excel_error_or_a_formula_without_a_value_is_found_once_in_whatever_column(key: str):
    assert codes(row(**{key: pack_error("#N/A")})) == ["R22"]
    assert codes(row(**{key: FORMULA})) == ["R22"]


def test_the_words_tell_an_error_from_a_formula():
    assert '"#REF!" is an error' in finding("R22", row(invoice_amount=pack_error("#REF!"))).message
    assert "a formula here without a value" in finding("R22", row(invoice_amount=FORMULA)).message


@pytest.mark.parametrize("key", ADDRESSES)
def test_clinical_words_are_sent_back_and_neither_shown_nor_said(key: str):
    found = finding("R17", row(**{key: "Patient with HIV, Ward 7"}))
    assert codes(row(**{key: "Patient with HIV, Ward 7"})) == ["R17"]
    assert "HIV" not in found.message + found.unquoted


@pytest.mark.parametrize("address", ["5 Ward Road, London", "Cancer Research House", "Flat 2, Surgery Lane, Leeds"])
def test_streets_and_houses_with_such_names_are_addresses(address: str):
    assert codes(row(uk_address=address)) == []


@pytest.mark.parametrize("key", ["family_name", "invoice_number", "passport_number"])
def test_names_and_numbers_are_not_searched_for_clinical_words(key: str):
    assert "R17" not in codes(row(**{key: "Diagnosis 7"}))


def test_a_text_that_the_trust_has_confirmed_is_an_address():
    text = "Diagnosis Cottage"
    assert codes(row(uk_address=text)) == ["R17"]
    (one,) = judged(row(uk_address=text), confirmed=lambda asked: asked == text)
    assert (one.row.uk_address, codes(row(uk_address=text), confirmed=lambda asked: asked == text)) == (text, [])


def test_a_confirmed_address_must_still_fit():
    for text in ("Diagnosis Cottage\n" + "Leeds", "Diagnosis Cottage " * 20):
        assert codes(row(uk_address=text), confirmed=lambda _: True) == ["R20"]


def test_a_cell_that_was_withheld_is_not_taken_when_the_row_is_judged_again():
    assert codes(row(uk_address=WITHHELD + "0" * 64)) == ["R17"]


def test_your_reference_is_never_judged():
    for text in ("x" * 200, "two\nlines", pack_error("#N/A"), FORMULA, date(2026, 1, 1), 17.0, "HIV ward"):
        (one,) = judged(row(your_reference=text))
        assert one.row.codes() == set()
        assert len(one.row.your_reference or "") <= 60


def test_your_reference_is_handed_back_with_every_finding():
    found = finding("R18", row(your_reference="case 17", patient_informed="No"))
    assert (found.your_reference, found.invoice_number) == ("case 17", "00123456")


@pytest.mark.parametrize("typed", [None, "woman", "?"])
def test_a_sex_that_is_missing_or_not_of_the_list_is_one_warning(typed: str | None):
    assert outcome(row(sex=typed)) == ("new", ["W01"])


@pytest.mark.parametrize("typed", ["Female", "F", "male", "m", "Unspecified", "X"])
def test_a_sex_may_be_one_letter(typed: str):
    assert codes(row(sex=typed)) == []


def test_one_address_is_enough():
    assert codes(row(uk_address=None, uk_postcode=None)) == ["W02"]
    assert codes(row(uk_address=None, uk_postcode=None, overseas_address="12 Example Road, Lagos")) == []
    assert codes(row(uk_address="x" * 251)) == ["R20"]


@pytest.mark.parametrize("typed", ["N/A", "unknown", "none", "-", "not known", "n.k."])
def test_a_placeholder_for_a_passport_reads_as_blank(typed: str):
    (one,) = judged(row(passport_number=typed))
    assert (one.row.passport_number, one.row.codes()) == (None, set())


@pytest.mark.parametrize(
    ("key", "typed"),
    [("passport_number", "A1"), ("passport_number", "ABCDEF"), ("ni_number", "AB12345C"), ("ni_number", "GB123456A"),
     ("uk_postcode", "LAGOS"), ("uk_postcode", "SE1 7E"), ("ni_number", "DA123456A")],
)  # fmt: skip
def test_a_number_that_looks_wrong_draws_a_question(key: str, typed: str):
    assert codes(row(**{key: typed})) == ["W07"]


@pytest.mark.parametrize(
    ("key", "typed"),
    [("passport_number", "a 0123-4567"), ("ni_number", "AB 12 34 56 C"), ("ni_number", "ab123456"), ("uk_postcode", "se17eh"),
     ("uk_postcode", "GIR 0AA"), ("uk_postcode", "W1A 1AA"), ("uk_postcode", "M1 1AE"), ("passport_number", 123456789.0)],
)  # fmt: skip
def test_numbers_may_be_typed_with_or_without_spaces(key: str, typed: object):
    assert codes(row(**{key: typed})) == []


def test_several_numbers_that_look_wrong_are_a_question_each():
    assert codes(row(ni_number="1", uk_postcode="2", passport_number="A")) == ["W07", "W07", "W07"]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (999999999999999.0, "999999999999999"),
        (123456789012345.0, "123456789012345"),
        (-12.0, "-12"),
        (0.0, "0"),
        (12.5, "12.5"),
    ],
)
def test_a_long_invoice_number_typed_as_a_number_keeps_all_its_figures(typed: float, text: str):
    assert judged(row(invoice_number=typed))[0].row.invoice_number == text


@pytest.mark.parametrize("typed", [12345678901234567890.0, 1234567890123450.0, 1e15, 12345678901234567890])
@pytest.mark.parametrize("key", ["invoice_number", "passport_number", "home_office_reference", "ni_number"])
def test_a_number_whose_last_figures_the_spreadsheet_has_changed_is_sent_back(key: str, typed: float):
    assert codes(row(**{key: typed})) == ["R20"]
    assert "Format the cell as text" in finding("R20", row(**{key: typed})).message


def test_a_number_that_the_spreadsheet_has_made_a_date_of_is_sent_back_with_the_date():
    words = finding("R20", row(invoice_number=date(2023, 3, 15))).message
    assert "made the date" in words
    assert "15/03/2023" in words


def test_a_letter_with_its_marks_counts_as_one():
    (one,) = judged(row(family_name="e\u0301" * 80))
    assert (one.row.codes(), one.row.family_name) == (set(), "é" * 80)
    assert codes(row(family_name="e\u0301" * 81)) == ["R20"]
    assert judged(row(family_name="Jose\u0301"))[0].row.family_name == "Jose\u0301"  # as typed where that fits


@pytest.mark.parametrize("name", ["n" * 300, "李" * 81, "\ud800" * 81])
def test_a_name_of_300_letters_is_sent_back(name: str):
    assert codes(row(family_name=name)) == ["R20"]
