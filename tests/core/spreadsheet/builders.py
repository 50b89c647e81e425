"""Small workbooks for the tests of reading, made part by part, so that they may also be wrong on purpose."""

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import xlwt

from app.core.spreadsheet.headings import heading_key

HEADINGS = ["Invoice number", "Invoice date", "Amount (£)", "Family name"]
KNOWN = frozenset(map(heading_key, HEADINGS))

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def zipped(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return stream.getvalue()


def relationships(*targets: tuple[str, str, str], external: str = "") -> str:
    """Each as id, kind and target; `external` is further XML."""
    listed = "".join(
        f'<Relationship Id="{id_}" Type="{OFFICE}/{kind}" Target="{target}"/>' for id_, kind, target in targets
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}{external}</Relationships>'


def text(value: str) -> str:
    """The cell of a text, without its address."""
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def cell(value: object) -> str:
    """A text, a number, nothing, or a cell written out as XML."""
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return value if value.startswith("<c") else text(value)
    return f"<c><v>{value}</v></c>"


def sheet_xml(rows: Iterable[Sequence[object]], start: int = 1) -> str:
    lines = "".join(f'<row r="{number}">{"".join(map(cell, row))}</row>' for number, row in enumerate(rows, start))
    return f'<worksheet xmlns="{SPREADSHEET}"><sheetData>{lines}</sheetData></worksheet>'


STYLES = f'<styleSheet xmlns="{SPREADSHEET}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/></cellXfs></styleSheet>'


def xlsx_parts(
    sheets: Mapping[str, str], states: Mapping[str, str] | None = None, date1904: bool = False
) -> dict[str, str | bytes]:
    """The parts of an .xlsx workbook; `sheets` are the sheets' XML by name. Style 1 is a date, 2 a date with a time."""
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}" state="{(states or {}).get(name, "visible")}"/>'
        for n, name in enumerate(sheets, 1)
    )
    targets = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{TYPE}sheet.main+xml"/></Types>',
        "_rels/.rels": relationships(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}">'
        f'<workbookPr date1904="{int(date1904)}"/><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relationships(*targets, ("rId999", "styles", "styles.xml")),
        "xl/styles.xml": STYLES,
        **{f"xl/worksheets/sheet{n}.xml": xml for n, xml in enumerate(sheets.values(), 1)},
    }


def xlsx(
    sheets: Mapping[str, Iterable[Sequence[object]]],
    *,
    states: Mapping[str, str] | None = None,
    date1904: bool = False,
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    parts = xlsx_parts({name: sheet_xml(rows) for name, rows in sheets.items()}, states, date1904)
    return zipped(parts | dict(more or {}))


def ods(rows: Iterable[Sequence[str]], manifest: str = "", before: str = "") -> bytes:
    """`rows` are cells written out as XML (ods_text and the like)."""
    lines = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f'<office:body><office:spreadsheet>{before}<table:table table:name="Return">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>{manifest}'
    name = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return zipped(
        {
            "mimetype": kind,
            "META-INF/manifest.xml": f'<manifest:manifest xmlns:manifest="{name}">{entry}</manifest:manifest>',
            "content.xml": content,
        },
        zipfile.ZIP_STORED,
    )


def ods_text(value: str) -> str:
    return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'


def ods_number(value: float) -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'


def ods_date(iso: str) -> str:
    return f'<table:table-cell office:value-type="date" office:date-value="{iso}"><text:p>{iso}</text:p></table:table-cell>'


def ods_error(shown: str) -> str:
    """As LibreOffice writes it."""
    return (
        '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
        f'calcext:value-type="error"><text:p>{shown}</text:p></table:table-cell>'
    )


def xls(sheets: Mapping[str, Iterable[Sequence[object]]], date1904: bool = False) -> bytes:
    """Texts, numbers and nothing; ("date", serial) and ("error", code)."""
    book = xlwt.Workbook()
    book.dates_1904 = date1904
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, tuple) and value[0] == "date":
                    sheet.write(number, column, value[1], day)
                elif isinstance(value, tuple):
                    sheet.row(number).set_cell_error(column, value[1])
                elif value is not None:
                    sheet.write(number, column, value)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _record(kind: int, content: bytes = b"") -> bytes:
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size = len(content)
    length = b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return number + length + content


def _wide(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def _xlsb_cell(column: int, value: object) -> bytes:
    place = struct.pack("<II", column, 1 if isinstance(value, tuple) and value[0] == "date" else 0)
    if isinstance(value, str):
        return _record(6, place + _wide(value))
    if isinstance(value, tuple):
        return (
            _record(3, place + bytes([value[1]]))
            if value[0] == "error"
            else _record(5, place + struct.pack("<d", value[1]))
        )
    return _record(5, place + struct.pack("<d", value))


def xlsb(rows: Iterable[Sequence[object]], name: str = "Return") -> bytes:
    """Texts, numbers and nothing; ("date", serial) and ("error", code)."""
    body = b"".join(
        _record(0, struct.pack("<II", number, 0) + bytes(17))
        + b"".join(_xlsb_cell(column, value) for column, value in enumerate(row) if value is not None)
        for number, row in enumerate(rows)
    )
    dimension = _record(148, struct.pack("<IIII", 0, 99, 0, 99))
    sheet = _record(129) + dimension + _record(145) + body + _record(146) + _record(130)
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name)
    workbook = (
        _record(131) + _record(153, bytes(12)) + _record(143) + _record(156, bundle) + _record(144) + _record(132)
    )
    formats = b"".join(_record(47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, 14))
    styles = _record(278) + _record(617, struct.pack("<I", 2)) + formats + _record(618) + _record(279)
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Override PartName="/xl/workbook.bin" '
            'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>',
            "_rels/.rels": relationships(("rId1", "officeDocument", "xl/workbook.bin")),
            "xl/workbook.bin": workbook,
            "xl/_rels/workbook.bin.rels": relationships(
                ("rId1", "worksheet", "worksheets/sheet1.bin"), ("rId2", "styles", "styles.bin")
            ),
            "xl/styles.bin": styles,
            "xl/worksheets/sheet1.bin": sheet,
        }
    )
