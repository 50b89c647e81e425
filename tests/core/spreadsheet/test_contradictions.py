"""Workbooks that say two things at once: whichever another program believes, nothing is lost or let in unseen."""

import struct
import zipfile
from io import BytesIO

import pytest

from app.core.spreadsheet.packing import pack_error
from app.core.spreadsheet.preflight import open_package
from app.core.spreadsheet.result import Limits
from app.core.spreadsheet.scan import scan
from tests.core.spreadsheet.builders import (
    HEADINGS,
    OFFICE,
    SPREADSHEET,
    ods,
    ods_date,
    ods_number,
    ods_text,
    relationships,
    sheet_xml,
    text,
    xlsb,
    xlsx_parts,
    zipped,
)
from tests.core.spreadsheet.conftest import Asking

PARTS = xlsx_parts({"Return": sheet_xml([HEADINGS, ["1", None, 5]])})
SHEET = "xl/worksheets/sheet1.xml"
XML = str(PARTS[SHEET])
HEADING_ROW = f'<row r="1">{"".join(map(text, HEADINGS))}</row>'
for _letter in "ABCD":  # with addresses, as every program writes them: else the exact look would be taken at each
    HEADING_ROW = HEADING_ROW.replace("<c t", f'<c r="{_letter}1" t', 1)
END = b"PK\x05\x06"


def rows(xml: str) -> bytes:
    """A workbook with our headings and these rows."""
    return zipped(
        PARTS | {SHEET: f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{HEADING_ROW}{xml}</sheetData></worksheet>'}
    )


def at(address: str, value: str) -> str:
    return f'<c r="{address}" t="inlineStr"><is><t>{value}</t></is></c>'


@pytest.mark.parametrize(
    "xml",
    [
        f'<row r="2">{at("A2", "1")}</row><row r="2">{at("A2", "2")}</row>',
        f'<row r="2">{at("A2", "1")}</row><row r="2">{at("B2", "2")}</row>',
        f'<row r="2">{at("A2", "1")}{at("A2", "2")}</row>',
        f'<row r="3">{at("A3", "1")}</row><row r="2">{at("A2", "2")}</row>',
        f'<row r="2">{at("A2", "1")}</row><row>{at("A2", "2")}</row>',
        f'<row r="2">{at("A2", "1")}</row><row><c t="str"><v>1</v></c></row><row r="3">{at("A3", "2")}</row>',
        f'<row r="2">{at("A2", "1")}{at("A3", "2")}</row><row r="3">{at("A3", "3")}</row>',
        f'<row\nr="2">{at("A2", "1")}</row><row\tr="2">{at("A2", "2")}</row>',
        f'<row r="2">{at("A2", "1")}</row><x:row xmlns:x="{SPREADSHEET}" r="2">{at("A2", "2")}</x:row>',
    ],
)
def test_a_row_or_cell_that_stands_twice_is_never_lost_without_a_word(file: Asking, xml: str) -> None:
    code, message = file.refusal(rows(xml))
    assert (code, "would be lost" in message) == ("F01", True)


def test_a_row_that_stands_twice_far_apart_is_found_too(file: Asking) -> None:
    many = "".join(f'<row r="{n}">{at(f"A{n}", "x" * 2000)}</row>' for n in range(2, 400))
    assert file.refusal(rows(f'{many}<row r="7">{at("A7", "again")}</row>'))[0] == "F01"
    assert len(file.read(rows(many)).rows) == 398


def test_rows_and_cells_may_leave_their_numbers_to_the_order(file: Asking) -> None:
    assert file.rows(rows("<row><c/><c><v>2</v></c></row><row><c><v>3</v></c></row>")) == [[None, 2.0], [3.0]]
    assert file.rows(rows(f'<row r="2"><c><v>1</v></c>{at("C2", "x")}</row>')) == [[1.0, None, "x"]]


@pytest.mark.parametrize(
    "after",
    [
        '<sheetData><row r="3"><c r="A3"><v>2</v></c></row></sheetData>',
        f'<x:sheetData xmlns:x="{SPREADSHEET}"><x:row r="3"><x:c r="A3"><x:v>2</x:v></x:c></x:row></x:sheetData>',
        '<row r="3"><c r="A3"><v>2</v></c></row>',
        f'<y>{"x" * 300_000}</y><sheetData><row r="3"><c r="A3"><v>2</v></c></row></sheetData>',
    ],
    ids=["twice", "with a prefix", "rows outside", "far apart"],
)
def test_a_second_table_of_rows_is_never_lost_without_a_word(file: Asking, after: str) -> None:
    for xml in (XML.replace("</sheetData>", f"</sheetData>{after}"), XML.replace("<sheetData>", f"{after}<sheetData>")):
        code, message = file.refusal(zipped(PARTS | {SHEET: xml}))
        assert (code, "would be lost" in message) == ("F01", True)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/workbook.xml", str(PARTS["xl/workbook.xml"]).replace("</sheets>", "</sheets><sheets></sheets>")),
        ("xl/styles.xml", str(PARTS["xl/styles.xml"]).replace("<cellXfs>", '<cellXfs><xf numFmtId="0"/></cellXfs><cellXfs>')),
        ("xl/sharedStrings.xml", "<sst><si><t>a</t></si><sst><si><t>b</t></si></sst></sst>"),
    ],
    ids=["sheets", "formats", "texts"],
)  # fmt: skip
def test_a_list_that_stands_twice_is_refused(file: Asking, part: str, content: str) -> None:
    code, message = file.refusal(zipped(PARTS | {part: content}))
    assert (code, "stands in the file twice" in message) == ("F01", True)


