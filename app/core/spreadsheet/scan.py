"""Reads every byte of a workbook's parts once: checksums, DTDs, encodings, counts, and hints that a sheet needs a second
look.
"""

import re
from collections import Counter

from app.core.spreadsheet.ods_bytes import OdsBytes
from app.core.spreadsheet.preflight import READ_ERRORS, Package
from app.core.spreadsheet.refusals import damaged, document_type, links, other_encoding, too_large, twice
from app.core.spreadsheet.sheet_bytes import SheetBytes

_OVERLAP = 32
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_NOT_MARKUP = (".bin", ".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf")
_ENCODING = re.compile(rb"""\A(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)""")
_ENCODINGS = {b"utf-8", b"utf8", b"us-ascii", b"ascii"}
_FORMULA = re.compile(rb"[<:]f[\s>/]")
_BEGINNINGS = (b"<f", b":f")  # found in a third of the time
_ERROR_CELL = re.compile(rb"""\bt\s*=\s*["'](?:e["']|&)""")
_ODS_LINKS = (b":table-source", b":dde-source", b":cell-range-source", b":event-listener", b":object-ole")
_ODS_LOOK = (b"error", b":formula", b":href")
# What a part may hold of each, and the words for it: far more than any return needs, far less than stops a reader.
_IN_SHEETS = {b"<mergeCell ": (10_000, "merged ranges"), b"<dataValidation ": (10_000, "data validations")}
_ELSEWHERE = {
    b"<xf ": (70_000, "cell formats"),
    b"<si>": (2_000_000, "texts"),
    b"<definedName ": (10_000, "defined names"),
}
_ONCE = (b"<sst", b"<cellXfs")  # a reader takes the first of two and forgets the other
# Told from each other by their places in a list, so nothing foreign may stand among them, nor a choice, of which a
# spreadsheet program takes one and a reader both.
_LISTED = re.compile(rb"<(si|xf)[\s/>]")
_AMONG_THEM = re.compile(rb"<(?:[\w.-]+:(si|xf)|(?:[\w.-]+:)?(AlternateContent))[\s/>]")
_MARKS = (b":si", b":xf", b"AlternateContent")  # mostly there are none, which is found sooner


def scan(package: Package) -> None:
    """Raises Unreadable (F01, F04, F08); fills `package.second_look`."""
    try:
        for part in package.file.infolist():
            _scan_part(package, part.filename)
        package.scanned = True
    except READ_ERRORS as error:
        raise damaged() from error


def _scan_part(package: Package, part: str) -> None:
    before, counts = b"", Counter[bytes]()
    sheet = SheetBytes() if package.kind == "xlsx" and part in package.sheets.values() else None
    cells = OdsBytes() if package.kind == "ods" and part == "content.xml" else None
    for piece in package.pieces(part):
        if not before:
            _check_start(package, part, piece, sheet is not None)
        _check_piece(package, part, before + piece, sheet is not None)
        if package.kind == "xlsx":
            _count(counts, piece, _ELSEWHERE if sheet is None else _IN_SHEETS)
            if sheet is None:
                _look_among_listed(counts, before + piece)
        if sheet is not None:
            sheet.check(piece)
            if part not in package.second_look and not sheet.is_plain(piece):
                package.second_look.add(part)
        elif cells is not None and not cells.is_plain(piece):
            package.second_look.add(part)
        before = piece[-_OVERLAP:]  # so that no word is missed at the seam


def _check_start(package: Package, part: str, piece: bytes, is_sheet: bool) -> None:
    if piece.startswith(_UTF16):
        raise other_encoding()  # the tests for words below would see nothing
    if (declared := _ENCODING.match(piece)) and declared[1].lower() not in _ENCODINGS:
        raise other_encoding()
    if is_sheet and b"<sheetData" not in piece:
        package.second_look.add(part)  # with prefixes the quick tests below may not see everything


def _check_piece(package: Package, part: str, piece: bytes, is_sheet: bool) -> None:
    if b"!" in piece and (b"<!D" in piece or b"<!d" in piece or b"<!E" in piece) and not part.endswith(_NOT_MARKUP):
        raise document_type()
    if package.kind == "ods" and part == "content.xml":
        if any(word in piece for word in _ODS_LINKS):
            raise links()
        if any(word in piece for word in _ODS_LOOK):
            package.second_look.add(part)
    elif is_sheet and part not in package.second_look and _needs_second_look(piece):
        package.second_look.add(part)


def _count(counts: Counter[bytes], piece: bytes, limits: dict[bytes, tuple[int, str]]) -> None:
    for element, (most, words) in limits.items():
        counts[element] += piece.count(element)
        if counts[element] > most:
            raise too_large(f"The workbook holds more than {most:,} {words}, more than is safe to open.")
    if limits is _ELSEWHERE:
        for element in _ONCE:
            counts[element] += piece.count(element)
            if counts[element] > 1:
                raise twice()


def _look_among_listed(counts: Counter[bytes], piece: bytes) -> None:
    """Lists whose elements all carry a prefix are as good as those where none does; a mixture is refused."""
    if found := _LISTED.search(piece):
        counts[found[1]] = 1
    if any(mark in piece for mark in _MARKS):
        for prefixed, choice in _AMONG_THEM.findall(piece):
            counts[b":" + prefixed if prefixed else choice] = 1
    for element in (b"si", b"xf"):
        kinds = [bool(counts[name]) for name in (element, b":" + element)]
        if all(kinds) or (any(kinds) and counts[b"AlternateContent"]):
            raise twice()


def _needs_second_look(piece: bytes) -> bool:
    """Quick tests; a false alarm only costs time. Nearly every error's name holds a #, which is found sooner than its type."""
    if b't="e"' in piece or (b"#" in piece and _ERROR_CELL.search(piece)):
        return True
    return any(word in piece for word in _BEGINNINGS) and _FORMULA.search(piece) is not None
