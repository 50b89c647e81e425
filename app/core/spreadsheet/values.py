"""Whether each cell of an .xlsx sheet has one plain value, told quickly from its bytes.

The reader takes the first text of the workbook for a place among the shared texts that is no whole number, breaks a value
off where a comment or the like stands in it, and keeps the last of two. This look only says that there is none of it for
certain; `sheet_xml` takes the exact look at sheets that may have some.
"""

import re

_ODD_SHARED = re.compile(rb't="s"(?![^<>t]*>\s*<v>[0-9]{1,9}</v>)')  # not as every program writes them
_OTHER_SPELLINGS = re.compile(rb"""\st(?:\s|=\s|='|="&)""")
# Found far sooner than the spelling itself; each of these is needed for one.
_ODD_EQUALS = re.compile(rb'=(?:(?<=\s=)|[^"])')
_ODD_MARKS = (b"\n", b"\t", b"\r", b"&#")
_ODD_VALUE = re.compile(rb"<v(?!(?:>[^<&]*</v>| ?/>)\s*</c>)")  # something stands in a value, or comes after it
_MORE = re.compile(rb"</is>\s*<[^/]")  # something comes after a text in the cell itself
_ODD_TEXT = re.compile(rb't="inlineStr"(?![^<>]*(?:/>|>\s*<is[\s/>]))')  # a cell that says it has one, and has not
_BROKEN = re.compile(rb"""<(?:\w+:)?v(?:\s[^<>]*)?>(?:[^<&]*<[!?]|[0-9.eE+-]*&\#[0-9a-fA-FxX]+;[0-9.eE+&\#;-]*<)""")
_END = b"</c>"
_LONGEST, _SEAM = 1 << 20, 1 << 12


class Values:
    """Fed with a sheet's bytes piece by piece."""

    def __init__(self) -> None:
        self._rest = self._before = b""

    def are_plain(self, piece: bytes) -> bool:
        """False when a cell that ends in this piece calls for the exact look."""
        cells = self._taken(piece)
        may_be_odd = _ODD_EQUALS.search(cells) is not None or any(mark in cells for mark in _ODD_MARKS)
        if may_be_odd and _OTHER_SPELLINGS.search(cells):
            return False
        if b"inlineStr" in cells and (_ODD_TEXT.search(cells) or _MORE.search(cells)):
            return False
        return not (len(self._rest) > _LONGEST or _ODD_VALUE.search(cells) or _ODD_SHARED.search(cells))

    def are_broken(self, piece: bytes) -> bool:
        """Whether something stands in the midst of a number, or in any value but its letters: asked of every piece."""
        piece = self._before + piece
        self._before = piece[-_SEAM:]
        may_be = b"!" in piece or b"?" in piece or b"&#" in piece
        return may_be and _BROKEN.search(piece) is not None

    def _taken(self, piece: bytes) -> bytes:
        """What has come until the end of a cell; the rest waits for the next piece."""
        piece = self._rest + piece
        cut = piece.rfind(_END) + len(_END) if _END in piece else 0
        self._rest = piece[cut:]
        return piece[:cut]
