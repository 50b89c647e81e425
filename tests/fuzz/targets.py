"""What the fuzzing runs call with any bytes at all, and what must hold whatever the bytes are.

`read_file`: an upload, or one part of an otherwise good workbook, through the pre-flight and the reader, in this
process, with the reading process's own functions and limits. `judge_rows`: bytes as rows through every row rule.
"""

import re
import struct
from collections.abc import Callable

import msgspec

from app.core.spreadsheet import biff12, child
from app.core.spreadsheet.headings import heading_key
from app.core.spreadsheet.kinds import family_of
from app.core.spreadsheet.packing import DATE, ERROR, FORMULA, TEXT, Packed
from app.core.spreadsheet.preflight import open_package
from app.core.spreadsheet.result import Limits, Unreadable
from app.core.spreadsheet.scan import scan
from app.core.spreadsheet.tables import find
from app.return_template.columns import KEYS
from app.returns.reading import HEADING_KEYS
from app.returns.rules.engine import RULES
from tests.core.spreadsheet.builders import HEADINGS, ods, ods_text, sheet_xml, xlsx_parts, zipped
from tests.returns.rules.building import CLEAN, held, judged, register_of, row

LIMITS = Limits(500)
KNOWN = HEADING_KEYS | frozenset(map(heading_key, HEADINGS))
REFUSALS = {"F01", "F02", "F04", "F08"}
_PARTS = xlsx_parts({"Return": sheet_xml([HEADINGS, ["1", None, 5]])})
_SHEET = "xl/worksheets/sheet1.xml"
# A cell far away makes the reader's library ask for more memory than there is and abort its process. That is why the
# reading is done in a process of its own; in this one such a file would end the run, so it is left out here.
_FAR = re.compile(rb"""r\s*=\s*["'][A-Za-z]*([0-9]{5,}|[A-Za-z]{3,}[0-9])|ref\s*=|-repeated\s*=\s*["'][0-9]{4,}""")


def _unzipped(data: bytes) -> dict[str, str | bytes]:
    package = open_package(data, LIMITS)
    return {name: package.file.read(name) for name in package.file.namelist()}


_ODS = _unzipped(ods([[ods_text(heading) for heading in HEADINGS], [ods_text("1")]]))
_ODS_CELL = ods_text("1").encode()


def _ods(cells: bytes) -> bytes:
    """A good .ods workbook with these cells in its row of data."""
    return zipped(_ODS | {"content.xml": bytes(_ODS["content.xml"]).replace(_ODS_CELL, cells)})  # type: ignore[arg-type]


_PLACED: tuple[Callable[[bytes], bytes], ...] = (
    lambda data: data,
    lambda data: zipped(_PARTS | {_SHEET: data}),
    lambda data: zipped(_PARTS | {"xl/workbook.xml": data}),
    lambda data: zipped(_PARTS | {"xl/_rels/workbook.xml.rels": data}),
    lambda data: zipped(_PARTS | {"xl/sharedStrings.xml": data}),
    lambda data: zipped(_PARTS | {"xl/styles.xml": data}),
    lambda data: zipped(
        _PARTS | {_SHEET: str(_PARTS[_SHEET]).encode().replace(b"</sheetData>", data + b"</sheetData>")}
    ),
    _ods,
)


def placed(data: bytes) -> bytes:
    """The upload that these bytes stand for: the first says in what part of a workbook the others are put."""
    return _PLACED[data[0] % len(_PLACED)](data[1:]) if data else b""


def read_file(data: bytes) -> None:
    """Read or refused with a sentence, never anything else; what is read can be sent and holds together."""
    upload = placed(data)
    try:
        package = None
        if family_of(upload) == "zip":
            package = open_package(upload, LIMITS)
            scan(package)
            if _reaches_far(package.pieces, package.file.namelist()):
                return
        kind, grids, theirs = child._open(upload, KNOWN, LIMITS)
        if theirs is not None and package is not None:
            theirs.second_look = package.second_look
        reading, table = find(kind, grids, KNOWN, LIMITS)
        rows = list(table.rows()) if reading.heading_row else []
    except Unreadable as refusal:
        assert refusal.code in REFUSALS
        assert refusal.message.endswith((".", "upload that."))
        return
    numbers = [number for number, _ in rows]
    assert numbers == sorted(set(numbers))
    assert len({len(cells) for _, cells in rows}) <= 1
    sent = msgspec.msgpack.encode(rows)
    assert msgspec.msgpack.decode(sent, type=list[tuple[int, list[Packed]]]) == rows


def _reaches_far(pieces: Callable[[str], object], names: list[str]) -> bool:
    for name in names:
        content = b"".join(pieces(name))  # type: ignore[call-overload]
        if name.endswith(".bin"):
            if any(
                len(record) >= 4 and struct.unpack_from("<I", record)[0] > 5000
                for kind, record in biff12.records(content)
                if kind <= 19
            ):
                return True
        elif _FAR.search(content):
            return True
    return False


_REGISTER = register_of(
    held(), held(invoice_number="77", status="repaid"), held(invoice_number="78", organisation_code="RJ9")
)


def judge_rows(data: bytes) -> None:
    """Never an exception; every row read is accepted, unchanged or rejected, and each finding has a code and words."""
    rows = rows_of(data)
    found = judged(*rows, register=_REGISTER)
    results = [one.result.value for one in found]
    rejected, unchanged = results.count("rejected"), results.count("unchanged")
    accepted = sum(result in {"new", "changed"} for result in results)
    assert len(found) == len(rows) == accepted + unchanged + rejected
    for one in found:
        assert all(finding.code in RULES and finding.message for finding in one.row.findings)
        assert (one.result.value == "rejected") == any(
            finding.severity.value == "rejected" for finding in one.row.findings
        )


def rows_of(data: bytes) -> list[list[Packed]]:
    """At most eight rows: clean ones, each with some cells from the bytes. A cell is a kind, a length and its bytes."""
    rows: list[list[Packed]] = []
    at = 0
    while at + 1 < len(data) and len(rows) < 8:
        changes: dict[str, Packed] = {}
        for _ in range(data[at] % 6):
            if at + 3 >= len(data):
                break
            key, kind, length = KEYS[data[at + 1] % len(KEYS)], data[at + 2], data[at + 3] % 64
            changes[key] = _cell(kind, data[at + 4 : at + 4 + length])
            at += 3 + length
        at += 1
        rows.append([changes.get(key, cell) for key, cell in zip(KEYS, row(), strict=True)])
    return rows


def _cell(kind: int, content: bytes) -> Packed:
    text = content.decode("utf-8", "surrogateescape")
    match kind % 8:
        case 0 | 1:
            return text.replace("\0", "\0t", 1) if text.startswith("\0") else text
        case 2:
            return struct.unpack("<d", content[:8].ljust(8, b"\0"))[0] if content else None
        case 3:
            return int.from_bytes(content[:9], "little", signed=True)
        case 4:
            return (
                DATE
                + f"{1 + int.from_bytes(content[:2], 'little') % 9999:04d}-{1 + (content[2:3] or b'0')[0] % 12:02d}-28"
            )
        case 5:
            return (ERROR + "#N/A", FORMULA, TEXT + text, None)[len(content) % 4]
        case 6:
            return bool(content)
        case _:
            return list(CLEAN.values())[len(content) % 2 + 2]


TARGETS = {"read_file": read_file, "judge_rows": judge_rows}
