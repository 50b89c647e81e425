"""CSV files from any program: their letters, their columns, and the guard apostrophe undone."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.spreadsheet.guard import guard
from app.core.spreadsheet.packing import pack_error
from tests.core.spreadsheet.builders import HEADINGS
from tests.core.spreadsheet.conftest import Asking

LINES = "Invoice number,Invoice date,Amount (£),Family name\r\n007,4/3/2026,12.50,Muñoz\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_are_read_in_every_encoding_that_programs_write(file: Asking, encoding: str) -> None:
    assert file.rows(LINES.encode(encoding)) == [["007", "4/3/2026", "12.50", "Muñoz"]]


def test_utf_16_may_begin_with_either_byte(file: Asking) -> None:
    assert file.rows(b"\xfe\xff" + LINES.encode("utf-16-be"))[0][3] == "Muñoz"


def test_a_byte_that_windows_leaves_open_is_kept_as_a_control_character(file: Asking) -> None:
    assert file.rows(LINES.encode("cp1252").replace(b"007", b"0\x817"))[0][0] == "0\x817"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(file: Asking, delimiter: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows([HEADINGS, ["1", "4,5", "6;7", "8\t9"]])
    assert file.rows(stream.getvalue().encode()) == [["1", "4,5", "6;7", "8\t9"]]


def test_an_error_is_an_error_and_words_like_one_are_words(file: Asking) -> None:
    fields = ["#N/A", "#DIV/0!", "#1 High Street", "see #REF!"]
    assert file.rows(f"{','.join(HEADINGS)}\r\n{','.join(fields)}".encode()) == [
        [pack_error("#N/A"), pack_error("#DIV/0!"), "#1 High Street", "see #REF!"]
    ]


def test_excels_line_that_names_the_delimiter_is_passed_over(file: Asking) -> None:
    reading = file.read(b"sep=;\r\n" + LINES.replace(",", ";").encode())
    assert (reading.heading_row, reading.rows[0][0]) == (1, 2)


def test_a_field_may_hold_line_breaks_quotes_and_be_very_long(file: Asking) -> None:
    stream = io.StringIO()
    csv.writer(stream).writerows([HEADINGS, ["1", 'a "b"\r\nc', "x" * 200_000], ["2"]])
    reading = file.read(stream.getvalue().encode())
    assert [number for number, _ in reading.rows] == [2, 3]
    assert reading.rows[0][1][1] == 'a "b"\r\nc'


def test_a_quotation_mark_that_never_ends_swallows_no_rows(file: Asking) -> None:
    code, message = file.refusal((LINES + '2,"4/3/2026,1,Smith\r\n3,4/3/2026,1,Jones\r\n').encode())
    assert (code, "quotation marks" in message) == ("F01", True)


def test_blank_lines_are_counted_and_rows_keep_the_number_that_excel_shows(file: Asking) -> None:
    reading = file.read(("\r\n" + LINES + "\r\n,,,\r\n5,,,\r\n").encode())
    assert (reading.heading_row, [number for number, _ in reading.rows], reading.blank) == (2, [3, 6], 2)


def test_old_line_ends_are_line_ends(file: Asking) -> None:
    assert len(file.read(LINES.replace("\r\n", "\r").encode()).rows) == 1


@pytest.mark.parametrize("typed", ["=1+1", "+44 20", "-1", "@SUM(1)", "\t=1", "\r=1", "'=1", "''x", "'t Hooft", "-"])
def test_what_we_guarded_comes_back_as_it_was(file: Asking, typed: str) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([HEADINGS, ["1", guard(typed)]])
    assert file.rows(stream.getvalue().encode()) == [["1", typed]]


@pytest.mark.parametrize(
    "letter",
    ["Dear all,\n\nthe return is late.\nRegards\n", "just a few words", "one\ntwo\nthree\n", "a, b and c\nd\ne\nf\n"],
)
def test_a_letter_is_no_table(file: Asking, letter: str) -> None:
    code, message = file.refusal(letter.encode())
    assert (code, "plain text" in message) == ("F01", True)


def test_a_table_with_other_headings_is_a_table(file: Asking) -> None:
    reading = file.read(b"Debt,Person,Sum\n1,Smith,5\n2,Jones,6\n")
    assert (reading.heading_row, reading.headings) == (0, ["Debt", "Person", "Sum"])


FIELDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FIELDS.filter(lambda text: text.strip() != ""), min_size=1, max_size=4))
def test_any_text_survives_the_way_through_a_csv(file: Asking, texts: list[str]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([HEADINGS, ["x", *map(guard, texts)]])
    ((_, row),) = file.read(stream.getvalue().encode()).rows
    assert row[1 : len(texts) + 1] == texts


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_told_by_its_nuls(file: Asking, encoding: str) -> None:
    assert file.rows("Invoice number,Family name\r\n0012,Núñez\r\n".encode(encoding)) == [["0012", "Núñez"]]


def test_a_file_of_one_byte_over_and_over_is_not_called_empty(file: Asking) -> None:
    code, message = file.refusal(b"\xff" * 100_000)
    assert (code, "empty" in message) == ("F01", False)
