"""The consolidated output: every column that may leave and no other, one row a debt, safe to open."""

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app.releases.outputs.consolidated import LAYOUT, Cover, Row, csv_lines, write_workbook
from app.return_template.columns import COLUMNS

COVER = Cover(
    datetime(2026, 7, 1, 8, 30, tzinfo=UTC), "dt@example.org", "MIDAS", "=the monthly load", {"Region": "London"}
)
DEBT: Row = {
    "reference": "ND-1", "organisation": "RJ1", "organisation_name": "An Example Trust", "region": "London",
    "invoice_number": "00123", "invoice_date": date(2026, 6, 14), "invoice_amount": 255010, "amount_outstanding": 29,
    "status": "arrangement", "status_date": date(2026, 9, 2), "family_name": "=Okonkwo", "given_names": "-",
    "other_names": "\x01\ud800", "date_of_birth": date(1985, 3, 27), "sex": "female", "nationality": "NGA",
    "patient_informed": "yes", "site": "SECRET SITE", "your_reference": "SECRET CASE", "row": 14,
    "return_reference": "DR-2026-10-RJ1-01", "first_reported": date(2026, 11, 1), "last_confirmed": date(2026, 11, 2),
    "held": False, "disputed": False, "unconfirmed": True, "below_threshold": False,
}  # fmt: skip
HEADINGS = [column.heading for column in LAYOUT]


@pytest.fixture
def book(tmp_path: Path) -> Any:
    assert (
        write_workbook([DEBT, {**DEBT, "status": "repaid", "amount_outstanding": 0}], COVER, tmp_path / "c.xlsx") == 2
    )
    return openpyxl.load_workbook(tmp_path / "c.xlsx")


def lines(*rows: Row) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(csv_lines(rows)).decode("utf-8-sig"), newline="")))


def test_every_column_that_may_leave_is_there_and_no_other() -> None:
    ours = {"reference", "organisation", "organisation_name", "region", "return_reference", "row", "first_reported",
            "last_confirmed", "held", "disputed", "unconfirmed", "below_threshold", "release"}  # fmt: skip
    assert {field.key for field in LAYOUT} == ours | {column.key for column in COLUMNS if column.leaves}
    assert not {"site", "your_reference"} & {field.key for field in LAYOUT}


def test_what_never_leaves_stands_nowhere_in_either_file(tmp_path: Path, book: Any) -> None:
    cells = [str(cell.value) for sheet in book for row in sheet for cell in row]
    assert not [cell for cell in cells if "SECRET" in cell]
    assert b"SECRET" not in b"".join(csv_lines([DEBT]))


def test_the_debts_are_the_first_sheet_with_frozen_headings_and_a_filter(book: Any) -> None:
    sheet = book.worksheets[0]
    assert sheet.title == "Consolidated"
    assert [cell.value for cell in sheet[1]] == HEADINGS
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(3, len(LAYOUT)).coordinate}"
    assert sheet.max_row == 3


def test_a_debt_stands_with_exact_amounts_real_dates_and_words_for_codes(book: Any) -> None:
    row = dict(zip(HEADINGS, (cell.value for cell in book.worksheets[0][2]), strict=True))
    assert (row["Invoice number"], row["Invoice amount (£)"], row["Amount outstanding (£)"]) == ("00123", 2550.10, 0.29)
    assert row["Date of birth"] == datetime.fromisoformat("1985-03-27")
    assert (row["Debt status"], row["Sex"], row["Patient told about data sharing"]) == (
        "Repayment arrangement", "Female", "Yes")  # fmt: skip
    assert (row["Held"], row["Disputed"], row["Unconfirmed"], row["Row in the return"]) == ("No", "No", "Yes", 14)
    assert row["Release"] == "not a signed release"


def test_no_cell_is_a_formula(book: Any) -> None:
    sheet = book.worksheets[0]
    assert all(cell.data_type != "f" for page in book for row in page for cell in row)
    assert sheet.cell(2, HEADINGS.index("Family name") + 1).value == "=Okonkwo"


def test_the_cover_says_for_whom_when_why_and_how_much(book: Any) -> None:
    cover = {row[0].value: row[1].value for row in book["About this output"]}
    assert cover["As at"] == "01/07/2026 09:30 UK time"
    assert (cover["Prepared by"], cover["Recipient"], cover["Purpose"]) == (
        "dt@example.org",
        "MIDAS",
        "=the monthly load",
    )
    assert cover["Filters"] == "Region: London"
    assert (cover["Debts"], cover["Amount outstanding (£)"]) == (2, 0.29)
    assert (cover["Debts with status Debt repaid"], cover["Release"]) == (1, "not a signed release")


def test_nothing_is_outstanding_of_debts_that_have_ended(tmp_path: Path) -> None:
    write_workbook(
        [DEBT, *({**DEBT, "status": ended} for ended in ("withdrawn", "Debt repaid"))], COVER, tmp_path / "c.xlsx"
    )
    cover = {row[0].value: row[1].value for row in openpyxl.load_workbook(tmp_path / "c.xlsx")["About this output"]}
    assert (cover["Debts"], cover["Amount outstanding (£)"]) == (3, 0.29)


def test_an_output_without_debts_still_has_headings_and_a_cover(tmp_path: Path) -> None:
    assert write_workbook([], COVER, tmp_path / "c.xlsx") == 0
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    assert [cell.value for cell in book.worksheets[0][1]] == HEADINGS
    assert lines() == [HEADINGS]


def test_the_csv_is_headings_and_one_line_a_debt_and_nothing_else() -> None:
    made = lines(*[DEBT] * 1201)
    assert len(made) == 1202
    assert {len(line) for line in made} == {len(LAYOUT)}
    row = dict(zip(HEADINGS, made[-1], strict=True))
    assert (row["Invoice amount (£)"], row["Amount outstanding (£)"]) == ("2550.10", "0.29")
    assert (row["Invoice date"], row["Held"], row["Release"]) == ("14/06/2026", "No", "not a signed release")


def test_the_csv_has_one_bom_and_no_field_that_starts_like_a_formula() -> None:
    data = b"".join(csv_lines([DEBT] * 600))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\xef\xbb\xbf") == 1
    row = dict(zip(HEADINGS, lines(DEBT)[1], strict=True))
    assert (row["Family name"], row["Given names"]) == ("'=Okonkwo", "'-")


def test_the_csv_comes_in_pieces_before_all_debts_are_read() -> None:
    read = []

    def rows() -> Iterator[Row]:
        for number in range(2000):
            read.append(number)
            yield DEBT

    pieces = csv_lines(rows())
    next(pieces)
    next(pieces)
    assert len(read) < 1000


def test_a_row_of_a_release_names_it() -> None:
    assert lines({**DEBT, "release": "Release 7"})[1][-1] == "Release 7"
    assert list(csv.reader(io.StringIO(b"".join(csv_lines([DEBT], "Release 8")).decode())))[1][-1] == "Release 8"


def test_when_reading_the_register_fails_no_half_file_stays(tmp_path: Path) -> None:
    def rows() -> Iterator[Row]:
        yield DEBT
        raise LookupError

    with pytest.raises(LookupError):
        write_workbook(rows(), COVER, tmp_path / "c.xlsx")
    assert list(tmp_path.iterdir()) == []
