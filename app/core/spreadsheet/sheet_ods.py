"""A second look into the content of an .ods workbook: error cells, which calamine gives as nothing."""

import re
from collections.abc import Iterable

from app.core.spreadsheet.packing import FORMULA, pack_error
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
        self.paragraphs = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if name in {"table-cell", "covered-table-cell"}:
            self.cell = attributes
            self.shown, self.paragraphs = [], 0
            if _OUTSIDE.search(_TEXT.sub("", named(attributes, "formula"))):
                raise links()
        elif name in _FETCHED:
            if _ADDRESS.match(named(attributes, "href")):
                raise links()
        elif name == "p":
            self.paragraphs += 1
        elif name == "table-row":
            self.row_repeat = int(named(attributes, "number-rows-repeated") or 1)
            self.column = 0
        elif name == "table":
            self.look = self.looks.setdefault(named(attributes, "name"), SecondLook())
            self.row = 0

    def text(self, text: str) -> None:
        if self.cell is not None:
            self.shown.append(text)

    def end(self, name: str) -> None:
        name = local(name)
        if name == "annotation":
            self.shown, self.paragraphs = [], 0  # a comment is not what the cell shows
        elif name == "table-row":
            self.row += self.row_repeat
        elif name in {"table-cell", "covered-table-cell"} and self.cell is not None:
            repeat = int(named(self.cell, "number-columns-repeated") or 1)
            self._cell(self.cell, repeat)
            self.column += repeat
            self.cell = None

    def _cell(self, cell: dict[str, str], repeat: int) -> None:
        shown = "".join(self.shown)
        is_formula = bool(named(cell, "formula"))
        if cell.get("calcext:value-type") == "error" or (is_formula and _ERROR.fullmatch(shown)):
            found = pack_error(shown or "#VALUE!")
        elif is_formula and not named(cell, "value-type") and not self.paragraphs:
            found = FORMULA
        else:
            return
        for row in range(self.row, self.row + self.row_repeat):
            for column in range(self.column, self.column + repeat):
                self.look.put(row, column, found)
