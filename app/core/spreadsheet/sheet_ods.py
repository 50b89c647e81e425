"""A second look into the content of an .ods workbook: what calamine gives as nothing or not whole.

Error cells and cells that name no kind of value come out empty, and texts without their tabs and line breaks.
"""

import re
from collections.abc import Iterable

from app.core.spreadsheet.packing import FORMULA, Packed, pack_error, pack_text
from app.core.spreadsheet.refusals import links
from app.core.spreadsheet.second_look import SecondLook
from app.core.spreadsheet.xml_parts import listen, local, named

_TEXT = re.compile(r'"[^"]*"')
# Another document, as ['file:///x.ods'#$Sheet.A1] or [http://x#Sheet.A1]; functions that fetch or run.
_OUTSIDE = re.compile(r"\[\s*'[^']*'\s*#|\[[a-z]+:[^\]]*#|\b(?:DDE|WEBSERVICE|CALL|REGISTER)\s*\(", re.IGNORECASE)
_FETCHED = frozenset(
    {"image", "object", "object-ole", "plugin", "applet", "floating-frame", "fill-image", "background-image"}
)
_ADDRESS = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:|//|\\\\|/|\.\./)", re.IGNORECASE)
_VALUES = frozenset(f"office:{kind}value" for kind in ("", "date-", "time-", "boolean-", "string-"))
_BREAKS = {"tab": "\t", "line-break": "\n"}
_MOST_SPACES = 32_767
_ERROR = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!)|Err:\d{3}")


def second_look(pieces: Iterable[bytes]) -> dict[str, SecondLook]:
    """By sheet. Raises Unreadable when the XML does not hold together (F01) or something reaches outside (F08)."""
    content = _Content()
    listen(pieces, content)
    return content.looks


class _Content:
    def __init__(self) -> None:
        self.looks: dict[str, SecondLook] = {}
        self.look = SecondLook()
        self.row = self.column = 0
        self.row_repeat = 1
        self.cell: dict[str, str] | None = None
        self.shown: list[str] = []
        self.paragraphs = self.depth = self.comment = 0
        self.broken = False  # calamine leaves something out of the text

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name in {"table-cell", "covered-table-cell"}:
            self.cell = attributes
            self.shown, self.paragraphs, self.depth, self.comment = [], 0, 0, 0
            self.broken = False
            if _OUTSIDE.search(_TEXT.sub("", named(attributes, "formula"))):
                raise links()
        elif name in _FETCHED:
            if _ADDRESS.match(named(attributes, "href")):
                raise links()
        elif name == "table-row":
            self.row_repeat = int(named(attributes, "number-rows-repeated") or 1)
            self.column = 0
        elif name == "table":
            self.look = self.looks.setdefault(named(attributes, "name"), SecondLook())
            self.row = 0
        elif name == "annotation":
            self.comment += 1  # a comment is not what the cell shows
        elif self.cell is not None and not self.comment:
            self._within(name, attributes)

    def _within(self, name: str, attributes: dict[str, str]) -> None:
        """What the text of a cell is made of."""
        if name == "p":
            if self.paragraphs:
                self.shown.append("\n")
            self.paragraphs += 1
            self.depth += 1
        elif name == "s":
            self.shown.append(" " * min(int(named(attributes, "c") or 1), _MOST_SPACES))
        elif name in _BREAKS:
            self.shown.append(_BREAKS[name])
            self.broken = True

    def text(self, text: str) -> None:
        if self.depth and not self.comment:
            self.shown.append(text)

    def end(self, name: str) -> None:
        name = local(name)
        if name == "annotation":
            self.comment -= 1
        elif name == "p" and not self.comment:
            self.depth -= 1
        elif name == "table-row":
            self.row += self.row_repeat
        elif name in {"table-cell", "covered-table-cell"} and self.cell is not None:
            repeat = int(named(self.cell, "number-columns-repeated") or 1)
            self._cell(self.cell, repeat)
            self.column += repeat
            self.cell = None

    def _cell(self, cell: dict[str, str], repeat: int) -> None:
        found = self._found(cell, "".join(self.shown))
        if found is None:
            return
        for row in range(self.row, self.row + self.row_repeat):
            for column in range(self.column, self.column + repeat):
                self.look.put(row, column, found)

    def _found(self, cell: dict[str, str], shown: str) -> Packed:
        """What the cell holds where calamine does not tell; None where it does."""
        is_formula, kind = bool(named(cell, "formula")), cell.get("office:value-type", "")
        if cell.get("calcext:value-type") == "error" or (is_formula and _ERROR.fullmatch(shown)):
            return pack_error(shown or "#VALUE!")
        if is_formula and not kind and not self.paragraphs:
            return FORMULA
        if not _VALUES.isdisjoint(cell) or (kind == "string" and not self.broken):
            return None
        return pack_text(shown) or None
