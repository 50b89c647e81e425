"""Workbooks made to hurt whoever opens them, each by its name: a small, good workbook with one thing wrong."""

import zipfile
from collections.abc import Callable
from functools import partial
from io import BytesIO

from tests.core.spreadsheet.builders import HEADINGS, relationships, sheet_xml, text, xlsx, xlsx_parts, zipped

PARTS = xlsx_parts({"Return": sheet_xml([HEADINGS, ["1", None, 5]])})
SHEET, STRINGS, STYLES, WORKBOOK = (
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/workbook.xml",
)
XML = str(PARTS[SHEET])
GOOD = zipped(PARTS)
MEGABYTE = 1 << 20

BAD_PLACES = ["A0", "ZZZZZZ2", "2A", "XFE2", "", "A2147483648", "A99999999999999999999", "$A$2"]
BAD_ROWS = ["0", "-1", "99999999999", "x", ""]
ODD_NUMBERS = ["NaN", "INF", "1e400", "-1e400", "1e-400", "", "  12 ", "1,234.50", "0x10", "1_000", "٣", "-0", "1" * 400,
               "1." + "1" * 400]  # fmt: skip
SERIALS = [
    "-1",
    "0",
    "0.5",
    "1",
    "59",
    "60",
    "61",
    "2958465",
    "2958466",
    "1e10",
    "1e308",
    "-1e308",
    "NaN",
    "45000.999999999",
]
TYPES = [("s", "99"), ("s", "-1"), ("s", "x"), ("s", "0x0"), ("s", "0.0"), ("s", " 0"), ("e", "#REF!"), ("e", "#N/A"), ("d", "2026-02-30"), ("d", "not a date"),
         ("b", "maybe"), ("n", "abc"), ("zz", "1"), ("str", "x")]  # fmt: skip
NAMES = ["_x0000_", "_xD800_", "a_x000D_b", "\u202eevil", "\u200b", "A\u0301", "😀𠀀", "\r\n", '=HYPERLINK("http://x","y")',
         "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1", "\t=1", "＝1+1"]  # fmt: skip
_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
DTDS = {
    "billion laughs": f'<!DOCTYPE x [<!ENTITY a0 "lol">{_LAUGHS}]>',
    "quadratic blow-up": f'<!DOCTYPE x [<!ENTITY a "{"B" * 50_000}">]>',
    "a file from outside": '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "a page from outside": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    "a harmless entity": """<!DOCTYPE x [<!ENTITY n "O'Brien">]>""",
}


def part(name: str, content: str | bytes) -> bytes:
    return zipped(PARTS | {name: content})


def sheet(*replaced: tuple[str, str]) -> bytes:
    xml = XML
    for old, new in replaced:
        assert old in xml
        xml = xml.replace(old, new)
    return part(SHEET, xml)


def row(cells: str, number: str = "3") -> bytes:
    return sheet(("</sheetData>", f'<row r="{number}">{cells}</row></sheetData>'))


