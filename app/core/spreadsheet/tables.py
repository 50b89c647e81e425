"""Finds the return's table in a workbook: which sheet, which row holds the headings, which rows hold data."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

from app.core.spreadsheet.headings import heading_key
from app.core.spreadsheet.packing import Packed, as_text, is_blank, is_tagged
from app.core.spreadsheet.refusals import not_a_spreadsheet, too_large, too_many_rows
from app.core.spreadsheet.result import Limits, Reading

_HEADING_ROWS = 10
_RETURN, _ABOUT = "return", "about"
_ABOUT_ROWS = 200_000
_STRETCH, _FAR = 10, 100_000  # rows among blank ones that are worth counting

Row = tuple[int, list[Packed]]


class Grid(Protocol):
    """One worksheet: every row from the first, each as wide as the table."""

    @property
    def name(self) -> str: ...
    @property
    def height(self) -> int: ...
    @property
    def width(self) -> int: ...
    def rows(self) -> Iterator[list[Packed]]: ...


class Table:
    """A worksheet with its heading row (from 1; 0 when none of its first rows holds a heading we know)."""

    def __init__(self, grid: Grid, known: frozenset[str]) -> None:
        self.grid = grid
        self.heading_row, self.found, self.headings = 0, 0, []
        for number, row in enumerate(islice(grid.rows(), _HEADING_ROWS), 1):
            found = len({heading_key(cell) for cell in row if isinstance(cell, str)} & known)
            if found > self.found:
                self.heading_row, self.found, self.headings = number, found, row
            elif not self.headings and sum(is_word(cell) for cell in row) > 1:
                self.headings = row
        self.is_return = grid.name.strip().casefold() == _RETURN

    def rows(self) -> Iterator[Row]:
        """The rows below the headings that hold anything."""
        for number, row in enumerate(islice(self.grid.rows(), self.heading_row, None), self.heading_row + 1):
            if row.count(None) < len(row) and not all(map(is_blank, row)):
                yield number, row

    def has_data(self) -> bool:
        return self.heading_row > 0 and next(self.rows(), None) is not None


def is_word(cell: Packed) -> bool:
    return isinstance(cell, str) and not is_tagged(cell) and not is_blank(cell)


def find(kind: str, grids: Sequence[Grid], known: frozenset[str], limits: Limits) -> tuple[Reading, Table]:
    """The reading but for its rows, and the table they come from. Raises Unreadable (F01, F04)."""
    tables = [Table(grid, known) for grid in grids if grid.name.strip().casefold() != _ABOUT]
    if not tables:
        raise not_a_spreadsheet("a workbook without a worksheet")
    whole = [table for table in tables if 2 * table.found >= len(known) and table.has_data()]
    chosen = max(whole or tables, key=lambda table: (table.is_return and table.found > 0, table.found))
    rival = next((table.grid.name for table in whole if table is not chosen), None)
    _check_size(chosen, limits)
    return (
        Reading(kind, chosen.grid.name, chosen.heading_row, chosen.headings, about=_about(grids), rival=rival),
        chosen,
    )


def _check_size(table: Table, limits: Limits) -> None:
    if not table.heading_row:
        return
    grid = table.grid
    rows = grid.height - table.heading_row
    if rows > max(_STRETCH * limits.max_rows, _FAR):
        raise too_large(
            f"The sheet {grid.name} reaches down to row {grid.height:,}; {limits.max_rows:,} rows are taken."
        )
    if rows > limits.max_rows:
        rows = sum(1 for _ in table.rows())
        if rows > limits.max_rows:
            raise too_many_rows(grid.name, rows, limits.max_rows)
    if rows * grid.width > limits.cells:
        raise too_large(f"The sheet {grid.name} is {grid.width:,} columns wide.")


def _about(grids: Sequence[Grid]) -> dict[str, str]:
    """The sheet About, hidden or not, as the first column's words and the second's."""
    for grid in grids:
        if grid.name.strip().casefold() == _ABOUT:
            rows = islice(grid.rows(), _ABOUT_ROWS)
            return {as_text(row[0]).strip(): as_text(row[1]) for row in rows if len(row) > 1 and is_word(row[0])}
    return {}