def shared(cells: str) -> bytes:
    """A workbook with two shared texts, and these cells in its row of data."""
    links = str(PARTS["xl/_rels/workbook.xml.rels"])
    target = f'<Relationship Id="rId998" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    texts = f'<sst xmlns="{SPREADSHEET}"><si><t>Adeyemi</t></si><si><t>Okafor</t></si></sst>'
    return zipped(
        PARTS
        | {
            SHEET: f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{HEADING_ROW}<row r="2">{cells}</row></sheetData></worksheet>',
            "xl/_rels/workbook.xml.rels": links.replace("</Relationships>", target),
            "xl/sharedStrings.xml": texts,
        }
    )


@pytest.mark.parametrize(
    "place",
    ["1.0", "1e0", "0x1", " 1", "1 ", "+1", "-1", "2", "99999999999999999999", "&#49;", "1<!-- -->", "<![CDATA[1]]>"],
)
@pytest.mark.parametrize("cell", ['<c r="A2" t="s"><v>{}</v></c>', "<c r='A2' t = 's'>\n<v>{}</v></c>"])
def test_a_text_is_never_taken_from_another_place_among_the_shared_ones(file: Asking, cell: str, place: str) -> None:
    assert file.refusal(shared(cell.format(place)))[0] == "F01"


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="A2" t="s"><v>1</v></c>',
        '<c r="A2" t="s" s="1"><v>1</v></c>',
        "<c r='A2' t='s'>\n  <v>1</v>\n</c>",
        '<c r="A2" t="s"><v>01</v></c>',
        f'<x:c xmlns:x="{SPREADSHEET}" r="A2" t="s"><x:v>1</x:v></x:c>',
        '<c r="A2" t="s"><v>1</v></c><c r="B2" t="s"/><c r="C2" t="s"><v/></c>',
    ],
)
def test_shared_texts_are_found_however_the_cell_is_spelled(file: Asking, cells: str) -> None:
    assert file.rows(shared(cells)) == [["Okafor"]]


@pytest.mark.parametrize("value", ["12<!-- -->34", "12&#51;4", "12<![CDATA[34]]>", "12<?x y?>34", "&#49;234"])
def test_an_amount_is_never_broken_off_where_something_stands_in_it(file: Asking, value: str) -> None:
    assert file.refusal(rows(f'<row r="2"><c r="C2"><v>{value}</v></c></row>'))[0] == "F01"
    padding = "".join(f'<row r="{n}">{at(f"A{n}", "x" * 2000)}</row>' for n in range(2, 133))
    assert file.refusal(rows(f'{padding}<row r="200"><c r="C200"><v>{value}</v></c></row>'))[0] == "F01"


