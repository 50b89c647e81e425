"""What is written into a workbook is what readers find in it, and nothing in it lives."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from app.core.spreadsheet.writing import DATE_FORMAT, TEXT_FORMAT, Book, Check, Look, fits_in_a_list, streamed
from app.core.spreadsheet.xml_cells import CellError, Value, in_utf8, writable

NASTY = [
    "=1+1", "+1", "-1", "@SUM(1)", "\tx", "x\n", "  x ", "O'Brien <b>&amp;", "\u202eevil", "e\u0301é", "Ω 😀", "00123",
    "_x0000_", "_x0041_", "_x005F_", "_x005F_x0041_", "_x005f_x005F_", "__x0041_", "<r><t>x</t></r>", "<r></si></r>",
    "a\x00b", "\x01", "\x1f", "\x7f", "\x85", "\u2028", "#N/A", "TRUE", "1e5", "\ufeffx", "\u200b",
]  # fmt: skip


def written(*values: Value, look: Look = Look()) -> bytes:
    book = Book()
    sheet = book.sheet("Sheet")
    for row, value in enumerate(values):
        sheet.put(row, 0, value, look)
    return book.close()


def read(data: bytes) -> list[Any]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    return [row[0] for row in sheet.to_python(skip_empty_area=False)]


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]


def test_hostile_texts_come_back_letter_for_letter_and_none_is_a_formula() -> None:
    data = written(*NASTY, "\rx")
    assert read(data) == [*NASTY, "\rx"]
    sheet = opened(data)
    assert {sheet.cell(row, 1).data_type for row in range(1, len(NASTY) + 2)} == {"s"}
    parts = zipfile.ZipFile(io.BytesIO(data))
    assert not any(b"<f" in parts.read(name) for name in parts.namelist() if "worksheets" in name)


def test_a_program_that_reads_through_openpyxl_sees_formula_like_texts_as_typed() -> None:
    texts = [text for text in NASTY if text[0] in "=+-@\t"] + ["\rx"]
    sheet = opened(written(*texts))
    assert [sheet.cell(row, 1).value for row in range(1, len(texts) + 1)] == texts
    assert all(sheet.cell(row, 1).quotePrefix for row in range(1, len(texts) + 1))


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), min_size=1))
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert read(written(text)) == [text]


@given(st.text(st.sampled_from("_x05Fa4<r>/&'=\t\n\r ")))
def test_texts_that_look_like_escapes_come_back_as_they_were(text: str) -> None:
    assert read(written("first", text, "last"))[1] == text


def test_what_no_workbook_can_hold_is_marked_and_breaks_nothing() -> None:
    assert read(written("a\ud800b", "\ufffe", "\uffff")) == ["a\ufffdb", "\ufffd", "\ufffd"]


def test_a_text_longer_than_a_cell_is_cut_and_never_in_the_middle_of_a_letter() -> None:
    assert [len(text) for text in read(written("x" * 40_000, "😀" * 20_000))] == [32_767, 16_384]
    assert read(written("😀" * 20_000))[0].rstrip("\ufffd") == "😀" * 16_383


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_keep_their_last_digit(number: float) -> None:
    assert read(written(number)) == [number]


@given(st.integers(0, 500_000_000))
def test_pounds_are_written_as_their_exact_decimal(pence: int) -> None:
    data = written(Decimal(pence).scaleb(-2))
    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert f"<v>{pence // 100}.{pence % 100:02d}</v>" in xml


def test_numbers_that_are_none_become_errors() -> None:
    sheet = opened(written(float("nan"), float("inf"), Decimal("NaN")))
    assert [(sheet.cell(row, 1).data_type, sheet.cell(row, 1).value) for row in (1, 2, 3)] == [("e", "#NUM!")] * 3


@given(st.dates(min_value=date(1900, 1, 1)))
def test_dates_are_real_dates_whatever_the_column_looks_like(day: date) -> None:
    assert read(written(day, look=Look(TEXT_FORMAT))) == [day]


@given(st.datetimes(min_value=datetime.fromisoformat("1900-03-01"), max_value=datetime.fromisoformat("9999-12-31")))
def test_a_time_of_day_stays_to_the_second(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    back = read(written(moment))[0]
    assert back == (moment if moment.time() != datetime.min.time() else moment.date())


def test_a_date_before_excels_first_day_becomes_a_text() -> None:
    assert read(written(date(1899, 12, 31), look=Look(DATE_FORMAT))) == ["31/12/1899"]


def test_a_number_in_a_date_column_stays_a_number() -> None:
    assert read(written(31_000.0, 31_000, Decimal(31_000), look=Look(DATE_FORMAT))) == [31_000.0] * 3


def test_errors_are_real_errors_without_formulas_and_new_ones_become_value_errors() -> None:
    sheet = opened(written(CellError("#N/A"), CellError("#SPILL!")))
    assert [(cell.data_type, cell.value) for cell in (sheet["A1"], sheet["A2"])] == [("e", "#N/A"), ("e", "#VALUE!")]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert written("a", 1, date(2026, 1, 1)) == written("a", 1, date(2026, 1, 1))


def test_a_comment_with_characters_that_xml_forbids_is_still_a_comment() -> None:
    book = Book()
    sheet = book.sheet("Sheet")
    sheet.put(0, 0, "x")
    sheet.note(0, 0, "bad \x01 \ud800 <b>")
    assert "<b>" in opened(book.close())["A1"].comment.text


def test_a_prompt_that_excel_would_refuse_is_an_error_here() -> None:
    with pytest.raises(ValueError, match="255"):
        Check("any", "Heading", "x" * 256).options()


def test_a_long_title_of_a_prompt_is_cut_between_words() -> None:
    title = Check("any", "Passport or travel document number", "x").options()["input_title"]
    assert title == "Passport or travel document…"
    assert len(title) <= 32


def test_words_with_commas_or_too_many_need_a_sheet_of_lists() -> None:
    assert fits_in_a_list(["Yes", "No"])
    assert not fits_in_a_list(["Korea, Republic of"])
    assert not fits_in_a_list(["x" * 200, "y" * 60])


def test_a_row_that_comes_too_late_or_lies_outside_is_an_error_and_never_lost(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        written_outside = Book().sheet("Sheet")
        written_outside.put(1_048_576, 0, "x")
    with pytest.raises(ValueError, match="too late"), streamed(tmp_path / "x.xlsx") as book:
        sheet = book.sheet("Sheet")
        sheet.put(5, 0, "x")
        sheet.put(4, 0, "x")


def test_a_streamed_book_reads_like_one_written_in_memory(tmp_path: Path) -> None:
    with streamed(tmp_path / "x.xlsx", made=datetime(2026, 11, 22, tzinfo=UTC)) as book:
        sheet = book.sheet("Sheet")
        for row, text in enumerate(NASTY):
            sheet.put(row, 0, text)
    assert read((tmp_path / "x.xlsx").read_bytes()) == NASTY


@pytest.mark.parametrize("text", ["plain", "é Ω 😀", "a\ud800b", "\ufffe", "x\uffff é"])
def test_a_text_as_bytes_lacks_what_no_xml_can_hold(text: str) -> None:
    assert in_utf8(text) == writable(text).encode()
    assert ("\ufffd" in in_utf8(text).decode()) is (text[0] in "a\ufffex")


def told(path: Path) -> list[list[tuple[Any, ...]]]:
    return [
        [(cell.coordinate, cell.value, cell.data_type, cell.number_format, cell.quotePrefix) for cell in row]
        for row in opened(path.read_bytes()).iter_rows()
    ]


def test_rows_of_ready_cells_are_the_same_sheet_as_cell_by_cell(tmp_path: Path) -> None:
    rows: list[list[Value]] = [[text, None, Decimal("1.10"), date(2026, 11, 22)] for text in NASTY]
    looks = [Look(TEXT_FORMAT), Look(), Look("0.00"), Look(DATE_FORMAT)]
    for name in ("one by one", "ready"):
        with streamed(tmp_path / name) as book:
            sheet = book.sheet("Sheet")
            sheet.fit(0, ("two\nlines", 10))
            sheet.put_row(0, ["a", "b"])
            for number, row in enumerate(rows, start=1):
                if name == "ready":
                    sheet.put_ready(number, [sheet.ready(value, look) for value, look in zip(row, looks, strict=True)])
                else:
                    for col, (value, look) in enumerate(zip(row, looks, strict=True)):
                        if value is not None:
                            sheet.put(number, col, value, look)
    assert told(tmp_path / "ready") == told(tmp_path / "one by one")


@pytest.mark.parametrize("row", [3, 4, 5, 1_048_576])
def test_a_ready_row_never_stands_on_or_above_another(tmp_path: Path, row: int) -> None:
    with pytest.raises(ValueError, match="Row"), streamed(tmp_path / "x.xlsx") as book:
        sheet = book.sheet("Sheet")
        sheet.put_ready(4, [sheet.ready("x")])
        sheet.put(5, 0, "x")
        sheet.put_ready(row, [sheet.ready("x")])


def test_a_cell_never_comes_into_a_ready_row(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too late"), streamed(tmp_path / "x.xlsx") as book:
        sheet = book.sheet("Sheet")
        sheet.put_ready(4, [sheet.ready("x")])
        sheet.put(4, 1, "x")


def test_a_streamed_book_is_for_this_services_eyes_only(tmp_path: Path) -> None:
    with streamed(tmp_path / "x.xlsx") as book:
        book.sheet("Sheet").put(0, 0, "a person")
    assert (tmp_path / "x.xlsx").stat().st_mode & 0o077 == 0


def test_a_book_that_fails_half_way_leaves_nothing_on_disk(tmp_path: Path) -> None:
    def rows() -> Iterator[str]:
        yield "a person"
        raise LookupError

    with pytest.raises(LookupError), streamed(tmp_path / "x.xlsx") as book:
        sheet = book.sheet("Sheet")
        for number, text in enumerate(rows()):
            sheet.put(number, 0, text)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_file_that_was_there_before(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"last month")
    with pytest.raises(LookupError), streamed(tmp_path / "x.xlsx") as book:
        book.sheet("Sheet").put(0, 0, "x")
        raise LookupError
    assert (tmp_path / "x.xlsx").read_bytes() == b"last month"
