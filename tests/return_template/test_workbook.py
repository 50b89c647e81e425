"""The return workbook as a trust gets it: headings, prompts, lists, tints, prefilled debts, guidance, stamp."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from app.core.spreadsheet.headings import heading_key
from app.core.spreadsheet.packing import pack_date
from app.core.spreadsheet.reading import Readers
from app.return_template.columns import COLUMNS
from app.return_template.stamp import TEMPLATE_VERSION, Stamp
from app.return_template.workbook import CHECKED_ROWS, Value, template

TODAY = date(2026, 11, 22)
STAMP = Stamp("template", "RJ1", "2026-10", TEMPLATE_VERSION, datetime(2026, 11, 22, 9, tzinfo=UTC))
KNOWN = frozenset(heading_key(column.heading) for column in COLUMNS)
DEBT: dict[str, Value] = {
    "invoice_number": "000123", "invoice_date": date(2026, 6, 14), "invoice_amount": Decimal("2550.10"),
    "amount_outstanding": Decimal("0.29"), "status": "Repayment arrangement", "status_date": date(2026, 9, 2),
    "family_name": "=Okonkwo", "given_names": "-", "other_names": None, "date_of_birth": date(1985, 3, 27),
    "sex": "Female", "nationality": "NGA", "patient_informed": "Yes", "your_reference": "+44",
}  # fmt: skip


def book(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def blank() -> Any:
    return book(template(STAMP, on=TODAY))


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    pool = Readers(1, 20_000, 10)
    yield pool
    pool.close()


def checks(sheet: Any) -> dict[str, Any]:
    """The data validation of each column by its heading."""
    letters = {str(check.sqref).split("2")[0]: check for check in sheet.data_validations.dataValidation}
    return {cell.value: letters.get(cell.column_letter) for cell in sheet[1]}


def test_the_headings_stand_in_row_1_frozen_filterable_and_nothing_is_locked(blank: Any) -> None:
    sheet = blank.worksheets[0]
    assert sheet.title == "Return"
    assert [cell.value for cell in sheet[1]] == [column.heading for column in COLUMNS]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:U{CHECKED_ROWS + 1}"
    assert not any(page.protection.sheet for page in blank.worksheets)


def test_every_column_prompts_and_the_prompts_reach_past_the_rows_that_are_there(blank: Any) -> None:
    for heading, check in checks(blank.worksheets[0]).items():
        assert check is not None, heading
        assert check.showInputMessage
        assert check.prompt
        assert len(check.prompt) <= 255
        assert str(check.sqref).endswith(str(CHECKED_ROWS + 1))


def test_dates_amounts_lengths_and_choices_are_checked(blank: Any) -> None:
    kinds = {heading: check.type for heading, check in checks(blank.worksheets[0]).items()}
    assert kinds["Date of birth"] == "date"
    assert kinds["Amount outstanding (£)"] == "decimal"
    assert kinds["Family name"] == "textLength"
    assert kinds["Debt status"] == "list"
    status = checks(blank.worksheets[0])["Debt status"]
    assert "Defaulted - debt still outstanding" in status.formula1
    assert status.showErrorMessage


def test_a_long_list_of_countries_stands_on_a_very_hidden_sheet_and_blocks_nobody() -> None:
    countries = [f"Country {number}, Republic of" for number in range(60)]
    made = book(template(STAMP, on=TODAY, countries=countries))
    check = checks(made.worksheets[0])["Nationality"]
    assert check.formula1 == "Lists!$A$1:$A$60"
    assert not check.showErrorMessage
    assert made["Lists"].sheet_state == "veryHidden"
    assert [cell.value for cell in made["Lists"]["A"]] == countries


def test_without_countries_the_nationality_still_prompts(blank: Any) -> None:
    assert "Lists" not in blank.sheetnames
    assert "Nigerian" in checks(blank.worksheets[0])["Nationality"].prompt


def test_empty_cells_are_formatted_for_what_comes_into_them(blank: Any) -> None:
    sheet = blank.worksheets[0]
    formats = {cell.value: sheet.column_dimensions[cell.column_letter].number_format for cell in sheet[1]}
    assert formats["Invoice number"] == "@"
    assert formats["Passport or travel document number"] == "@"
    assert formats["Date of birth"] == "dd/mm/yyyy"
    assert formats["Invoice amount (£)"] == "0.00"


def test_mandatory_cells_that_are_missing_are_tinted_in_rows_that_hold_something(blank: Any) -> None:
    rules = {str(area.sqref): rules[0].formula[0]
             for area, rules in blank.worksheets[0].conditional_formatting._cf_rules.items()}  # fmt: skip
    last = CHECKED_ROWS + 1
    assert rules[f"J2:J{last}"] == "AND(LEN(TRIM($J2))=0,COUNTA($A2:$U2)>0)"
    assert "Debt outstanding" in rules[f"F2:F{last}"]
    mandatory = sum(column.required for column in COLUMNS)
    assert len(rules) == mandatory + 1


def test_the_guidance_names_every_column_and_where_to_get_help() -> None:
    made = book(template(STAMP, on=TODAY, help_lines=["Write to help@example.nhs.uk."]))
    words = {cell.value for row in made["Guidance"] for cell in row}
    assert {column.heading for column in COLUMNS} <= words
    assert "Write to help@example.nhs.uk." in words
    assert "Declaration" in words


def test_prefilled_debts_are_read_back_to_the_penny_with_their_stamp(readers: Readers) -> None:
    reading = readers.read(template(STAMP, [DEBT, {**DEBT, "invoice_number": "2"}], on=TODAY), KNOWN)
    assert (reading.sheet, reading.heading_row, reading.rival, len(reading.rows)) == ("Return", 1, None, 2)
    row = dict(zip((column.key for column in COLUMNS), reading.rows[0][1], strict=True))
    assert row["invoice_number"] == "000123"
    assert row["invoice_date"] == pack_date(date(2026, 6, 14))
    assert (row["invoice_amount"], row["amount_outstanding"]) == (2550.10, 0.29)
    assert (row["family_name"], row["given_names"], row["other_names"]) == ("=Okonkwo", "-", None)
    assert row["your_reference"] == "+44"
    assert Stamp.from_about(reading.about) == STAMP


def test_the_stamp_is_very_hidden(blank: Any) -> None:
    assert blank["About"].sheet_state == "veryHidden"


def test_a_blank_template_holds_no_rows(readers: Readers) -> None:
    reading = readers.read(template(STAMP, on=TODAY, countries=["Nigeria"] * 50), KNOWN)
    assert (reading.rows, reading.blank) == ([], 0)


def test_more_debts_than_usual_are_all_prompted() -> None:
    of_one_cell: dict[str, Value] = {"invoice_number": "000123"}
    sheet = book(template(STAMP, [of_one_cell] * (CHECKED_ROWS + 5), on=TODAY)).worksheets[0]
    assert str(checks(sheet)["Family name"].sqref).endswith(str(CHECKED_ROWS + 6))


def test_the_same_debts_at_the_same_moment_give_the_same_bytes() -> None:
    assert template(STAMP, [DEBT], on=TODAY) == template(STAMP, [DEBT], on=TODAY)
