"""Small numbers: what is hidden from readers who may not see single people's debts, so that subtraction tells nothing.

A figure about 1 to 4 people is hidden. Where figures add up to another, those hidden among them must be two at least and
about 5 people at least together; else the smallest of the others is hidden too, and when none is left, the sum. A figure
that stands in several tables of one report is hidden in all of them or in none.
What remains is rounded, so that neither two months nor two reports can be subtracted from each other.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.reports.table import Column, Hidden, Row, Table, Unit, Value

FEWEST = 5  # people
TO_COUNT, TO_PENCE, TO_SHARE = 5, 500_000, 2  # rounded to the nearest 5, £5,000 and whole per cent (2 decimals)

Cell = tuple[str, str]  # a number of people: whose row it stands in, and its key


@dataclass(frozen=True)
class _Line:
    """Cells that add up to another."""

    parts: tuple[Cell, ...]
    whole: Cell | None  # None: the sum stands in another report and cannot be hidden here

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.parts if self.whole is None else (*self.parts, self.whole)


def protected(table: Table) -> Table:
    """The table as somebody sees it who may not be told about fewer than 5 people."""
    return protected_together([table])[0]


def protected_together(tables: Sequence[Table]) -> list[Table]:
    """The tables of one report: what one of them hides cannot be worked out from the others."""
    people: dict[Cell, int] = {}
    for table in tables:
        for row in _rows(table):
            for cell, count in _people(table, row):
                people[cell] = min(count, people.get(cell, count))
    hidden = _hidden(people, [line for table in tables for line in _lines(table, people)])
    return [_without(table, hidden) for table in tables]


def _without(table: Table, hidden: set[Cell]) -> Table:
    rows = tuple(_shown(table, row, hidden) for row in table.rows)
    return replace(table, rows=rows, total=_shown(table, table.total, hidden) if table.total else None)


def _rows(table: Table) -> Iterator[Row]:
    yield from table.rows
    if table.total:
        yield table.total


def _keys(table: Table) -> list[str]:
    return list(dict.fromkeys(key for column in table.columns for key in (column.behind, column.out_of) if key))


def _cell(row: Row, key: str) -> Cell:
    return row.same.get(key, (row.code or row.name, key))


def _people(table: Table, row: Row) -> Iterator[tuple[Cell, int]]:
    for key in _keys(table):
        count = row.values.get(key)
        assert isinstance(count, int), f"{table.key}: {row.name} does not say how many people {key} is"
        yield _cell(row, key), count


def _lines(table: Table, people: Mapping[Cell, int]) -> Iterator[_Line]:
    groups = dict.fromkeys(row.group for row in table.rows if row.group)
    for key in _keys(table):
        if table.total:
            yield _line([_cell(row, key) for row in table.rows], _cell(table.total, key))
        for group in groups:
            whole = (group, key) if (group, key) in people else None
            yield _line([_cell(row, key) for row in table.rows if row.group == group], whole)
    for row in _rows(table):
        for across in table.across:
            whole = _cell(row, across.whole) if across.whole else None
            parts = [cell for key in across.parts if (cell := _cell(row, key)) in people]
            yield _line(parts, whole if whole in people else None)


def _line(parts: Iterable[Cell], whole: Cell | None) -> _Line:
    return _Line(tuple(dict.fromkeys(part for part in parts if part != whole)), whole)


def _hidden(people: Mapping[Cell, int], lines: Iterable[_Line]) -> set[Cell]:
    hidden = {cell for cell, count in people.items() if 0 < count < FEWEST}
    lines, before = list(lines), -1
    while len(hidden) != before:
        before = len(hidden)
        for line in lines:
            _cover(line, people, hidden)
    return hidden


def _cover(line: _Line, people: Mapping[Cell, int], hidden: set[Cell]) -> None:
    """Hides more of the line until what is hidden of it cannot be told from the rest of it."""
    while away := [cell for cell in line.cells if cell in hidden]:
        if len(away) > 1 and sum(people[cell] for cell in away) >= FEWEST:
            return
        left = [cell for cell in line.parts if cell not in hidden and people[cell]]
        if not left:
            hidden.update(line.cells[len(line.parts) :])
            return
        hidden.add(min(left, key=lambda cell: (people[cell], cell)))


def _shown(table: Table, row: Row, hidden: set[Cell]) -> Row:
    """Only what the columns show: numbers of people that merely stand behind figures do not leave."""
    values = {}
    for column in (column for column in table.columns if column.key in row.values):
        value, keys = row.values[column.key], [key for key in (column.behind, column.out_of) if key]
        away = any(_cell(row, key) in hidden for key in keys)
        values[column.key] = _value(column, value, row, away) if keys else value
    return replace(row, values=values)


def _value(column: Column, value: Value, row: Row, is_hidden: bool) -> Value:
    if is_hidden:
        people = row.values[column.behind or ""]
        few = column.unit is Unit.COUNT and isinstance(people, int) and people < FEWEST
        return Hidden.FEW if few and isinstance(value, int) and value < FEWEST else Hidden.WITHHELD
    if not isinstance(value, int | float):
        return value
    match column.unit:
        case Unit.COUNT:
            return _to_nearest(int(value), TO_COUNT)
        case Unit.MONEY:
            return _to_nearest(int(value), TO_PENCE)
        case Unit.SHARE:
            return round(value, TO_SHARE)
        case _:
            return round(value)


def _to_nearest(value: int, step: int) -> int:
    return (value + step // 2) // step * step
