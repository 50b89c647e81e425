"""Whatever program saved the return, the same cells are read, and nothing that stands in a cell is lost unsaid."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
import xlwt

from app.core.spreadsheet.packing import DATE, FORMULA, pack_date, pack_error
from app.core.spreadsheet.reading import kind_of
from tests.core.spreadsheet.builders import (
    HEADINGS,
    ods,
    ods_date,
    ods_error,
    ods_number,
    ods_text,
    sheet_xml,
    xls,
    xlsb,
    xlsx,
    xlsx_parts,
    zipped,
)
from tests.core.spreadsheet.conftest import Asking

MARCH_4 = pack_date(date(2026, 3, 4))
NOT_KNOWN = pack_error("#N/A")
SERIAL = 46085  # 4 March 2026

FORMATS = {
    "xlsx": xlsx({"Return": [HEADINGS, ["00123", f'<c s="1"><v>{SERIAL}</v></c>', 12.5, '<c t="e"><v>#N/A</v></c>']]}),
    "xls": xls({"Return": [HEADINGS, ["00123", ("date", SERIAL), 12.5, ("error", 42)]]}),
    "xlsb": xlsb([HEADINGS, ["00123", ("date", SERIAL), 12.5, ("error", 42)]]),
    "ods": ods(
        [map(ods_text, HEADINGS), [ods_text("00123"), ods_date("2026-03-04"), ods_number(12.5), ods_error("#N/A")]]
    ),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_gives_the_same_cells_errors_included(file: Asking, kind: str) -> None:
    reading = file.read(FORMATS[kind])
    assert (reading.kind, reading.sheet, reading.heading_row, reading.blank) == (kind, "Return", 1, 0)
    assert reading.headings[:4] == HEADINGS
    assert file.rows(FORMATS[kind]) == [["00123", MARCH_4, 12.5, NOT_KNOWN]]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_is_told_by_its_content(kind: str) -> None:
    assert kind_of(FORMATS[kind]) == kind


def one_cell(file: Asking, xml: str, date1904: bool = False) -> object:
    (row,) = file.rows(xlsx({"Return": [HEADINGS, ["1", xml]]}, date1904=date1904))
    return row[1] if len(row) > 1 else None


@pytest.mark.parametrize(
    ("serial", "read"),
    [
        ("-1", -1.0),
        ("0", 0.0),
        ("0.5", 0.5),
        ("1", pack_date(date(1900, 1, 1))),
        ("59", pack_date(date(1900, 2, 28))),
        ("60", 60.0),
        ("61", pack_date(date(1900, 3, 1))),
        ("46085", MARCH_4),
        ("46085.4375", pack_date(datetime(2026, 3, 4, 10, 30))),  # noqa: DTZ001
        ("2958465", pack_date(date(9999, 12, 31))),
        ("2958466", 2958466.0),
        ("NaN", pack_error("#NUM!")),
    ],
)
def test_a_number_that_is_no_date_never_becomes_a_wrong_one(file: Asking, serial: str, read: object) -> None:
    assert one_cell(file, f'<c s="1"><v>{serial}</v></c>') == read


@pytest.mark.parametrize(
    ("serial", "read"), [("44623", MARCH_4), ("0", pack_date(date(1904, 1, 1))), ("-1", -1.0), ("0.5", 0.5)]
)
def test_a_workbook_of_the_1904_system_means_other_days(file: Asking, serial: str, read: object) -> None:
    assert one_cell(file, f'<c s="1"><v>{serial}</v></c>', date1904=True) == read


@pytest.mark.parametrize(
    ("formula", "read"),
    [
        ("1000+250", FORMULA),
        ("A1*100", FORMULA),
        ("-(A1)", FORMULA),
        ("A1=2", FORMULA),
        ("SUM(A1:A3)", FORMULA),
        ("MAX(A1,2)", FORMULA),
        ("DATE(2026,5,1)", FORMULA),
        ("1250", FORMULA),
        ('"Okafor"', FORMULA),
        ("A1", None),
        ('""', None),
        ('IF(A1="","",A1)', None),
        ('A1&""', None),
    ],
)
def test_a_formula_of_an_old_excel_file_that_was_not_calculated_is_told_where_it_can_be(
    file: Asking, formula: str, read: object
) -> None:
    """The library stores what Excel stores for a formula that gives an empty text."""
    rows = [["x"], HEADINGS, ["1", None, xlwt.Formula(formula), "end"]]
    assert file.rows(xls({"Before": [["x"]], "Return": rows})) == [["1", None, read, "end"]]


@pytest.mark.parametrize(
    ("formula", "read"),
    [
        ('"Ada"&" B"', FORMULA),
        ('UPPER("smith")', FORMULA),
        ("LEFT(A1,2)", FORMULA),
        ('CONCATENATE("00","12")', FORMULA),
        ('TRIM("x")', FORMULA),
        ('"0012"', FORMULA),
        ("1000-1000", 0.0),
        ("A1", 0.0),
        ("SUM(A1:A3)", 0.0),
        ("IF(A1=1,2,0)", 0.0),
    ],
)
def test_a_nought_in_place_of_a_text_is_a_formula_that_was_not_calculated(
    file: Asking, formula: str, read: object
) -> None:
    """LibreOffice stores the number 0 for each formula that it has not calculated."""
    data = xls({"Return": [["x"], HEADINGS, ["1", None, xlwt.Formula(formula), "end"]]})
    empty = b"\x03\x00\x00\x00\x00\x00\xff\xff"
    assert data.count(empty) == 1
    assert file.rows(data.replace(empty, bytes(8))) == [["1", None, read, "end"]]


def test_old_excel_files_know_the_same_days(file: Asking) -> None:
    days = [("date", 60), ("date", 0), ("date", -1), ("date", SERIAL + 0.4375)]
    assert file.rows(xls({"Return": [HEADINGS, *([["1", day] for day in days])]})) == [
        ["1", 60.0], ["1", 0.0], ["1", -1.0], ["1", "\0d2026-03-04T10:30:00"],
    ]  # fmt: skip
    assert file.rows(xls({"Return": [HEADINGS, ["1", ("date", 44623)]]}, date1904=True)) == [["1", MARCH_4]]


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])
def test_an_error_is_never_read_as_an_empty_cell(file: Asking, error: str) -> None:
    assert one_cell(file, f'<c t="e"><v>{error}</v></c>') == pack_error(error)
    assert one_cell(file, f"<c t='e'><f>1/0</f><v>{error}</v></c>") == pack_error(error)


def test_a_row_that_holds_only_an_error_is_a_row(file: Asking) -> None:
    reading = file.read(xlsx({"Return": [HEADINGS, ["1"], [None, None, '<c t="e"><v>#REF!</v></c>']]}))
    assert [number for number, _ in reading.rows] == [2, 3]


def test_an_error_in_a_column_beyond_all_others_is_seen(file: Asking) -> None:
    assert file.rows(xlsx({"Return": [HEADINGS, ["1", *[None] * 5, '<c t="e"><v>#REF!</v></c>']]})) == [
        ["1", *[None] * 5, pack_error("#REF!")]
    ]


@pytest.mark.parametrize(
    ("xml", "read"),
    [
        ("<c><f>SUM(C3:C9)</f></c>", FORMULA),
        ("<c><f>SUM(C3:C9)</f><v></v></c>", FORMULA),
        ("<c><f>SUM(C3:C9)</f><v/></c>", FORMULA),
        ("<c><f>SUM(C3:C9)</f><v>7</v></c>", 7.0),
        ('<c t="str"><f>"a"</f><v>a</v></c>', "a"),
        ('<c t="str"><f>""</f><v></v></c>', None),
        ("<c><v></v></c>", None),
    ],
)
def test_a_formula_counts_by_its_value_and_without_one_says_so(file: Asking, xml: str, read: object) -> None:
    assert one_cell(file, xml) == read


def test_numbers_and_truths_stay_what_they_are(file: Asking) -> None:
    cells = [
        "<c><v>-0.1</v></c>",
        '<c t="b"><v>1</v></c>',
        '<c t="b"><v>0</v></c>',
        "<c><v>1e400</v></c>",
        "<c><v>0</v></c>",
    ]
    assert file.rows(xlsx({"Return": [HEADINGS, cells]})) == [[-0.1, True, False, pack_error("#NUM!"), 0.0]]


NAMES = [
    "O'Brien", "de la Cruz", "A\u0301ngel", "\u00c1ngel", "\u202eevil", "a\u200bb", "😀𠀀", "  x\u00a0", "=1+1", "@SUM(1)",
    "\t=1", "-", "N" * 300, "_xD800_", "a\nb", "#N/A",
]  # fmt: skip


def test_texts_come_as_they_stand_untrimmed(file: Asking) -> None:
    assert [row[0] for row in file.rows(xlsx({"Return": [HEADINGS, *[[name] for name in NAMES]]}))] == NAMES
    assert [row[0] for row in file.rows(xls({"Return": [HEADINGS, *[[name] for name in NAMES]]}))] == NAMES


def test_a_text_cannot_pretend_to_be_a_packed_date(file: Asking) -> None:
    assert one_cell(file, '<c t="inlineStr"><is><t>_x0000_d2026-03-04</t></is></c>') == "\0t" + DATE + "2026-03-04"


def test_a_workbook_with_prefixes_is_read_to_the_last_error(file: Asking) -> None:
    xml = sheet_xml([HEADINGS, ["1", '<c t="e"><v>#REF!</v></c>', "<c><f>A1</f></c>"]])
    prefixed = xml.replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns=", "xmlns:x=")
    assert file.rows(zipped(xlsx_parts({"Return": prefixed}))) == [["1", pack_error("#REF!"), FORMULA]]


def test_the_size_that_a_sheet_claims_does_not_matter(file: Asking) -> None:
    for claim in ("A1", "A1:XFD1048576", "C3:D4"):
        xml = sheet_xml([HEADINGS, ["1"], ["2"]]).replace("<sheetData>", f'<dimension ref="{claim}"/><sheetData>')
        assert file.rows(zipped(xlsx_parts({"Return": xml}))) == [["1"], ["2"]]


def test_hidden_rows_and_columns_and_filters_hide_nothing_from_us(file: Asking) -> None:
    xml = sheet_xml([HEADINGS, ["1", None, 5], ["2"]]).replace('<row r="2">', '<row r="2" hidden="1">')
    xml = xml.replace("<sheetData>", '<cols><col min="1" max="3" hidden="1"/></cols><sheetData>')
    xml = xml.replace("</sheetData>", '</sheetData><autoFilter ref="A1:D3"/>')
    assert file.rows(zipped(xlsx_parts({"Return": xml}))) == [["1", None, 5.0], ["2"]]


def test_what_openpyxl_writes_is_read(file: Asking) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADINGS, ["00123", datetime(2026, 3, 4), 12.5, "=1/0"]):  # noqa: DTZ001
        sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    assert file.rows(stream.getvalue()) == [["00123", MARCH_4, 12.5, FORMULA]]


def test_a_seam_between_two_pieces_of_a_large_sheet_hides_no_error(file: Asking) -> None:
    for shift in range(24):
        start = sheet_xml([HEADINGS, ["1"]])[: -len("</sheetData></worksheet>")]
        padding = "<!--" + " " * ((1 << 20) - len(start.encode()) - 7 - shift) + "-->"
        xml = f'{start}{padding}<row r="3"><c t="e"><v>#REF!</v></c></row></sheetData></worksheet>'
        data = zipped(xlsx_parts({"Return": xml}), zipfile.ZIP_STORED)
        assert file.rows(data) == [["1"], [pack_error("#REF!")]]