def test_what_a_formula_gave_may_be_spelled_with_references(file: Asking) -> None:
    cell = '<c r="A2" t="str"><f>B2</f><v>A &amp; B&#10;C #1!</v></c>'
    assert file.rows(rows(f'<row r="2">{cell}</row>')) == [["A & B\nC #1!"]]


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A2"><v>1</v><v>2</v></c>',
        '<c r="A2"><v>1</v>\n<v>2</v></c>',
        '<c r="A2" t="inlineStr"><is><t>1</t></is><v>2</v></c>',
    ],
)
def test_a_cell_with_two_values_is_refused(file: Asking, cell: str) -> None:
    assert file.refusal(rows(f'<row r="2">{cell}</row>'))[0] == "F01"


TWO = f'<row r="2">{at("A2", "1")}</row>'


@pytest.mark.parametrize(
    "xml",
    [
        f'{TWO}<row r="4294967298"><c r="A4294967298"><v>9</v></c></row>',
        f'{TWO}<row r="1048577"><c r="A1048577"><v>9</v></c></row>',
        f'{TWO}<row r="3"><c r="A4294967299"><v>9</v></c></row>',
        f'{TWO}<row r="1048577"><c><v>9</v></c></row>',
    ],
)
def test_what_stands_beyond_the_last_row_is_refused(file: Asking, xml: str) -> None:
    assert file.refusal(rows(xml))[0] == "F01"


@pytest.mark.parametrize(
    "value",
    ["569&#51;.66 ", "12&#51;4\n", " 12&#51;4", "12&amp;34", "12<x/>34", "12<x>5</x>34", "12&#x33;4", "<x/>12"],
)
def test_an_amount_is_never_broken_off_whatever_stands_in_or_around_it(file: Asking, value: str) -> None:
    for cell in (f'<c r="C2"><v>{value}</v></c>', f'<c r="C2" t="n"><v>{value}</v ></c >'):
        assert file.refusal(rows(f'<row r="2">{cell}</row>'))[0] == "F01", cell


@pytest.mark.parametrize("place", ["1.0", "1 ", "x"])
def test_a_text_is_never_taken_from_elsewhere_where_tags_end_with_a_space(file: Asking, place: str) -> None:
    assert file.refusal(shared(f'<c r="A2" t="s"><v>{place}</v></c >'))[0] == "F01"
    assert file.rows(shared('<c r="A2" t="s"><v>1</v ></c >')) == [["Okafor"]]


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="2"><c r="A2"><v>1</v ><v>2</v></c></row>',
        '<row r="2"><c r="A2" t="inlineStr"><is><t>a</t></is ><is><t>b</t></is></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><x:c\nxmlns:x="{}" r="A2"><x:v>9</x:v></x:c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><x:c\txmlns:x="{}" r="A2"><x:v>9</x:v></x:c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="3"><x:c\nxmlns:x="{}" r="A2"><x:v>9</x:v></x:c></row>',
        '<mc:AlternateContent xmlns:mc="m"><mc:Choice><row r="2"><c r="A2"><v>1</v></c></row></mc:Choice>'
        '<mc:Fallback><row r="3"><c r="A3"><v>1</v></c></row></mc:Fallback></mc:AlternateContent>',
        '<row r="2"><c r="A2" t="inlineStr"><v>INV-1</v></c></row>',
    ],
)
def test_however_it_is_spelled_nothing_is_lost_or_doubled_without_a_word(file: Asking, xml: str) -> None:
    assert file.refusal(rows(xml.format(SPREADSHEET)))[0] == "F01"


def test_an_error_without_its_sign_is_an_error_too(file: Asking) -> None:
    assert file.rows(rows('<row r="2"><c r="A2" t="e"><v>N/A</v></c></row>')) == [[pack_error("N/A")]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<sst ", '<sst xmlns:x="urn:q" '),
        ("<si><t>Okafor", '<x:si xmlns:x="urn:q"><x:t>y</x:t></x:si><si><t>Okafor'),
        ("<si><t>Okafor", '<mc:AlternateContent xmlns:mc="m"><mc:Choice><si><t>y</t></si></mc:Choice></mc:AlternateContent><si><t>Okafor'),
    ],
    ids=["nothing foreign", "of another namespace", "a choice"],
)  # fmt: skip
def test_no_foreign_text_shifts_the_shared_ones(file: Asking, before: str, after: str) -> None:
    data = BytesIO(shared('<c r="A2" t="s"><v>1</v></c>'))
    with zipfile.ZipFile(data) as workbook:
        parts = {name: workbook.read(name).decode() for name in workbook.namelist()}
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace(before, after, 1)
    if "x:si" in after or "Choice" in after:
        assert file.refusal(zipped(parts))[0] == "F01"
    else:
        assert file.rows(zipped(parts)) == [["Okafor"]]


