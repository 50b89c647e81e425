"""The quick look at the bytes of an .xlsx sheet: whether one table of rows, in order, with plain values, stands in it."""

import re

from app.core.spreadsheet.places import Places
from app.core.spreadsheet.refusals import damaged
from app.core.spreadsheet.values import Values

_TABLE, _CHOICE = b"sheetData", b"AlternateContent"
_CELL = re.compile(rb"[<:]c[\s>]")
_WHOLE = 2  # its start and its end


class SheetBytes:
    """Fed piece by piece."""

    def __init__(self) -> None:
        self._places, self._values = Places(), Values()
        self._seam = b""
        self._named = 0

    def check(self, piece: bytes) -> None:
        """Raises Unreadable (F01) for a value that would be broken off."""
        if self._values.are_broken(piece):
            raise damaged()

    def is_plain(self, piece: bytes) -> bool:
        """False when something calls for the exact look; not to be asked again then."""
        if _CHOICE in piece:
            return False
        return self._one_table(piece) and self._places.in_order(piece) and self._values.are_plain(piece)

    def _one_table(self, piece: bytes) -> bool:
        """Whether the table's name stands twice at most and no cell outside it."""
        piece = self._seam + piece
        self._seam = piece[1 - len(_TABLE) :]
        before, found = self._named, piece.count(_TABLE)
        self._named += found
        outside = piece[: piece.find(_TABLE)] if found and not before else b"" if before == 1 else piece
        if found and self._named >= _WHOLE:
            outside += piece[piece.rfind(_TABLE) :]
        return self._named <= _WHOLE and not _CELL.search(outside)
