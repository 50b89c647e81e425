"""What makes a whole file go back (F01 to F10), and a column that is left out (W04)."""

import csv
import io
from collections.abc import Sequence

import pytest

from app.core.spreadsheet.reading import readers
from app.periods.calendar import Period
from app.return_template.columns import COLUMNS, OUR_HEADINGS
from app.return_template.stamp import Stamp
from app.returns.queries import without_values
from app.returns.reading import Sheet, read, stamp_refusals
from app.returns.rules import sheet as rules
from app.returns.rules.engine import Finding
from tests.returns.rules.building import POLICY

HEADINGS = [column.heading for column in COLUMNS]
VALUES = [column.example for column in COLUMNS]
OCTOBER = Period(2026, 10)


def csv_file(headings: Sequence[str] = HEADINGS, *rows: Sequence[str], above: Sequence[Sequence[str]] = ()) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([*above, headings, *(rows or [VALUES])])
    return text.getvalue().encode()


def sent(data: bytes, most_mb: int = 10) -> Sheet | list[Finding]:
    return read(data, readers(), POLICY, most_mb)


def refused(data: bytes, **how: int) -> list[str]:
    found = sent(data, **how)
    return [finding.code for finding in found] if isinstance(found, list) else []


def words(data: bytes) -> str:
    found = sent(data)
    assert isinstance(found, list)
    return found[0].message


def test_a_file_with_our_headings_and_a_row_is_taken():
    assert refused(csv_file()) == []


def test_a_text_a_picture_and_nothing_at_all_are_no_spreadsheets():
    assert refused(b"The return follows on Monday.") == ["F01"]
    assert refused(b"\x89PNG\r\n\x1a\n0000") == ["F01"]
    assert refused(b"") == ["F01"]


def test_a_file_above_the_limit_is_refused_by_its_size_alone():
    assert refused(b"x" * (1 << 20), most_mb=1) == ["F01"]
    assert refused(b"x" * ((1 << 20) + 1), most_mb=1) == ["F03"]


def test_mandatory_headings_that_are_missing_are_listed_with_the_unknown_ones_and_the_nearest():
    headings = ["Birth date" if heading == "Date of birth" else heading for heading in HEADINGS]
    assert refused(csv_file(headings)) == ["F05"]
    said = words(csv_file(headings))
    assert "These mandatory headings are not there: Date of birth." in said
    assert "not ours: Birth date" in said
    assert 'Is "Birth date" meant to be Date of birth?' in said


def test_columns_that_are_not_mandatory_may_be_absent():
    mandatory = [column for column in COLUMNS if column.required]
    data = csv_file([column.heading for column in mandatory], [column.example for column in mandatory])
    found = sent(data)
    assert isinstance(found, Sheet)
    assert set(found.place) == {column.key for column in mandatory}


def test_headings_are_known_in_any_order_case_and_spacing_within_the_first_ten_rows():
    shuffled = [f"  {heading.upper()} ".replace(" ", "  ") for heading in HEADINGS[::-1]]
    found = sent(csv_file(shuffled, VALUES[::-1], above=[[""]] * 9))
    assert isinstance(found, Sheet)
    (number, cells), place = found.rows[0], found.place
    assert (number, cells, place["invoice_number"]) == (11, VALUES, "U")
    assert refused(csv_file(above=[["x"] * 21] * 10)) == ["F05"]


def test_a_heading_that_stands_twice_is_refused():
    assert refused(csv_file([*HEADINGS, "invoice  NUMBER"], [*VALUES, "1"])) == ["F05"]


@pytest.mark.parametrize(
    "heading", ["Diagnosis", "Ward", "Specialty", "Procedure", "Consultant", "NHS number", "nhs_no"]
)
def test_a_clinical_column_is_refused_even_when_it_is_empty(heading: str):
    assert refused(csv_file([*HEADINGS, heading], [*VALUES, ""])) == ["F09"]
    assert heading in words(csv_file([*HEADINGS, heading]))


def test_a_file_can_be_refused_for_two_reasons_at_once():
    assert refused(csv_file([*HEADINGS[1:], "Diagnosis"])) == ["F09", "F05"]


def test_headings_without_rows_are_no_return_but_a_nil_return():
    assert refused(csv_file(HEADINGS, [""] * 21, [" "] * 21)) == ["F10"]
    assert "nil return" in words(csv_file(HEADINGS, [""]))


def test_blank_rows_are_counted_apart():
    found = sent(csv_file(HEADINGS, VALUES, [""] * 21, ["\u00a0"] * 21, VALUES))
    assert isinstance(found, Sheet)
    assert ([number for number, _ in found.rows], found.blank) == ([2, 5], 2)


def test_an_unknown_column_is_left_out_with_a_warning_that_names_it_and_its_cell():
    found = sent(csv_file([*HEADINGS, "Telephone", ""], [*VALUES, "020", "note"]))
    assert isinstance(found, Sheet)
    assert found.unknown == [rules.Ignored("Telephone", "V", "V", 1), rules.Ignored("", "W", "W", 1)]
    named, nameless = (rules.column_ignored(unknown) for unknown in found.unknown)
    assert (named.code, named.cell, named.column) == ("W04", "V1", "Telephone")
    assert '"Telephone"' in named.message
    assert "W (without a heading)" in nameless.message