@pytest.mark.parametrize("words", ["Nota:si pago", "a:xf b", "x:si>y", "AlternateContent", "&lt;x:si>"])
def test_words_that_look_like_something_foreign_are_only_words(file: Asking, words: str) -> None:
    data = BytesIO(shared('<c r="A2" t="s"><v>1</v></c>'))
    with zipfile.ZipFile(data) as workbook:
        parts = {name: workbook.read(name).decode() for name in workbook.namelist()}
    parts["xl/sharedStrings.xml"] = parts["xl/sharedStrings.xml"].replace("Okafor", words)
    assert file.rows(zipped(parts)) == [[words.replace("&lt;", "<")]]


def test_rows_of_one_number_in_xlsb_are_found_too(file: Asking) -> None:
    data = xlsb([HEADINGS, ["1"], ["2"]])
    with zipfile.ZipFile(BytesIO(data)) as workbook:
        parts = {name: workbook.read(name) for name in workbook.namelist()}
    (sheet,) = (name for name in parts if "sheet" in name and name.endswith("1.bin"))
    parts[sheet] = parts[sheet].replace(b"\x00\x19\x02\0\0\0", b"\x00\x19\x01\0\0\0")
    assert file.refusal(zipped(parts))[0] == "F01"


@pytest.mark.parametrize("claim", ["", "A0", "XFD0:A1", "A1:XFD1048576", "nonsense", "A1:A1"])
def test_what_a_sheet_claims_of_its_size_is_not_believed(file: Asking, claim: str) -> None:
    xml = sheet_xml([HEADINGS, ["1", None, 5]]).replace("<sheetData>", f'<dimension ref="{claim}"/><sheetData>')
    assert file.rows(zipped(PARTS | {SHEET: xml})) == [["1", None, 5.0]]


@pytest.mark.parametrize(
    "error", ["#GETTING_DATA", "#SPILL!", "#CALC!", "#BLOCKED!", "#FIELD!", "#BUSY!", "#REF!", "#N/A", "#PYTHON!"]
)
def test_an_error_of_whatever_name_costs_its_row_only(file: Asking, error: str) -> None:
    cells = ["1", f'<c t="e"><f>A1</f><v>{error}</v></c>', 5]
    assert file.rows(zipped(PARTS | {SHEET: sheet_xml([HEADINGS, cells, ["2"]])})) == [
        ["1", pack_error(error), 5.0],
        ["2"],
    ]


def large_end(data: bytes, **different: int) -> bytes:
    """The file with the large form of the directory's end as well, saying something different."""
    at = data.rfind(END)
    entries, size, offset = struct.unpack_from("<HLL", data, at + 10)
    said = {"entries": entries, "size": size, "offset": offset} | different
    record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, said["entries"], said["entries"], said["size"], said["offset"])  # fmt: skip
    return data[:at] + record + struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1) + data[at:]


def test_a_large_end_of_the_directory_must_say_what_the_small_one_says(file: Asking) -> None:
    plain = zipped(PARTS)
    assert file.rows(large_end(plain)) == [["1", None, 5.0]]
    assert file.refusal(large_end(plain, offset=plain.rfind(END) - 46))[0] == "F01"
    assert file.refusal(large_end(plain, entries=1))[0] == "F01"


def test_the_directory_ends_once_and_at_the_end_of_the_file(file: Asking) -> None:
    plain = zipped(PARTS)
    for odd in (plain + b"junk", plain + plain[plain.rfind(END) :], b"junk" + plain, plain[:-2] + b"\x04\0abcd" + b"x"):
        assert file.refusal(odd)[0] == "F01"


