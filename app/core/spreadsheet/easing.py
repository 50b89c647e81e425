"""Makes a copy of an .xlsx workbook without what trips calamine though it harms nobody.

Errors that are younger than calamine (#SPILL!) become #VALUE! in the copy: the second look gives the row its true word.
A sheet's claim of how far it reaches is left out: nobody believes it anyway.
"""

import re
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from app.core.spreadsheet.preflight import Package

_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\b[^<>]*/>|<(\w+:)?dimension\b[^<>]*></(?:\w+:)?dimension>")
_ERROR = re.compile(
    rb"""(<(?:\w+:)?c\b[^<>]*\bt\s*=\s*["']e["'][^<>]*>"""  # a cell that says it holds an error,
    rb"""(?:<(?:\w+:)?f\b[^<>]*/>|<(?:\w+:)?f\b[^<>]*>[^<]*</(?:\w+:)?f>)?"""  # after its formula if it has one,
    rb"""<(?:\w+:)?v\b[^<>]*>)[^<]*"""  # and the error's name
)


def eased(package: Package) -> bytes | None:
    """The copy; None when there is nothing of the kind in the workbook."""
    changed = {}
    for part in package.sheets.values():
        content = b"".join(package.pieces(part))
        easier = _ERROR.sub(rb"\1#VALUE!", _DIMENSION.sub(b"", content))
        if easier != content:
            changed[part] = easier
    if not changed:
        return None
    copy = BytesIO()
    with ZipFile(copy, "w", ZIP_STORED) as file:
        for part in package.file.namelist():
            file.writestr(part, changed[part] if part in changed else b"".join(package.pieces(part)))
    return copy.getvalue()
