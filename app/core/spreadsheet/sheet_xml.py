"""A second look into the XML of an .xlsx sheet: errors, formulas without a value, numbers that are no real date."""

import re
from collections.abc import Iterable, Iterator

from app.core.spreadsheet.packing import FORMULA, pack_error
from app.core.spreadsheet.refusals import damaged, links, twice, two_in_one_place
from app.core.spreadsheet.second_look import SecondLook
from app.core.spreadsheet.xml_parts import listen, local

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_PLACE_IN_LIST = re.compile("[0-9]{1,9}")
_LAST_ROW, _LONGEST = 1_048_576, 1 << 20
_TEXT = re.compile(r'"[^"]*"')
# DDE; another workbook, as [1]Sheet!A1 or '[x.xlsx]My sheet'!A1; functions that fetch or run.
_OUTSIDE = re.compile(
    r"\|[^!]*!|\[[^\[\]']+\][\w.]*!|'[^'\[]*\[[^\]']+\][^']*'!|\b(?:WEBSERVICE|RTD|CALL|REGISTER|EXEC|IMAGE)\s*\(",
    re.IGNORECASE,
)


def second_look(pieces: Iterable[bytes]) -> SecondLook:
    """Raises Unreadable when the XML does not hold together (F01) or a formula reaches outside (F08)."""
    sheet = _Sheet()
    listen(_uncut(pieces), sheet, whole_texts=False)
    return sheet.look


def _uncut(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, each piece up to the end of a tag: no text is cut, unless it is longer than a cell's can be."""
    rest = b""
    for piece in pieces:
        joined = rest + piece
        cut = joined.rfind(b">") + 1 or (len(joined) if len(joined) > _LONGEST else 0)
        rest = joined[cut:]
        yield joined[:cut]
    yield rest


class _Sheet:
    def __init__(self) -> None:
        self.look = SecondLook()
        self.row = self.column = self.row_before = -1
        self.cell_before = (-1, -1)
        self.type: str | None = None
        self.value: list[str] | None = None  # text of the element that is being read, if it is one we want
        self.formula: str | None = None
        self.shown = ""
        self.values = self.tables = 0
        self.inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if self.value is not None or (name == "AlternateContent" and self.inside):
            raise damaged()  # inside a value, or one of two of which a spreadsheet program takes but one
        if name == "c":
            if self.tables != 1 or not self.inside:
                raise twice()  # a cell outside the table of rows
            self.values = 0
            self._place(attributes.get("r"))
            self.type, self.formula, self.shown = attributes.get("t"), None, ""
        elif name in {"v", "f", "is"} and self.column >= 0:
            self.value = [] if name != "is" else None
            self.values += name != "f"
            if name == "v" and self.type == "inlineStr":
                raise damaged()  # calamine reads nothing there
            if self.values > 1:
                raise two_in_one_place()
        elif name == "row":
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
            if self.row >= _LAST_ROW:
                raise damaged()  # calamine would put it at another row
            if self.row <= self.row_before:
                raise two_in_one_place()
            self.row_before = self.row
        elif name == "sheetData":
            self.tables, self.inside = self.tables + 1, True

    def _place(self, address: str | None) -> None:
        """Where the cell stands. Raises Unreadable (F01) unless that is after the cell before it."""
        if address is None:
            self.column += 1
        elif (match := _ADDRESS.fullmatch(address)) is None:
            raise damaged()
        else:
            self.row, self.column = int(match[2]) - 1, column_number(match[1])
        if self.row >= _LAST_ROW:
            raise damaged()
        if (self.row, self.column) <= self.cell_before:
            raise two_in_one_place()
        self.cell_before = (self.row, self.column)

    def text(self, text: str) -> None:
        if self.value is not None:
            self.value.append(text)

    def end(self, name: str) -> None:
        name = local(name)
        if name == "v" and self.value is not None:
            if self.type != "str" and sum(map(bool, map(str.strip, self.value))) > 1:
                raise damaged()  # a reference stands in it: calamine breaks the value off there
            self.shown, self.value = "".join(self.value), None
        elif name == "f" and self.value is not None:
            self.formula, self.value = "".join(self.value), None
        elif name == "c":
            self._cell()
        elif name == "sheetData":
            self.inside = False

    def _cell(self) -> None:
        if self.formula is not None and _OUTSIDE.search(_TEXT.sub("", self.formula)):
            raise links()
        if self.type == "s" and self.shown and not _PLACE_IN_LIST.fullmatch(self.shown):
            raise damaged()  # calamine would take the first text of the workbook
        if self.type == "e":
            self.look.put(self.row, self.column, pack_error(self.shown.strip() or "#VALUE!"))
        elif self.formula is not None and not self.shown and self.type != "str":
            self.look.put(self.row, self.column, FORMULA)
        elif self.type in {None, "n"} and self.shown:
            try:
                self.look.number(self.row, self.column, float(self.shown))
            except ValueError:
                return


def column_number(letters: str) -> int:
    """A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