def test_those_outside_the_trust_are_told_the_letter_of_an_unknown_column_and_never_its_heading():
    told = without_values(rules.column_ignored(rules.Ignored("Okonkwo, ward of Dr Marple", "V", "V", 1)))
    assert (told.column, told.field, told.cell) == (None, None, "V1")
    assert "Okonkwo" not in told.message + told.unquoted
    assert told.message.startswith("The column V is not part of the return")


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("QQ 12 34 56 C", "a National Insurance number"),
        ("A1234567", "a passport number"),
        ("Adaeze Okonkwo 27/03/1985", "a date of birth"),
        ("1985-03-27", "a date of birth"),
        ("Okonkwo, chemotherapy", "words about a patient’s health"),
    ],
)
def test_a_heading_that_looks_like_a_patient_is_named_by_its_letter_to_everybody_and_kept_nowhere(heading, told):
    found = sent(csv_file([*HEADINGS, heading], [*VALUES, ""]))
    assert isinstance(found, Sheet)
    assert found.unknown == [rules.Ignored("", "V", "V", 1, told)]
    warning = rules.column_ignored(*found.unknown)
    assert (warning.column, warning.message) == (None, warning.unquoted)
    assert warning.message.startswith("The column V is not part of the return")
    assert warning.message.endswith(f"It is not shown, because it seems to hold {told}.")


@pytest.mark.parametrize("heading", ["DOB of next of kin", "Born", "Invoice 2", "Call 020 7946 0123"])
def test_a_heading_that_only_names_a_column_is_quoted_to_the_trust(heading):
    found = sent(csv_file([*HEADINGS, heading], [*VALUES, ""]))
    assert isinstance(found, Sheet)
    assert found.unknown == [rules.Ignored(heading, "V", "V", 1)]


def test_a_heading_that_holds_an_nhs_number_refuses_the_file_and_is_not_repeated():
    data = csv_file([*HEADINGS, "Mrs 943 476 5919"], [*VALUES, ""])
    assert refused(data) == ["F09"]
    assert "NHS number: column V. Remove" in words(data)
    assert "943" not in words(data)


def test_a_patient_where_a_heading_should_be_is_not_repeated_when_mandatory_headings_are_missing():
    data = csv_file([*HEADINGS[1:], "Okonkwo 27/03/1985"])
    assert refused(data) == ["F05"]
    assert "These headings are not ours: column U." in words(data)
    assert "Okonkwo" not in words(data)


def test_columns_without_a_heading_are_one_warning_up_to_the_next_with_one():
    notes = ["note", "", "note", "note", "020", "note"]
    found = sent(csv_file([*HEADINGS, "", "", "", "", "Telephone", ""], [*VALUES, *notes]))
    assert isinstance(found, Sheet)
    several, named, single = (rules.column_ignored(unknown) for unknown in found.unknown)
    assert several.message.startswith("The columns V to Y have no headings, so they were ignored and not kept.")
    assert (several.cell, named.cell, single.cell) == ("V1", "Z1", "AA1")


def test_a_whole_sheet_of_columns_without_a_heading_is_one_warning():
    found = sent(csv_file(HEADINGS, [*VALUES, *["x"] * 16_000]))
    assert isinstance(found, Sheet)
    assert found.unknown == [rules.Ignored("", "V", "WRE", 1)]


def test_a_row_that_holds_something_only_in_an_unknown_column_is_blank():
    found = sent(csv_file([*HEADINGS, "Telephone"], [*VALUES, "020"], [""] * 21 + ["020"]))
    assert isinstance(found, Sheet)
    assert (len(found.rows), found.blank) == (1, 1)


def test_the_columns_that_we_add_to_a_rejection_workbook_are_neither_data_nor_unknown():
    found = sent(csv_file([*OUR_HEADINGS, *HEADINGS], ["sent back", "everything", "7", *VALUES]))
    assert isinstance(found, Sheet)
    assert (found.unknown, found.original_rows) == ([], {2: 7})


def test_a_row_number_as_long_as_a_book_is_no_row_number():
    found = sent(csv_file([*OUR_HEADINGS, *HEADINGS], ["", "", "7" * 5000, *VALUES]))
    assert isinstance(found, Sheet)
    assert found.original_rows == {}


def stamped(organisation: str | None, period: str | None, kind: str = "template", is_open: bool = True) -> list[str]:
    """Codes when a workbook with this stamp is sent by RJ1, successor of RJ9, for October."""
    sheet = Sheet([], 0, {}, stamp=Stamp(kind, organisation, period, "1", None))  # type: ignore[arg-type]
    return [finding.code for finding in stamp_refusals(sheet, ["RJ1", "RJ9"], "RJ1", OCTOBER, is_open)]


def test_a_workbook_that_was_made_for_another_organisation_is_refused_but_not_a_predecessors():
    assert stamped("RJ1", "2026-10") == []
    assert stamped("RJ9", "2026-10") == []
    assert stamped(None, None) == []
    assert stamped("RX1", "2026-10") == ["F06"]


def test_a_workbook_for_another_month_is_refused_unless_it_brings_mended_rows_back():
    assert stamped("RJ1", "2026-09") == ["F07"]
    assert stamped("RJ1", "2026-09", kind="rejection") == []
    assert stamped("RX1", "2026-09") == ["F06", "F07"]


def test_a_month_that_is_not_open_takes_nothing():
    assert stamped("RJ1", "2026-10", is_open=False) == ["F07"]
    assert stamped(None, None, is_open=False) == ["F07"]


def test_many_doubled_headings_take_no_time():
    assert refused(csv_file(["Invoice number"] * 16_000, ["1"])) == ["F05"]
