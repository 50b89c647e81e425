"""Files that are refused whole: with the code, and a sentence that says what is wrong and how to mend it."""

import struct
import zipfile
from io import BytesIO

import pytest

from app.core.spreadsheet.kinds import OLE
from app.core.spreadsheet.result import Limits
from tests.core.spreadsheet.builders import (
    HEADINGS,
    ods,
    ods_text,
    relationships,
    sheet_xml,
    text,
    xls,
    xlsb,
    xlsx,
    xlsx_parts,
    zipped,
)
from tests.core.spreadsheet.conftest import Asking

TABLE = {"Return": [HEADINGS, ["1", None, 5]]}
PARTS = xlsx_parts({"Return": sheet_xml(TABLE["Return"])})
SHEET = "xl/worksheets/sheet1.xml"


def stream_named(name: str) -> bytes:
    """An OLE file of which only the directory entry of one stream is there."""
    return OLE.ljust(512, b"\0") + name.encode("utf-16-le").ljust(128, b"\0")


def package(content_type: str, part: str) -> bytes:
    return zipped({"[Content_Types].xml": f'<Types><Override ContentType="{content_type}"/></Types>', part: "<x/>"})


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "empty"),
        (b" \r\n\0\0", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(90), "PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(90), "JPEG image"),
        (b"GIF89a" + zipped(PARTS), "GIF image"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF document"),
        (b"{\\rtf1 hello}", "RTF"),
        (b"<!DOCTYPE html><html><table></table></html>", "web page"),
        (b"\xef\xbb\xbf  <html><body>", "web page"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "XML format of 2003"),
        (b'<?xml version="1.0"?><debts/>', "XML file"),
        (b"MZ\x90\0", "program"),
        (b"\x01\x02\x03\0\x05binary", "not known"),
        (stream_named("WordDocument"), "Word document"),
        (stream_named("PowerPoint Document"), "PowerPoint"),
        (
            package("application/vnd.openxmlformats-officedocument.wordprocessingml", "word/document.xml"),
            "Word document",
        ),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), "text document"),
        (zipped({"holiday.jpg": "x"}), "zip archive"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_by_the_name_of_what_it_is(file: Asking, data: bytes, what: str) -> None:
    code, message = file.refusal(data)
    assert (code, what in message) == ("F01", True), message


MACRO_TYPE = str(PARTS["[Content_Types].xml"]).replace("sheetml.sheet.main", "sheetml.sheet.macroEnabled.main")
EXTERNAL = '<Relationship Id="r" Type="x/{}" TargetMode="External" Target="{}"/>'


@pytest.mark.parametrize(
    "more",
    [
        {"xl/vbaProject.bin": b"x"},
        {"[Content_Types].xml": MACRO_TYPE},
        {"xl/macrosheets/sheet1.xml": "<x/>"},
        {"xl/activeX/activeX1.xml": "<x/>"},
        {"xl/externalLinks/externalLink1.xml": "<ddeLink/>"},
        {"xl/connections.xml": "<x/>"},
        {"xl/queryTables/queryTable1.xml": "<x/>"},
        {"xl/embeddings/oleObject1.bin": b"x"},
        {
            "xl/worksheets/_rels/sheet1.xml.rels": relationships(
                external=EXTERNAL.format("image", "http://x.example/p.png")
            )
        },
        {"xl/_rels/workbook.xml.rels": relationships(external=EXTERNAL.format("externalLinkPath", "file:///c/x.xlsx"))},
        {SHEET: sheet_xml([HEADINGS, ["1", "<c><f>cmd|' /C calc'!A0</f><v>1</v></c>"]])},
        {SHEET: sheet_xml([HEADINGS, ["1", '<c><f>WEBSERVICE("http://x.example")</f><v>1</v></c>']])},
    ],
    ids="-".join,
)
def test_macros_and_links_to_outside_are_refused(file: Asking, more: dict[str, str | bytes]) -> None:
    code, message = file.refusal(zipped(PARTS | more))
    assert code == "F08"
    assert "macros" in message or "links" in message


def test_a_plain_hyperlink_waits_for_a_click_and_is_fine(file: Asking) -> None:
    link = relationships(external=EXTERNAL.format("hyperlink", "mailto:someone@nhs.example"))
    assert file.rows(zipped(PARTS | {"xl/worksheets/_rels/sheet1.xml.rels": link})) == [["1", None, 5.0]]


def test_a_formula_that_only_speaks_of_bars_is_fine(file: Asking) -> None:
    cell = '<c t="str"><f>IF(A2="a|b","!","no")</f><v>no</v></c>'
    assert file.rows(xlsx({"Return": [HEADINGS, ["1", cell]]})) == [["1", "no"]]


def test_open_document_macros_and_links_are_refused_too(file: Asking) -> None:
    rows = [[ods_text(heading) for heading in HEADINGS], [ods_text("1")]]
    linked = ods([*rows, ['<table:table-cell><table:table-source x="y"/></table:table-cell>']])
    assert file.refusal(linked)[0] == "F08"
    script = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "Basic/Standard/Module1.xml": "<x/>"}
    assert file.refusal(zipped(script, zipfile.ZIP_STORED))[0] == "F08"


