"""Small numbers: what is hidden from readers who may not see single people's debts, so that subtraction tells nothing.

A figure about 1 to 4 people is hidden. Where figures add up to one that is shown, in whichever table of the report, those
hidden must be two at least and about 5 people at least; else the smallest of the others is hidden too, and when none is left,
the sum. What remains is rounded. What this promises and what not: docs/decisions/0028-small-numbers.md.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from app.reports.rules.rounding import OF_MANY, OF_ONE, Rounding, rounded
from app.reports.rules.solving import told
from app.reports.table import Column, Hidden, Row, Table, Value

FEWEST = 5  # people
_TOTAL = -1  # the number of the row of sums

Cell = tuple[str, str]  # a number of people: whose row it stands in, and its key


@dataclass(frozen=True)
class _Line:
    """Cells that add up to another. `whole` is None when the sum stands in another report and cannot be hidden here."""

    parts: tuple[Cell, ...]
    whole: Cell | None

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (*self.parts, self.whole) if self.whole else self.parts


def protected(table: Table) -> Table:
    """The table as somebody sees it who may not be told about fewer than 5 people."""
    return protected_together([table])[0]


def protected_together(tables: Sequence[Table]) -> list[Table]:
    """The tables of one report: what is hidden cannot be worked out from any of them."""
    people: dict[Cell, int] = {}
    for table in tables:
        for row in _rows(table):
            for cell, count in _people(table, row):
                people[cell] = min(count, people.get(cell, count))
    hidden = _hidden(people, [line for table in tables for line in _lines(table, people)])
    return [_table(table, hidden) for table in tables]


def without_people(tables: Sequence[Table]) -> list[Table]:
    """The tables with the figures about nobody alone, without those tables that have none."""
    found = []
    for table in tables:
        columns = tuple(column for column in table.columns if column.behind is None)
        chart = table.chart if table.chart and {*table.chart.columns} <= {column.key for column in columns} else None
        if columns:
            found.append(_table(replace(table, columns=columns, across=(), chart=chart), set()))
    return found


def _rows(table: Table) -> Iterator[Row]:
    yield from table.rows
    if table.total:
        yield table.total


def _keys(column: Column) -> list[str]:
    return [key for key in (column.behind, column.out_of) if key]


def _people(table: Table, row: Row) -> Iterator[tuple[Cell, int]]:
    for column in table.columns:
        for key in _keys(column):
            count = row.values.get(key)
            assert isinstance(count, int), f"{table.key}: {row.name} does not say how many people {key} is"
            yield _cell(row, key), count


def _cell(row: Row, key: str) -> Cell:
    """The same for the same figure in whatever table."""
    return row.same.get(key, (row.code or row.name, key))


def _lines(table: Table, people: Mapping[Cell, int]) -> Iterator[_Line]:
    groups = dict.fromkeys(row.group for row in table.rows if row.group)
    for key in dict.fromkeys(key for column in table.columns if column.adds_up for key in _keys(column)):
        if table.total:
            yield _line((_cell(row, key) for row in table.rows), _cell(table.total, key))
        for group in groups:
            parts = [_cell(row, key) for row in table.rows if row.group == group]
            yield _line(parts, (group, key) if (group, key) in people else None)
    keys = {key for column in table.columns for key in _keys(column)}
    for row in _rows(table):
        for across in table.across:
            whole = _cell(row, across.whole) if across.whole and across.whole in keys else None
            yield _line((_cell(row, key) for key in across.parts if key in keys), whole)


def _line(parts: Iterable[Cell], whole: Cell | None) -> _Line:
    """Where a part is the sum itself, such as Wales as the one region of Wales, nothing adds up."""
    found = tuple(dict.fromkeys(parts))
    return _Line((), None) if whole in found else _Line(found, whole)


def _hidden(people: Mapping[Cell, int], lines: Sequence[_Line]) -> set[Cell]:
    hidden = {cell for cell, count in people.items() if 0 < count < FEWEST}
    while True:
        _cover_all(lines, people, hidden)
        equations = [_equation(line, hidden) for line in lines if line.whole or not _is_told(line, people, hidden)]
        sums = {line.whole for line in lines if line.whole in hidden and hidden.issuperset(_somebody(line, people))}
        found = told(equations, {cell: people[cell] for cell in hidden}, sums, FEWEST)
        if not found or (more := _nearest_shown(found, lines, people, hidden)) is None:
            return hidden
        hidden.add(more)


def _equation(line: _Line, hidden: set[Cell]) -> dict[Cell, int]:
    factors = {cell: 1 for cell in line.parts if cell in hidden}
    if line.whole in hidden and line.whole is not None:
        factors[line.whole] = factors.get(line.whole, 0) - 1
    return factors


def _cover_all(lines: Sequence[_Line], people: Mapping[Cell, int], hidden: set[Cell]) -> None:
    before = -1
    while len(hidden) != before:
        before = len(hidden)
        for line in lines:
            while _is_told(line, people, hidden) and (more := _smallest_shown([line], people, hidden)):
                hidden.add(more)


def _is_told(line: _Line, people: Mapping[Cell, int], hidden: set[Cell]) -> bool:
    """Whether what is hidden of the line follows from what is shown of it, for fewer than 5 people or for one cell."""
    away = [cell for cell in line.cells if cell in hidden]
    if len(away) < 2:
        return len(away) == 1
    if line.whole in hidden:
        return False
    shown = sum(people[cell] for cell in line.parts if cell not in hidden)
    # Somebody may stand in several cells. Whoever stands in none of those shown stands in those hidden.
    sure = people[line.whole] - shown if line.whole else sum(people[cell] for cell in away)
    return max(sure, *(people[cell] for cell in away)) < FEWEST


def _somebody(line: _Line, people: Mapping[Cell, int]) -> Iterator[Cell]:
    return (cell for cell in line.parts if people[cell])


def _nearest_shown(
    found: set[Cell], lines: Sequence[_Line], people: Mapping[Cell, int], hidden: set[Cell]
) -> Cell | None:
    """The smallest shown figure of the sums that these cells stand in; if there is none, of the sums next to those."""
    while True:
        near = [line for line in lines if not found.isdisjoint(line.cells)]
        if more := _smallest_shown(near, people, hidden):
            return more
        wider = found | {cell for line in near for cell in line.cells if cell in hidden}
        if wider == found:
            return None
        found = wider


def _smallest_shown(lines: Sequence[_Line], people: Mapping[Cell, int], hidden: set[Cell]) -> Cell | None:
    for cells in ([cell for line in lines for cell in line.parts], [line.whole for line in lines if line.whole]):
        if left := [cell for cell in cells if cell not in hidden and people[cell]]:
            return min(left, key=lambda cell: (people[cell], cell))
    return None


def _table(table: Table, hidden: set[Cell]) -> Table:
    rows = [_shown(table, row, hidden) for row in table.rows]
    if table.ranked:  # the place of a row between two others would tell what it does not say
        rows.sort(key=lambda row: (True, row.name) if _has_hidden(row) else (False, ""))
    total = _shown(table, table.total, hidden) if table.total else None
    return replace(table, rows=tuple(rows), total=total)


def _has_hidden(row: Row) -> bool:
    return any(isinstance(value, Hidden) for value in row.values.values())


def _shown(table: Table, row: Row, hidden: set[Cell]) -> Row:
    """Only what the columns show: numbers of people that merely stand behind figures do not leave."""
    to = OF_ONE if row.code or row.is_of_one else OF_MANY
    values = {
        column.key: _value(column, row, to, any(_cell(row, key) in hidden for key in _keys(column)))
        for column in table.columns
        if column.key in row.values
    }
    return replace(row, values=values)


def _value(column: Column, row: Row, to: Rounding, is_hidden: bool) -> Value:
    """A figure about nobody stays as it is."""
    value = row.values[column.key]
    if is_hidden:
        few = column.key == column.behind and isinstance(value, int) and value < FEWEST
        return Hidden.FEW if few else Hidden.WITHHELD
    if column.behind is None or not isinstance(value, int | float):
        return value
    return rounded(value, column.unit, to)
