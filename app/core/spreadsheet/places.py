"""Whether the rows and cells of an .xlsx sheet stand in order, told quickly from its bytes.

A row that stands twice would be lost without a word: the reader keeps one of the two. This look only says that a sheet
is in order for certain; `sheet_xml` takes the exact look at those that may not be.
"""

import itertools
import re

_ADDRESSES = re.compile(rb'<(?:row|c)(?: r="([A-Z]{0,2}[0-9]{1,7})")?')  # as programs write them; of others empty
_ROWS = re.compile(rb'<row r="([0-9]+)"')
_LAST_ROW = 1_048_576
_LETTERS = bytes(range(ord("A"), ord("Z") + 1))
_OTHER_ELEMENTS = (b"<col", b"<con", b"<cf", b"<cu")  # those that begin like a cell, in honest sheets
_OTHER_SPELLINGS = re.compile(rb":(?:c[\s/>]|row)")
_OTHER_ENDS = re.compile(rb">(?<=\s>)")  # a tag that ends so is not found by its end
_BREAKS = (b"\n", b"\t", b"\r")  # mostly there are none, which is found at once
_LONGEST_TAG = 1 << 16


class Places:
    """Fed with a sheet's bytes piece by piece."""

    def __init__(self) -> None:
        self._rest = b""
        self._row = b"0"
        self._cells: list[bytes] = []  # of the row that the last piece ended in

    def in_order(self, piece: bytes) -> bool:
        """False when something in this piece calls for the exact look."""
        piece = self._rest + piece
        cut = piece.rfind(b">") + 1
        self._rest = piece[cut:]
        if len(self._rest) > _LONGEST_TAG:
            return False
        return self._is_in_order(piece[:cut])

    def _is_in_order(self, piece: bytes) -> bool:
        found: list[bytes] = _ADDRESSES.findall(piece)
        if others := found.count(b""):
            if others != sum(map(piece.count, _OTHER_ELEMENTS)):
                return False
            found = [address for address in found if address]
        if _OTHER_SPELLINGS.search(piece) or (b"!" in piece and b"<!" in piece):
            return False
        if b" >" in piece or (any(mark in piece for mark in _BREAKS) and _OTHER_ENDS.search(piece)):
            return False
        rows: list[bytes] = _ROWS.findall(piece)
        numbers = [int(self._row), *map(int, rows)]
        if numbers[-1] > _LAST_ROW or any(later <= earlier for earlier, later in itertools.pairwise(numbers)):
            return False
        addresses = self._cells + found
        if len(set(addresses)) != len(addresses):
            return False
        last = self._row
        if rows:
            last = rows[-1]
            self._cells = found[len(found) - found[::-1].index(last) :]
        else:
            self._cells = addresses
        among = {self._row, *rows}
        self._row = last
        return among.issuperset(b" ".join(found).translate(None, _LETTERS).split())