def test_xlsb_with_macros_is_refused_though_its_type_always_speaks_of_them(file: Asking) -> None:
    data = BytesIO(xlsb([HEADINGS, ["1"]]))
    assert file.rows(data.getvalue()) == [["1"]]
    with zipfile.ZipFile(data, "a") as workbook:
        workbook.writestr("xl/vbaProject.bin", b"x")
    assert file.refusal(data.getvalue())[0] == "F08"


def biff(*records: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack("<HH", kind, len(content)) + content for kind, content in records)


BOF, END = (0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)), (0x0A, b"")


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ((0x2F, bytes(6)), "F02"),
        ((0x85, bytes(4) + b"\0\1" + b"\6\0Macro1"), "F08"),
        ((0x1AE, struct.pack("<HH", 1, 9) + b"\0C:\\a.xls"), "F08"),
    ],
    ids=["password", "macro sheet", "another workbook"],
)
def test_old_excel_files_are_looked_through_as_well(file: Asking, record: tuple[int, bytes], code: str) -> None:
    assert file.refusal(biff(BOF, record, END))[0] == code


def test_old_excel_files_with_macros_are_refused(file: Asking) -> None:
    workbook = xls(TABLE)
    assert file.rows(workbook) == [["1", None, 5.0]]
    assert file.refusal(workbook + stream_named("_VBA_PROJECT_CUR")[512:])[0] == "F08"


@pytest.mark.parametrize("data", [stream_named("EncryptedPackage"), "flag", "manifest"], ids=["ole", "zip", "ods"])
def test_a_password_is_named(file: Asking, data: bytes | str) -> None:
    if data == "flag":
        plain = zipped(PARTS, zipfile.ZIP_STORED)
        data = plain.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    elif data == "manifest":
        data = ods([[ods_text("x")]], manifest="<manifest:encryption-data/>")
    assert isinstance(data, bytes)
    code, message = file.refusal(data)
    assert (code, "password" in message) == ("F02", True)


ENTITY = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "docProps/app.xml"]
)
@pytest.mark.parametrize(
    "dtd", [ENTITY, '<!DOCTYPE x SYSTEM "http://x.example/x.dtd">', '<!doctype x SYSTEM "file:///etc/passwd">']
)
def test_a_document_type_is_refused_wherever_it_stands(file: Asking, part: str, dtd: str) -> None:
    assert file.refusal(zipped(PARTS | {part: dtd + str(PARTS.get(part, "<x/>"))}))[0] == "F01"


def test_a_document_type_cannot_hide_in_another_encoding(file: Asking) -> None:
    assert file.refusal(zipped(PARTS | {SHEET: (ENTITY + str(PARTS[SHEET])).encode("utf-16")}))[0] == "F01"


@pytest.mark.parametrize("name", ["../../../tmp/x", "/etc/x", "xl/../../x", "..\\x", "c:/x", "XL/workbook.xml"])
def test_parts_with_odd_or_double_names_are_refused(file: Asking, name: str) -> None:
    assert file.refusal(zipped(PARTS | {name: "<x/>"}))[0] == "F01"


def test_a_name_with_a_nul_is_refused(file: Asking) -> None:
    assert file.refusal(zipped(PARTS | {"a_b": "<x/>"}).replace(b"a_b", b"a\0b"))[0] == "F01"