def test_parts_that_share_bytes_are_refused(file: Asking) -> None:
    plain = bytearray(zipped(PARTS, zipfile.ZIP_STORED))
    first = plain.find(b"PK\x01\x02")
    second = plain.find(b"PK\x01\x02", first + 1)
    plain[second + 42 : second + 46] = plain[first + 42 : first + 46]
    code, message = file.refusal(bytes(plain))
    assert (code, "contradicts itself" in message) == ("F01", True)


@pytest.mark.parametrize(
    "name", ["xl\\macrosheets\\x.xml", "xl\\externalLinks\\externalLink1.xml", "xl//x.xml", "xl/./x.xml"]
)
def test_names_of_parts_that_no_program_gives_are_refused(file: Asking, name: str) -> None:
    code, message = file.refusal(zipped(PARTS | {name: "<x/>"}))
    assert (code, "names that no spreadsheet program gives" in message) == ("F01", True)


@pytest.mark.parametrize("use", ["vbaProject", "xlMacrosheet", "externalLink", "oleObject", "connections"])
def test_what_a_part_is_used_for_counts_and_not_where_it_lies(file: Asking, use: str) -> None:
    more = {"xl/worksheets/_rels/sheet1.xml.rels": relationships(("r", use, "../media/x.bin")), "xl/media/x.bin": b"x"}
    assert file.refusal(zipped(PARTS | more))[0] == "F08"


@pytest.mark.parametrize("formula", ["[1]Sheet1!A1", "'[book.xlsx]My sheet'!A1", "'C:\\[x.xlsx]S'!A1", "1+[2]S.1!B2"])
def test_a_formula_that_takes_from_another_workbook_is_refused(file: Asking, formula: str) -> None:
    cells = ["1", f"<c><f>{formula}</f><v>1</v></c>"]
    assert file.refusal(zipped(PARTS | {SHEET: sheet_xml([HEADINGS, cells])}))[0] == "F08"


@pytest.mark.parametrize(
    "formula", ["Table1[Amount]+1", "SUM(Table1[[#This Row],[Amount]])", "'My sheet'!A1", "Sheet1!A1"]
)
def test_a_formula_about_the_workbook_itself_is_fine(file: Asking, formula: str) -> None:
    cells = ["1", f"<c><f>{formula}</f><v>1</v></c>"]
    assert file.rows(zipped(PARTS | {SHEET: sheet_xml([HEADINGS, cells])})) == [["1", 1.0]]


def ods_with(cell: str, manifest: str = "") -> bytes:
    return ods([[ods_text(heading) for heading in HEADINGS], [ods_text("1"), cell]], manifest)


@pytest.mark.parametrize(
    "cell",
    [
        """<table:table-cell table:formula="of:=['http://x.example/a.ods'#$S.A1]"/>""",
        """<table:table-cell table:formula="of:=[ 'file:///c:/a.ods' #S.A1]"/>""",
        """<table:table-cell table:formula="of:=DDE(&quot;soffice&quot;;&quot;x&quot;;&quot;y&quot;)"/>""",
        """<table:table-cell><text:p><x:image xmlns:x="x" xmlns:l="l" l:href="http://x.example/p.png"/></text:p></table:table-cell>""",
    ],
)  # fmt: skip
def test_an_open_document_reaches_nothing_outside(file: Asking, cell: str) -> None:
    assert file.refusal(ods_with(cell))[0] == "F08"


