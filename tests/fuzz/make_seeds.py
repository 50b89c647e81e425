"""Writes the seeds of the fuzzing runs: small files of every kind and trick that we know. `python -m tests.fuzz.make_seeds`."""

import struct
from collections.abc import Iterator
from pathlib import Path

from xlwt import Formula

from app.return_template.columns import KEYS
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

SEEDS = Path(__file__).parent / "seeds"
WHOLE, SHEET, WORKBOOK, RELATIONSHIPS, STRINGS, STYLES, ROWS, ODS_ROW = range(8)
_ROWS = [HEADINGS, ["1", '<c s="1"><v>45000</v></c>', 5, "Okonkwo"], ["2", '<c t="e"><v>#N/A</v></c>', 1e300, "=1"]]
_PARTS = xlsx_parts({"Return": sheet_xml(_ROWS)}, date1904=True)
_DTD = '<!DOCTYPE x [<!ENTITY a "b">]>'
_XLS_ROWS = [HEADINGS, ["1", ("date", 45000), 5.5, "Núñez"], ["2", ("error", 42), None, "x"]]


def of_files() -> Iterator[tuple[str, int, str | bytes]]:
    """Name, where the bytes are put, and the bytes."""
    csv = 'Invoice number;Family name\r\n0012;"O\'Brien; ""x"""\r\n\'=1;é\r\n'
    yield "xlsx", WHOLE, xlsx({"Return": _ROWS, "Other": [["x"]]})
    yield "xlsb", WHOLE, xlsb(_XLS_ROWS)
    yield "xls", WHOLE, xls({"Return": _XLS_ROWS})
    yield "xls-formulas", WHOLE, xls({"Return": [*_XLS_ROWS, ["3", Formula("1+1"), Formula('IF(A1="","",A1)')]]})
    yield (
        "ods",
        WHOLE,
        ods([[*map(ods_text, HEADINGS)], [ods_text("1"), ods_date("2026-04-03"), ods_number(5), ods_error("#N/A")]]),
    )
    for encoding in ("utf-8", "utf-16", "utf-16-le", "cp1252"):
        yield f"csv-{encoding}", WHOLE, csv.encode(encoding)
    yield "csv-sep", WHOLE, "sep=|\r\nInvoice number|x\r\n1|2\r\n"
    yield "sheet", SHEET, str(_PARTS["xl/worksheets/sheet1.xml"])
    yield "sheet-dtd", SHEET, _DTD + str(_PARTS["xl/worksheets/sheet1.xml"])
    yield "sheet-prefixed", SHEET, '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row><x:c t="str"><x:f>A1</x:f><x:v>y</x:v></x:c></x:row></x:sheetData></x:worksheet>'  # fmt: skip
    yield "workbook", WORKBOOK, str(_PARTS["xl/workbook.xml"])
    yield "relationships", RELATIONSHIPS, str(_PARTS["xl/_rels/workbook.xml.rels"])
    yield "strings", STRINGS, "<sst><si><t>a</t></si><si><r><t>_x0041_</t></r></si></sst>"
    yield "styles", STYLES, str(_PARTS["xl/styles.xml"])
    yield (
        "rows",
        ROWS,
        '<row r="3"><c r="A3"><v>1</v></c><c r="B3" t="e"><v>#SPILL!</v></c><c r="C3"><f>1+</f></c></row>',
    )
    yield "rows-twice", ROWS, '<row r="3"><c r="A3"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>'
    yield "rows-link", ROWS, '<row r="3"><c r="A3"><f>[1]S!A1</f><v>1</v></c></row>'
    yield (
        "rows-odd",
        ROWS,
        '<row r="3"><c r="A3" s="1"><v>-1e308</v></c><c t="d"><v>2026-02-30</v></c><c t="b"><v>2</v></c></row>',
    )
    yield "rows-after", ROWS, '</sheetData><sheetData><row r="3"><c r="A3"><v>1</v></c></row>'
    yield "rows-shared", ROWS, '<row r="3"><c r="A3" t="s"><v>1e0</v></c><c r="B3"><v>1<!-- -->2</v></c></row>'
    yield (
        "ods-repeated",
        ODS_ROW,
        '<table:table-cell table:number-columns-repeated="9" office:value-type="float" office:value="1"/>',
    )
    yield (
        "ods-formula",
        ODS_ROW,
        """<table:table-cell table:formula="of:=['file:///x'#$S.A1]" calcext:value-type="error"/>""",
    )
    yield (
        "ods-breaks",
        ODS_ROW,
        '<table:table-cell office:value-type="string"><text:p>a<text:tab/>b<text:s text:c="3"/><text:line-break/></text:p>'
        "</table:table-cell><table:table-cell><text:p>1250</text:p></table:table-cell>",
    )
    yield "zip-of-nothing", WHOLE, zipped({"a": "b"})


def of_rows() -> Iterator[tuple[str, bytes]]:
    def cell(key: str, kind: int, content: bytes) -> bytes:
        return bytes([KEYS.index(key), kind, len(content)]) + content

    def one(*cells: bytes) -> bytes:
        return bytes([len(cells)]) + b"".join(cells)

    texts = {
        "dates": ("invoice_date", ["03/04/2026", "13/02", "2026-02-30", "1.4.26", "3 April 2026 12:00"]),
        "amounts": ("amount_outstanding", ["-5", "0.005", "1.234,50", "(120.00)", "٣", "1_000", "inf"]),
        "names": ("family_name", ["O'Brien", "e\u0301" * 20, "\u202eabc", "_x0000_", "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1")]),
        "addresses": ("uk_address", ["HIV clinic", "Ward 5", "12 Cancer Research House"]),
        "statuses": ("status", ["Debt repaid", "withdrawn", "DEFAULTED"]),
        "countries": ("nationality", ["FRA", "Nigeria", "Nigéria", "XXB", "GBR"]),
        "invoices": ("invoice_number", ["00123456", "77", "78", "00 123-456"]),
    }  # fmt: skip
    for name, (key, values) in texts.items():
        yield name, b"".join(one(cell(key, 0, value.encode()[:60])) for value in values)
    numbers = [0.0, 61.0, 2958466.0, -1.0, float("nan"), 1e15, 12345678901234567890.0, 1250.1]
    yield "numbers", b"".join(one(cell("invoice_amount", 2, struct.pack("<d", number))) for number in numbers)
    yield (
        "odd-cells",
        one(
            cell("date_of_birth", 4, b"\x10\x07\x03"),
            cell("sex", 5, b""),
            cell("site", 5, b"x"),
            cell("status", 6, b"1"),
        ),
    )


def main() -> None:
    for target, seeds in (
        (
            "read_file",
            [
                (name, bytes([where]) + (data.encode() if isinstance(data, str) else data))
                for name, where, data in of_files()
            ],
        ),
        ("judge_rows", list(of_rows())),
    ):
        folder = SEEDS / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in seeds:
            (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
