"""The quick look at the bytes of an .ods workbook's content: whether the reader tells all that stands in its cells.

It leaves out tabs and line breaks within a text, and cells that show a text but name no kind of value.
This look only says that there is none of it for certain; `sheet_ods` takes the exact look.
"""

import re

from app.core.spreadsheet.refusals import damaged

_LEFT_OUT = (b":tab/", b":tab>", b":tab ", b":line-break")
_UNTYPED = re.compile(
    rb"""<table:(?:covered-)?table-cell(?:\s+(?!office:value-type)[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*>"""
)
_ODDLY_TYPED = re.compile(
    rb"""office:value-type\s*=(?!"(?:string"|(?:float|percentage)"\soffice:value="|currency"\soffice:(?:value|currency)=")"""
    rb"""|"(?:date|time|boolean)"\soffice:(?:date|time|boolean)-value=")"""
)
_LONGEST = 1 << 20


class OdsBytes:
    """Fed piece by piece."""

    def __init__(self) -> None:
        self._rest = b""

    def is_plain(self, piece: bytes) -> bool:
        """False when something that ends in this piece calls for the exact look.

        Raises Unreadable (F01) for a marked section (CDATA), which no program writes here and the reader leaves out.
        """
        piece = self._rest + piece
        cut = piece.rfind(b">") + 1
        self._rest = piece[cut:][-_LONGEST:]
        piece = piece[:cut]
        if b"!" in piece and b"<![" in piece:
            raise damaged()
        if any(word in piece for word in _LEFT_OUT):
            return False
        return not _UNTYPED.search(piece) and not _ODDLY_TYPED.search(piece)
