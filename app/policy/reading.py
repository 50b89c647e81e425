"""Reading a policy table: CSV lines with the fault named by file, line and what is wrong."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.core.errors import ServiceError

SHIPPED = Path(__file__).parent / "data"


class BrokenTable(ServiceError):
    """A policy table that cannot be used. Nothing is judged with half a policy."""

    title = "A policy table is broken"

    def __init__(self, file: str, line: int | None, wrong: str) -> None:
        where = f"{file}, line {line}" if line else file
        super().__init__(f"The policy table {where}: {wrong}")


@dataclass(frozen=True)
class Line:
    """One line of a table, by column name, with where it stands."""

    file: str
    number: int
    cells: dict[str, str]

    def fault(self, wrong: str) -> BrokenTable:
        return BrokenTable(self.file, self.number, wrong)

    def text(self, column: str) -> str:
        if not (text := self.cells[column]):
            raise self.fault(f"{column} is empty. Fill it in.")
        return text

    def day(self, column: str) -> date:
        return self._day(column, self.text(column))

    def day_or_none(self, column: str) -> date | None:
        text = self.cells[column]
        return self._day(column, text) if text else None

    def _day(self, column: str, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise self.fault(
                f"{column} “{text}” is not a date. Write it as year-month-day, such as 2016-04-06."
            ) from None

    def whole(self, column: str) -> int:
        """A whole number above 0."""
        text = self.text(column)
        if not (text.isascii() and text.isdigit() and int(text) > 0):
            raise self.fault(f"{column} “{text}” is not a whole number above 0.")
        return int(text)

    def choice(self, column: str, among: Iterable[str]) -> str:
        text, allowed = self.text(column), list(among)
        if text not in allowed:
            raise self.fault(f"{column} “{text}” is not one of {', '.join(allowed)}.")
        return text

    def several(self, column: str) -> tuple[str, ...]:
        """Values separated by semicolons; none when the cell is empty."""
        return tuple(part.strip() for part in self.cells[column].split(";") if part.strip())


def read(content: bytes, file: str, columns: Iterable[str]) -> list[Line]:
    """The lines of a table with these columns; others are for people. Raises BrokenTable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BrokenTable(file, None, "it is not UTF-8 text. Save it as CSV UTF-8.") from None
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        headings = [heading.strip() for heading in next(lines, [])]
        if missing := [column for column in columns if column not in headings]:
            raise BrokenTable(file, 1, f"the heading row lacks {', '.join(missing)}.")
        found = [_line(cells, headings, file, lines.line_num) for cells in lines if any(map(str.strip, cells))]
    except csv.Error as error:
        raise BrokenTable(file, lines.line_num, f"it is not CSV ({error}).") from None
    if not found:
        raise BrokenTable(file, None, "it has no lines below the headings.")
    return found


def _line(cells: list[str], headings: list[str], file: str, number: int) -> Line:
    if len(cells) != len(headings):
        raise BrokenTable(file, number, f"it has {len(cells)} cells where the headings have {len(headings)}.")
    return Line(file, number, dict(zip(headings, map(str.strip, cells), strict=True)))
