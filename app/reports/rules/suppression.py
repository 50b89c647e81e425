"""Small numbers: what is hidden from readers who may not see single people's debts, so that subtraction tells nothing.

A figure about 1 to 4 people is hidden. Where figures add up to one that is shown, those hidden must be two at least and
about 5 people at least together; else the smallest of the others is hidden too, and when none is left, the sum.
What remains is rounded, so that neither two months nor two reports can be subtracted from each other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from app.reports.table import Column, Hidden, Row, Table, Unit, Value

FEWEST = 5  # people
TO_COUNT, TO_PENCE, TO_SHARE = 5, 500_000, 2  # rounded to the nearest 5, £5,000 and whole per cent (2 decimals)
_TOTAL = -1  # the number of the row of sums

Cell = tuple[int, str]  # the number of a row, and the key of a number of people


@dataclass(frozen=True)
class _Line:
    """Cells that add up to another."""

    parts: tuple[Cell, ...]
    whole: Cell | None  # None: the sum stands in another table and cannot be hidden here


def protected(table: Table) -> Table:
    """The table as somebody sees it who may not be told about fewer than 5 people."""
    people = {(number, key): count for number, row in _rows(table) for key, count in _people(table, row)}
    hidden = _hidden(people, list(_lines(table, people)))
    rows = tuple(_shown(table, row, number, hidden) for number, row in enumerate(table.rows))
    total = _shown(table, table.total, _TOTAL, hidden) if table.total else None
    return replace(table, rows=rows, total=total)


def _rows(table: Table) -> Iterator[tuple[int, Row]]:
    yield from enumerate(table.rows)
    if table.total:
        yield _TOTAL, table.total


def _keys(table: Table) -> list[str]:
    return list(dict.fromkeys(column.behind for column in table.columns if column.behind))


def _people(table: Table, row: Row) -> Iterator[tuple[str, int]]:
    for key in _keys(table):
        count = row.values.get(key)
        assert isinstance(count, int), f"{table.key}: {row.name} does not say how many people {key} is"
        yield key, count


def _lines(table: Table, people: Mapping[Cell, int]) -> Iterator[_Line]:
    groups = dict.fromkeys(row.group for row in table.rows if row.group)
    for key in _keys(table):
        if table.total:
            yield _Line(tuple((number, key) for number in range(len(table.rows))), (_TOTAL, key))
        for group in groups:
            yield _Line(tuple((number, key) for number, row in enumerate(table.rows) if row.group == group), None)
    for number, _ in _rows(table):
        for across in table.across:
            parts = tuple((number, key) for key in across.parts if (number, key) in people)
            yield _Line(parts, (number, across.whole) if (number, across.whole) in people else None)


def _hidden(people: Mapping[Cell, int], lines: Iterable[_Line]) -> set[Cell]:
    hidden = {cell for cell, count in people.items() if 0 < count < FEWEST}
    lines, before = list(lines), -1
    while len(hidden) != before:
        before = len(hidden)
        for line in lines:
            _cover(line, people, hidden)
    return hidden


def _cover(line: _Line, people: Mapping[Cell, int], hidden: set[Cell]) -> None:
    """Hides more of the line until what is hidden of it cannot be told from its sum."""
    if line.whole in hidden:
        return
    while away := [cell for cell in line.parts if cell in hidden]:
        if len(away) > 1 and sum(people[cell] for cell in away) >= FEWEST:
            return
        left = [cell for cell in line.parts if cell not in hidden and people[cell]]
        if left:
            hidden.add(min(left, key=lambda cell: (people[cell], cell)))
            continue
        if line.whole:
            hidden.add(line.whole)
        return


def _shown(table: Table, row: Row, number: int, hidden: set[Cell]) -> Row:
    behind = {column.key: column for column in table.columns if column.behind}
    values = {
        key: _value(behind[key], value, row, (number, behind[key].behind or "") in hidden) if key in behind else value
        for key, value in row.values.items()
        if key in {column.key for column in table.columns}
    }
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
