"""The rejection workbook: the rejected rows as they were, the cure first, nothing lost and nothing alive."""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.spreadsheet.headings import heading_key
from app.core.spreadsheet.packing import FORMULA, WITHHELD, Packed, is_blank, pack_date, pack_error, pack_text
from app.core.spreadsheet.reading import Readers
from app.return_template.columns import BY_KEY, COLUMNS, KEYS
from app.return_template.stamp import TEMPLATE_VERSION, Stamp
from app.returns.rejection_workbook import RejectedRow, csv_file, what_to_fix, workbook
from app.returns.rules.engine import Finding
from tests.returns.rules.building import judged, row

TODAY = date(2026, 11, 22)
STAMP = Stamp("rejection", "RJ1", "2026-10", TEMPLATE_VERSION, datetime(2026, 11, 22, tzinfo=UTC), {14: "0af3"})
KNOWN = frozenset(heading_key(column.heading) for column in COLUMNS)
HEADINGS = ["Result", "What to fix", *(column.heading for column in COLUMNS), "Original row"]


def finding(key: str | None, message: str, code: str = "R02") -> Finding:
    severity = "warning" if code.startswith("W") else "rejected"
    heading = BY_KEY[key].heading if key else None
    return Finding(code, severity, message, message, 14, heading, key)


DATE_FINDING = finding("date_of_birth", 'Row 14, Date of birth (J14): "31/02/1985" is not a real date.')
DATE_CURE = 'Date of birth: "31/02/1985" is not a real date.'  # the row and cell are others in this workbook


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    pool = Readers(1, 20_000, 10)
    yield pool
    pool.close()


def rejected(cells: Mapping[str, Packed], *findings: Finding) -> RejectedRow:
    return RejectedRow(14, cells, findings or [DATE_FINDING])


def made(*rows: RejectedRow) -> bytes:
    return workbook(STAMP, rows, on=TODAY)


def sheet_of(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def cell(data: bytes, key: str, row: int = 2) -> Any:
    return sheet_of(data).cell(row, 3 + KEYS.index(key))


def read_again(readers: Readers, data: bytes) -> list[dict[str, Packed]]:
    rows = readers.read(data, KNOWN).rows
    return [dict(zip(KEYS, cells[2:-1], strict=True)) for _, cells in rows]


def test_result_and_cure_stand_first_and_the_original_row_last() -> None:
    sheet = sheet_of(made(rejected({"invoice_number": "1"})))
    assert [each.value for each in sheet[1]] == HEADINGS
    assert [sheet["A2"].value, sheet["B2"].value, sheet["X2"].value] == ["Rejected", DATE_CURE, 14]


def test_the_stamp_ties_each_original_row_to_its_open_row(readers: Readers) -> None:
    assert Stamp.from_about(readers.read(made(rejected({"sex": "x"})), KNOWN).about) == STAMP


def test_offending_cells_are_tinted_and_say_all_that_was_found_in_them() -> None:
    also = finding("date_of_birth", "And the other thing.", "W03")
    data = made(rejected({"date_of_birth": "31/02/1985", "family_name": "A"}, also, DATE_FINDING))
    assert cell(data, "date_of_birth").comment.text == f"{DATE_CURE}\n{also.message}"
    assert cell(data, "date_of_birth").fill.fgColor.rgb == "FFF8CBC6"
    assert cell(data, "family_name").comment is None
    assert cell(data, "family_name").fill.fill_type is None


def test_a_cell_with_a_warning_is_tinted_differently_from_one_that_was_rejected() -> None:
    data = made(rejected({"ni_number": "x"}, finding("ni_number", "It looks wrong.", "W07")))
    assert cell(data, "ni_number").fill.fgColor.rgb == "FFFFE9B8"


def test_a_missing_cell_is_marked_although_it_is_empty() -> None:
    data = made(rejected({"family_name": "A"}, finding("date_of_birth", "It is missing.", "R01")))
    assert cell(data, "date_of_birth").value is None
    assert cell(data, "date_of_birth").comment.text == "It is missing."


def test_the_cure_names_what_was_rejected_before_it_warns() -> None:
    warning = finding("sex", "Sex is missing.", "W01")
    assert what_to_fix([warning, DATE_FINDING]) == f"{DATE_CURE}\nSex is missing."


def test_the_workbook_prompts_and_checks_like_the_template() -> None:
    sheet = sheet_of(made(rejected({"sex": "x"})))
    assert len(sheet.data_validations.dataValidation) == len(COLUMNS)
    assert sheet.freeze_panes == "A2"
    assert not sheet.protection.sheet


KEPT: list[Packed] = [
    "00123", "  spaced ", "=1+1", "+1", "-1", "@SUM(1)", "\tx", "\rx", "'=1", "_x0000_", "_x005F_x0041_", "😀",
    "\u202eevil", "O'Brien <b>", "e\u0301", "\x01", "#N/A", "<r>x</r>", "31/02/1985", "£1,250.00", pack_text("\x00dx"),
    12345.0, 0.1 + 0.2, -5.0, 1e12, 31_000.0, True, pack_date(date(1985, 3, 27)), pack_date(date(1900, 1, 1)),
    pack_date(datetime.fromisoformat("2026-01-02T03:04:05")), pack_error("#N/A"), pack_error("#REF!"),
]  # fmt: skip


@pytest.mark.parametrize("key", ["invoice_number", "date_of_birth", "amount_outstanding", "status", "nationality"])
def test_an_untouched_cell_is_read_back_as_it_was_in_every_kind_of_column(readers: Readers, key: str) -> None:
    rows = [rejected({key: value}, finding(key if number % 2 else None, "Wrong.")) for number, value in enumerate(KEPT)]
    assert [row[key] for row in read_again(readers, made(*rows))] == KEPT


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), min_size=1).map(pack_text)
CELLS: st.SearchStrategy[Packed] = (
    st.none() | TEXTS | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
    | st.dates(min_value=date(1900, 1, 1)).map(pack_date)
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(st.sampled_from(KEYS), CELLS, min_size=1), st.sets(st.sampled_from(KEYS)))
def test_whole_rows_survive_the_way_back(readers: Readers, cells: dict[str, Packed], marked: set[str]) -> None:
    rows = [rejected({"invoice_number": "1"}), rejected(cells, *(finding(key, "Wrong.") for key in sorted(marked)))]
    again = read_again(readers, made(*rows))[1]
    assert {key: value for key, value in again.items() if value is not None} == {
        key: value for key, value in cells.items() if value is not None
    }