def test_damage_is_named(file: Asking) -> None:
    whole = zipped(PARTS, zipfile.ZIP_STORED)
    assert file.refusal(whole[: len(whole) // 2])[0] == "F01"
    assert file.refusal(whole.replace(b"Invoice number", b"Invoice nunber"))[0] == "F01"  # the checksum tells
    assert file.refusal(whole + bytes(70_000))[0] == "F01"
    assert file.refusal(zipped(PARTS | {SHEET: str(PARTS[SHEET])[:-40]}))[0] == "F01"
    assert file.refusal(zipped(PARTS | {SHEET: sheet_xml([HEADINGS, ['<c t="s"><v>-1</v></c>']])}))[0] == "F01"
    assert file.refusal(b"\x09\x08\x10\0\0\6\5\0rubbish")[0] == "F01"
    assert file.refusal(stream_named("Workbook"))[0] == "F01"


def test_a_date_that_makes_the_library_panic_is_only_damage(file: Asking) -> None:
    assert file.refusal(xlsx({"Return": [HEADINGS, ["1", '<c s="1"><v>-1e308</v></c>']]}))[0] == "F01"


def far(address: str) -> bytes:
    xml = sheet_xml([HEADINGS[:1]]).replace(
        "</sheetData>", f'<row r="2"><c r="{address}"><v>1</v></c></row></sheetData>'
    )
    return zipped(PARTS | {SHEET: xml})


@pytest.mark.parametrize("address", ["XFD1048576", "A0", "ZZZZ99999999", "A4294967296"])
def test_a_cell_far_away_kills_nothing_but_its_own_reading(file: Asking, address: str) -> None:
    code, _ = file.refusal(far(address))
    assert code in {"F01", "F04"}
    assert file.rows(zipped(PARTS)) == [["1", None, 5.0]]


def test_a_stray_cell_far_down_is_named_with_its_row(file: Asking) -> None:
    code, message = file.refusal(far("A1048576"))
    assert (code, "row 1,048,576" in message) == ("F04", True)


def test_bombs_are_refused_before_they_unpack(file: Asking) -> None:
    limits = Limits(500)
    bomb = zipped(PARTS | {"xl/sharedStrings.xml": b"<sst>" + b" " * (limits.unpacked + 1)})
    assert len(bomb) < 200_000
    assert file.refusal(bomb) == file.refusal(bomb)
    assert file.refusal(bomb)[0] == "F04"
    assert file.refusal(zipped(PARTS | {f"x/{n}.xml": "<x/>" for n in range(limits.parts)}))[0] == "F04"
    assert file.refusal(xlsx({f"S{n}": [HEADINGS] for n in range(limits.sheets + 1)}))[0] == "F04"


def test_a_sheet_of_many_repeated_cells_is_refused(file: Asking) -> None:
    cell = '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    row = f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
    data = ods([[ods_text("Invoice number")]], before=f'<table:table table:name="Bomb">{row}</table:table>')
    assert file.refusal(data)[0] in {"F01", "F04"}
    assert file.rows(zipped(PARTS)) == [["1", None, 5.0]]


def test_more_rows_than_the_limit_are_refused_with_both_numbers(file: Asking) -> None:
    fitting: list[list[object]] = [HEADINGS, *([[str(number)] for number in range(500)])]
    assert len(file.rows(xlsx({"Return": [*fitting, [], []]}))) == 500
    code, message = file.refusal(xlsx({"Return": [*fitting, [], ["501"]]}))
    assert (code, "501" in message, "500" in message) == ("F04", True, True)


def test_blank_rows_do_not_count_towards_the_limit(file: Asking) -> None:
    reading = file.read(xlsx({"Return": [HEADINGS, ["1"], *[[]] * 3000, ["2"]]}))
    assert (len(reading.rows), reading.blank) == (2, 3000)


def test_a_sheet_wider_than_any_return_is_refused(file: Asking) -> None:
    wide = [HEADINGS, *([[text(str(number)), *[None] * 299, 1] for number in range(400)])]
    assert file.refusal(xlsx({"Return": wide}))[0] == "F04"