def swollen(name: str, start: str, piece: bytes, times: int) -> bytes:
    """A part that is small while packed."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
        for other, content in PARTS.items():
            if other != name:
                file.writestr(other, content)
        with file.open(name, "w", force_zip64=True) as out:
            out.write(start.encode())
            for _ in range(times):
                out.write(piece)
    return stream.getvalue()


def many_sheets_of_one_part(count: int) -> bytes:
    listed = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, count))
    return part(WORKBOOK, str(PARTS[WORKBOOK]).replace("</sheets>", f"{listed}</sheets>"))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "good": lambda: GOOD,
    "a cell in the last corner": partial(row, '<c r="XFD1048576"><v>1</v></c>'),
    "a cell in the last row": partial(row, '<c r="A1048576"><v>1</v></c>'),
    "a dimension of the whole sheet": partial(sheet, ("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')),
    "empty rows with formats to the last": partial(row, "", "1048576"),
    "rows that swell": partial(swollen, SHEET, XML[: XML.index("</sheetData>")], b"<row/>" * (MEGABYTE // 6), 20),
    "spaces that swell": partial(swollen, SHEET, XML.replace("</worksheet>", ""), b" " * MEGABYTE, 20),
    "shared texts that swell": partial(swollen, STRINGS, "<sst>", b"<si><t>a</t></si>" * 61_680, 20),
    "one text that swells": partial(swollen, STRINGS, "<sst><si><t>", b"a" * MEGABYTE, 20),
    "a million formats": partial(swollen, STYLES, "<styleSheet><cellXfs>", b'<xf numFmtId="0"/>' * 58_254, 18),
    **{f"{name} in {where}": partial(part, where, dtd + str(PARTS.get(where, "<sst/>")))
       for name, dtd in DTDS.items() for where in (SHEET, STRINGS, WORKBOOK, STYLES)},
    **{f"a cell at {place!r}": partial(row, f'<c r="{place}"><v>1</v></c>') for place in BAD_PLACES},
    **{f"a row numbered {number!r}": partial(row, "<c><v>1</v></c>", number) for number in BAD_ROWS},
    **{f"the number {number[:20]!r}": partial(row, f'<c r="C3"><v>{number}</v></c>') for number in ODD_NUMBERS},
    **{f"the serial {serial}": partial(row, f'<c r="B3" s="1"><v>{serial}</v></c>') for serial in SERIALS},
    "dates from 1904": lambda: xlsx({"Return": [HEADINGS, ["1", '<c s="1"><v>45000</v></c>']]}, date1904=True),
    **{f"the type {kind} of {value}": partial(row, f'<c r="A3" t="{kind}"><v>{value}</v></c>') for kind, value in TYPES},
    "a formula without a value": partial(row, '<c r="C3"><f>SUM(C4:C9)</f></c>'),
    "a formula with an error": partial(row, '<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
    **{f"the name {name!r}": partial(row, text("3") + text(name).replace("\r", "&#13;")) for name in NAMES},
    "a NUL in the XML": partial(row, text("a\0b")),
    "merged ranges without end": partial(sheet, ("</sheetData>", '</sheetData><mergeCells>{}</mergeCells>'.format('<mergeCell ref="A3:B3"/>' * 100_000))),
    "a merged whole sheet": partial(sheet, ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
    "elements 200,000 deep": partial(sheet, ("</sheetData>", f"</sheetData>{'<x>' * 200_000}{'</x>' * 200_000}")),
    "an attribute of 10 MB": partial(sheet, ("<sheetData>", f'<sheetPr codeName="{"a" * 10 * MEGABYTE}"/><sheetData>')),
    "a relationship out of the file": partial(part, "xl/_rels/workbook.xml.rels", relationships(("rId1", "worksheet", "../../../../etc/passwd"))),
    "1,100 parts more": lambda: zipped(PARTS | {f"x/{n}.xml": "<x/>" for n in range(1_100)}),
    "20,000 sheets of one part": partial(many_sheets_of_one_part, 20_000),
    "a validation of everything": partial(sheet, ("</sheetData>", '</sheetData><dataValidations><dataValidation sqref="{}"/></dataValidations>'.format("A1:XFD1048576 " * 20_000))),
    "a name for what is not there": partial(part, WORKBOOK, str(PARTS[WORKBOOK]).replace("</sheets>", '</sheets><definedNames><definedName name="x">#REF!#REF!(((</definedName></definedNames>')),
    "a second table of rows": partial(sheet, ("</sheetData>", '</sheetData><sheetData><row r="3"><c r="A3"><v>3</v></c></row></sheetData>')),
    "a second list of sheets": lambda: part(WORKBOOK, str(PARTS[WORKBOOK]).replace("</sheets>", "</sheets><sheets/>")),
    "a second list of formats": lambda: part(STYLES, str(PARTS[STYLES]).replace("<cellXfs>", "<cellXfs/><cellXfs>")),
    "a number with a comment in it": partial(row, '<c r="C3"><v>12<!-- -->34</v></c>'),
    "a cell with two values": partial(row, '<c r="C3"><v>12</v><v>34</v></c>'),
    "the first half": lambda: GOOD[: len(GOOD) // 2],
    "something before": lambda: b"junk" * 10 + GOOD,
    "something after": lambda: GOOD + b"junk" * 17_500,
    "nothing": bytes,
    "a text": lambda: b"hello, this is no workbook",
    "a web page": lambda: b"<html><body><table><tr><td>1</table></body></html>",
    "more rows than are taken": lambda: xlsx({"Return": [HEADINGS, *([[str(number)] for number in range(2000)])]}),
}  # fmt: skip