def test_no_formula_lives_whatever_the_cells_say() -> None:
    data = made(*(rejected({key: '=HYPERLINK("http://example.org")' for key in KEYS}) for _ in range(2)))
    assert all(each.data_type != "f" for row in sheet_of(data).iter_rows() for each in row)
    parts = zipfile.ZipFile(io.BytesIO(data))
    sheets = [parts.read(name) for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<f>" in sheet or b"<f " in sheet for sheet in sheets)
    assert cell(data, "family_name").quotePrefix


def test_a_formula_without_a_value_comes_back_as_one_that_is_not_available_and_says_so(readers: Readers) -> None:
    lost = {"family_name": FORMULA, "your_reference": FORMULA}
    data = made(rejected(lost, finding("family_name", "A formula.", "R22")))
    assert read_again(readers, data)[0]["family_name"] == pack_error("#N/A")
    assert is_blank(read_again(readers, data)[0]["your_reference"])  # never judged: nothing to say of it
    assert "formula without a value" in cell(data, "family_name").comment.text


BY_ITSELF: list[tuple[str, Packed]] = [
    ("invoice_amount", 1250.129999999999), ("invoice_amount", 0.1 + 0.2), ("invoice_amount", 1250.125),
    ("invoice_amount", 1e300), ("invoice_amount", -5.0), ("invoice_amount", 1e-7), ("invoice_amount", FORMULA),
    ("invoice_amount", pack_error("#DIV/0!")), ("family_name", FORMULA), ("family_name", pack_error("#NAME?")),
    ("other_names", FORMULA), ("uk_address", pack_error("#N/A")), ("passport_number", 0.1 + 0.2),
    ("invoice_number", 1e16), ("passport_number", 12345678901234567890.0), ("invoice_number", 1234567890123456.0),
    ("date_of_birth", 60.0), ("date_of_birth", pack_date(datetime.fromisoformat("1980-04-03T12:00:00"))),
    ("sex", True), ("patient_informed", True), ("other_names", pack_text("\0x")), ("status", pack_error("#REF!")),
]  # fmt: skip


@pytest.mark.parametrize("way", ["csv", "workbook"])
def test_an_untouched_row_is_judged_as_it_was(readers: Readers, way: str) -> None:
    before = [row(**{key: value}) for key, value in BY_ITSELF]
    rows = [rejected(dict(zip(KEYS, cells, strict=True))) for cells in before]
    again = read_again(readers, csv_file(rows) if way == "csv" else made(*rows))
    for (key, value), cells, returned in zip(BY_ITSELF, before, again, strict=True):
        (was,), (now,) = judged(cells), judged(row(**returned))
        assert (key, value, now.row.codes()) == (key, value, was.row.codes())
        assert now.row.value(key) == was.row.value(key)


def test_withheld_words_come_back_blank_and_the_comment_says_that_they_were_removed() -> None:
    data = made(rejected({"uk_address": WITHHELD + "digest"}))
    assert cell(data, "uk_address").value is None
    assert "removed" in cell(data, "uk_address").comment.text
    assert b"digest" not in b"".join(zipfile.ZipFile(io.BytesIO(data)).read(name) for name in
                                     zipfile.ZipFile(io.BytesIO(data)).namelist())  # fmt: skip


def test_a_workbook_mended_in_another_program_is_read_with_its_stamp_and_its_mended_cell(readers: Readers) -> None:
    book = openpyxl.load_workbook(io.BytesIO(made(rejected({"invoice_number": "007", "other_names": "=1+1"}))))
    book.worksheets[0].cell(2, 3 + KEYS.index("date_of_birth")).value = "27/03/1985"
    out = io.BytesIO()
    book.save(out)
    row = read_again(readers, out.getvalue())[0]
    assert (row["invoice_number"], row["other_names"], row["date_of_birth"]) == ("007", "=1+1", "27/03/1985")
    assert Stamp.from_about(readers.read(out.getvalue(), KNOWN).about) == STAMP


def lines_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_csv_has_a_bom_windows_line_ends_and_the_same_columns() -> None:
    data = csv_file([rejected({"invoice_number": "007"})])
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    assert lines_of(data)[0] == HEADINGS
    assert lines_of(data)[1][:3] == ["Rejected", DATE_CURE, "007"]
    assert lines_of(data)[1][-1] == "14"


def test_in_the_csv_dates_are_uk_dates_amounts_plain_and_lost_cells_empty() -> None:
    row = rejected({"invoice_date": pack_date(date(2026, 6, 4)), "invoice_amount": 1250.5, "amount_outstanding": 1250.0,
                    "family_name": FORMULA, "uk_address": WITHHELD, "sex": pack_error("#N/A")})  # fmt: skip
    cells = dict(zip(HEADINGS, lines_of(csv_file([row]))[1], strict=True))
    assert cells["Invoice date"] == "04/06/2026"
    assert (cells["Invoice amount (£)"], cells["Amount outstanding (£)"]) == ("1250.5", "1250")
    assert (cells["Family name"], cells["UK address"], cells["Sex"]) == ("#N/A", "", "#N/A")


@settings(deadline=None, max_examples=40)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"), min_size=1)
                | st.sampled_from(["=1", "'=1", "-1", "\tx", "\rx", 'a"b', "a,b", "a\r\nb"]), min_size=1, max_size=8))  # fmt: skip
def test_texts_survive_the_way_back_through_the_csv(readers: Readers, texts: list[str]) -> None:
    rows = [rejected({"other_names": pack_text(text), "invoice_number": "1"}) for text in texts]
    assert [row["other_names"] for row in read_again(readers, csv_file(rows))] == [pack_text(text) for text in texts]


def test_a_nul_that_no_csv_can_hold_stays_a_control_character_so_that_the_row_is_not_suddenly_good(
    readers: Readers,
) -> None:
    data = csv_file([rejected({"other_names": pack_text("\0x"), "family_name": "a\0b", "invoice_number": "1"})])
    row = read_again(readers, data)[0]
    assert (row["other_names"], row["family_name"]) == ("\x01x", "a\x01b")


def test_no_field_of_the_csv_starts_like_a_formula() -> None:
    nasty = ["=1", "+1", "-x", "@a", "\ta", "\ra"]
    fields = [field for line in lines_of(csv_file([rejected({"site": text}) for text in nasty])) for field in line]
    assert not [field for field in fields if field[:1] in {"=", "+", "-", "@", "\t", "\r"}]
