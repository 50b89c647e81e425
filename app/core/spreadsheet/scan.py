"""Reads every byte of a workbook's parts once: checksums, DTDs, and hints that a sheet needs a second look."""

import re

from app.core.spreadsheet.preflight import READ_ERRORS, Package
from app.core.spreadsheet.refusals import damaged, document_type, links

_OVERLAP = 32
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
_NOT_MARKUP = (".bin", ".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf")
_FORMULA = re.compile(rb"<f[ >/]")
_NO_STRING = re.compile(rb't="s"><v>[^0-9]')
_ODS_LINKS = (b":table-source", b":dde-source", b":cell-range-source", b":event-listener", b":object-ole")


def scan(package: Package) -> None:
    """Raises Unreadable (F01, F08); fills `package.second_look`."""
    sheets = set(package.sheets.values()) if package.kind == "xlsx" else set()
    try:
        for part in package.file.infolist():
            before = b""
            for piece in package.pieces(part.filename):
                if not before:
                    _check_start(package, part.filename, piece, part.filename in sheets)
                _check_piece(package, part.filename, before + piece, part.filename in sheets)
                before = piece[-_OVERLAP:]  # so that no word is missed at the seam
        package.scanned = True
    except READ_ERRORS as error:
        raise damaged() from error


def _check_start(package: Package, part: str, piece: bytes, is_sheet: bool) -> None:
    if piece.startswith(_UTF16):
        raise damaged()  # spreadsheet programs write UTF-8; the tests for words below would see nothing
    if is_sheet and b"<sheetData" not in piece:
        package.second_look.add(part)  # with prefixes the quick tests below may not see everything


def _check_piece(package: Package, part: str, piece: bytes, is_sheet: bool) -> None:
    if b"!" in piece and (b"<!D" in piece or b"<!d" in piece or b"<!E" in piece) and not part.endswith(_NOT_MARKUP):
        raise document_type()
    if package.kind == "ods" and part == "content.xml":
        if any(word in piece for word in _ODS_LINKS):
            raise links()
        if b"error" in piece or b":formula" in piece:
            package.second_look.add(part)
    elif is_sheet and _NO_STRING.search(piece):
        raise damaged()  # calamine would take the first text of the workbook
    elif is_sheet and part not in package.second_look and _needs_second_look(piece):
        package.second_look.add(part)


def _needs_second_look(piece: bytes) -> bool:
    """Quick tests; a false alarm only costs time. Every error's name holds a #, which is found sooner than its type."""
    if b"#" in piece and (b't="e"' in piece or b"t='e'" in piece):
        return True
    return _FORMULA.search(piece) is not None
