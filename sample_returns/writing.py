"""Writes small workbooks whose bytes depend on nothing but their content: no clock, no compression."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from xml.sax.saxutils import escape

import xlwt
from xlsxwriter import Workbook

Cell = str | float | date | None
Rows = Sequence[Sequence[Cell]]

_MADE = datetime(2026, 11, 22, tzinfo=UTC)
_FORMATS = {date: "dd/mm/yyyy", float: "0.00", str: "@"}
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_NAMES = {"office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle"}
_ODS_DAY = (
    '<office:automatic-styles><number:date-style style:name="slashes"><number:day number:style="long"/><number:text>/'
    '</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
    '</number:date-style><style:style style:name="day" style:family="table-cell" style:data-style-name="slashes"/>'
    "</office:automatic-styles>"
)


def xlsx(sheets: Mapping[str, Rows], about: Sequence[tuple[str, str]] = ()) -> bytes:
    """Sheets by name, dates and money shown as such; `about` becomes the hidden stamp."""
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _MADE})
    looks = {kind: book.add_format({"num_format": form}) for kind, form in _FORMATS.items()}
    for name, rows in (sheets | ({"About": about} if about else {})).items():
        sheet = book.add_worksheet(name)
        sheet.set_column(0, 25, 18)
        if name == "About":
            sheet.very_hidden()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if value == "#N/A":
                    sheet.write_formula(number, column, "=NA()", None, value)
                elif value is not None:
                    sheet.write(number, column, value, looks.get(type(value)))
    book.close()
    return zipped(_parts(stream.getvalue()))


def _parts(workbook: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
        return {part: packed.read(part) for part in packed.namelist()}


def with_parts(workbook: bytes, more: Mapping[str, bytes], types: str = "") -> bytes:
    """The same workbook with further parts, and with their types listed."""
    parts = _parts(workbook)
    listed = parts["[Content_Types].xml"].decode().replace("</Types>", f"{types}</Types>")
    return zipped(parts | {"[Content_Types].xml": listed.encode()} | dict(more))


def zipped(parts: Mapping[str, bytes]) -> bytes:
    """Stored and not compressed: compressed bytes would differ from one zlib to the next."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as file:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _MADE.timetuple()[:6])
            entry.create_system, entry.external_attr = 3, 0o600 << 16
            file.writestr(entry, content)
    return stream.getvalue()


def ods(sheet: str, rows: Rows) -> bytes:
    lines = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_named(_ODS_NAMES)} office:version="1.2">'
        f'{_ODS_DAY}<office:body><office:spreadsheet><table:table table:name="{sheet}">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    files = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", _ODS), ("content.xml", "text/xml"))
    )
    names = _named({"manifest": "manifest"})
    manifest = f'<manifest:manifest {names} manifest:version="1.2">{files}</manifest:manifest>'
    return zipped(
        {"mimetype": _ODS.encode(), "META-INF/manifest.xml": manifest.encode(), "content.xml": content.encode()}
    )


def _named(names: Mapping[str, str]) -> str:
    return " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"' for name, full in names.items())


def _ods_cell(value: Cell) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, date):
        kind = f'table:style-name="day" office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, str):
        kind = 'office:value-type="string"'
    else:
        kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {kind}><text:p>{escape(_shown(value))}</text:p></table:table-cell>"


def xls(sheet: str, rows: Rows) -> bytes:
    book = xlwt.Workbook()
    page = book.add_sheet(sheet)
    looks = {kind: xlwt.easyxf(num_format_str=form) for kind, form in _FORMATS.items()}
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                plain = (value - date(1899, 12, 30)).days if isinstance(value, date) else value
                page.write(number, column, plain, looks.get(type(value), looks[float]))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def plain_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([[_shown(value) for value in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _shown(value: Cell) -> str:
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float):
        return f"{value:.2f}"
    return "" if value is None else str(value)