def ods_words(paragraphs: str, kind: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {kind}>{paragraphs}</table:table-cell>"


@pytest.mark.parametrize(
    ("paragraphs", "words"),
    [
        ("<text:p>De<text:tab/>Vries</text:p>", "De\tVries"),
        ("<text:p>12<text:line-break/>34</text:p>", "12\n34"),
        (
            '<text:p>a<text:s text:c="2"/>b<text:span>c<text:tab />d</text:span></text:p><text:p>e</text:p>',
            "a  bc\td\ne",
        ),
        ("<office:annotation><text:p>no<text:tab/>te</text:p></office:annotation><text:p>a</text:p>", "a"),
        ("<text:p>a<text:tab/>b</text:p><office:annotation><text:p>note</text:p></office:annotation>", "a\tb"),
    ],
)
def test_words_of_an_open_document_never_join_where_a_tab_or_line_stood(
    file: Asking, paragraphs: str, words: str
) -> None:
    assert file.rows(ods_with(ods_words(paragraphs))) == [["1", words]]
    far = ods([[ods_text(heading) for heading in HEADINGS], [ods_text("x" * 300_000)], [ods_words(paragraphs)]])
    assert file.rows(far)[1] == [words]


@pytest.mark.parametrize("kind", ["", 'office:value-type=""', 'office:value-type="void"', 'office:value-type="float"',
                                  'table:style-name="ce1"', 'calcext:value-type="string"'])  # fmt: skip
def test_a_cell_of_an_open_document_that_names_no_kind_of_value_is_the_text_it_shows(file: Asking, kind: str) -> None:
    assert file.rows(ods_with(ods_words("<text:p>1250</text:p>", kind))) == [["1", "1250"]]


def test_a_section_of_an_open_document_that_would_be_left_out_is_refused(file: Asking) -> None:
    assert file.refusal(ods_with(ods_words("<text:p>12<![CDATA[34]]></text:p>")))[0] == "F01"


def test_a_workbook_as_programs_write_it_needs_no_second_look() -> None:
    package = open_package(shared('<c r="A2" t="s"><v>1</v></c><c r="B2" s="1"><v>45000</v></c>'), Limits(500))
    scan(package)
    assert package.second_look == set()


def test_an_open_document_as_programs_write_it_needs_no_second_look() -> None:
    package = open_package(ods_with(ods_number(5) + ods_date("2026-04-03")), Limits(500))
    scan(package)
    assert package.second_look == set()


def test_an_open_document_may_link_for_a_click_and_hold_charts_but_no_other_objects(file: Asking) -> None:
    link = '<table:table-cell office:value-type="string"><text:p><text:a xmlns:l="l" l:href="http://x.example">x</text:a></text:p></table:table-cell>'
    assert file.rows(ods_with(link)) == [["1", "x"]]
    entry = '<manifest:file-entry manifest:full-path="Object 1/" manifest:media-type="application/vnd.oasis.opendocument.{}"/>'
    for kind, code in (("chart", None), ("spreadsheet", "F08")):
        data = BytesIO(ods_with(ods_text("y"), entry.format(kind)))
        with zipfile.ZipFile(data, "a") as workbook:
            workbook.writestr("Object 1/content.xml", "<x/>")
        if code:
            assert file.refusal(data.getvalue())[0] == code
        else:
            assert file.rows(data.getvalue()) == [["1", "y"]]


@pytest.mark.parametrize("encoding", ["utf-7", "utf-16", "utf-32", "ebcdic-cp-gb", "nobody-knows"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "docProps/app.xml", "xl/worksheets/_rels/sheet1.xml.rels"])
def test_words_cannot_hide_in_another_encoding(file: Asking, encoding: str, part: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?>' + str(PARTS.get(part, "<x/>"))
    assert file.refusal(zipped(PARTS | {part: xml}))[0] == "F01"


@pytest.mark.parametrize(
    ("part", "content", "words"),
    [
        ("xl/styles.xml", '<styleSheet><cellXfs>{}</cellXfs></styleSheet>'.format('<xf numFmtId="0"/>' * 70_100), "cell formats"),
        (SHEET, str(PARTS[SHEET]).replace("</sheetData>", "</sheetData><mergeCells>" + '<mergeCell ref="Z1:Z2"/>' * 10_100 + "</mergeCells>"), "merged ranges"),
        (SHEET, str(PARTS[SHEET]).replace("</sheetData>", "</sheetData><dataValidations>" + '<dataValidation sqref="Z1"/>' * 10_100 + "</dataValidations>"), "data validations"),
    ],
    ids=["formats", "merges", "validations"],
)  # fmt: skip
def test_more_of_anything_than_a_return_can_need_is_refused(file: Asking, part: str, content: str, words: str) -> None:
    code, message = file.refusal(zipped(PARTS | {part: content}))
    assert (code, words in message) == ("F04", True)
