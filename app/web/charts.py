"""Where the lines and bars of a chart stand: a report's table becomes points of a picture. The macro draws them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10

from app.reports.table import Chart, Column, Hidden, Shape, Table, Unit, Value
from app.web.words import money

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 300, 96, 46, 14
BAR, GAP, NAMES = 22, 10, 250  # height of a bar, the space below it, and the room for names
_STEPS = 4
ROUND = 500_000  # pence; amounts in such steps were rounded, and pence would pretend otherwise


@dataclass(frozen=True)
class Mark:
    """A line across the picture with its figure."""

    at: float
    label: str


@dataclass(frozen=True)
class Drawn:
    """One line: its name, its pieces (a gap where a value is hidden or missing) and its points."""

    name: str
    pieces: tuple[str, ...]
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Lines:
    title: str
    description: str
    lines: tuple[Drawn, ...]
    across: tuple[Mark, ...]
    along: tuple[Mark, ...]


@dataclass(frozen=True)
class Bar:
    name: str
    label: str
    width: float
    top: int


@dataclass(frozen=True)
class Bars:
    title: str
    description: str
    bars: tuple[Bar, ...]
    height: int


def picture(table: Table) -> Lines | Bars | None:
    """The chart of a table; none where it has none, or where a single row has nothing to be compared with."""
    chart = table.chart
    if chart is None or len(table.rows) < 2:
        return None
    columns = [column for column in table.columns if column.key in chart.columns]
    return _lines(table, chart, columns) if chart.shape is Shape.LINES else _bars(table, chart, columns[0])


def shown(value: Value, unit: Unit) -> str:
    """A value as people read it; a dash where there is none."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value.value if isinstance(value, Hidden) else value
    if unit is Unit.MONEY:
        return money(int(value)).removesuffix(".00") if value and value % ROUND == 0 else money(int(value))
    if unit is Unit.SHARE:
        return f"{value * 100:.0f}%"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _lines(table: Table, chart: Chart, columns: Sequence[Column]) -> Lines:
    numbers = [
        value for row in table.rows for column in columns if (value := _number(row.values.get(column.key))) is not None
    ]
    highest = 1.0 if columns[0].unit is Unit.SHARE else _round_up(max(numbers, default=0))
    step = (WIDTH - LEFT - 52) / max(len(table.rows) - 1, 1)
    height = HEIGHT - BOTTOM - TOP

    def point(number: int, value: float) -> tuple[float, float]:
        return round(LEFT + 12 + number * step, 1), round(TOP + height * (1 - value / highest), 1)

    drawn = []
    for column in columns:
        values = [_number(row.values.get(column.key)) for row in table.rows]
        points = [point(number, value) if value is not None else None for number, value in enumerate(values)]
        drawn.append(Drawn(column.heading, tuple(_pieces(points)), tuple(one for one in points if one)))
    every = ceil(len(table.rows) / 7)
    along = [
        Mark(point(number, 0)[0], _short(row.name)) for number, row in enumerate(table.rows) if number % every == 0
    ]
    across = [
        Mark(point(0, highest * part / _STEPS)[1], _axis(highest * part / _STEPS, columns[0].unit))
        for part in range(_STEPS + 1)
    ]
    description = f"{', '.join(column.heading for column in columns)}, from {table.rows[0].name} to {table.rows[-1].name}. The figures are in the table."
    return Lines(chart.title, description, tuple(drawn), tuple(across), tuple(along))


def _bars(table: Table, chart: Chart, column: Column) -> Bars:
    rows = table.rows[: chart.most]
    numbers = [_number(row.values.get(column.key)) for row in rows]
    highest = max((number for number in numbers if number is not None), default=0) or 1
    bars = [
        Bar(
            _cut(row.name),
            shown(row.values.get(column.key), column.unit),
            round((number or 0) / highest * 250, 1),
            at * (BAR + GAP),
        )
        for at, (row, number) in enumerate(zip(rows, numbers, strict=True))
    ]
    description = f"{column.heading} of the first {len(rows)} in the table, which holds the figures."
    return Bars(chart.title, description, tuple(bars), len(bars) * (BAR + GAP))


def _number(value: Value) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _pieces(points: Sequence[tuple[float, float] | None]) -> list[str]:
    """The line in runs without a gap, each as the coordinates of a polyline."""
    runs: list[list[str]] = [[]]
    for one in points:
        if one is None:
            runs.append([])
        else:
            runs[-1].append(f"{one[0]},{one[1]}")
    return [" ".join(run) for run in runs if len(run) > 1]


def _round_up(value: float) -> float:
    """The next number that divides well into four: 4, 8, 20, 40, 80 and so on."""
    if value <= 0:
        return _STEPS
    size = 10.0 ** int(log10(value))
    return next(size * step for step in (0.4, 0.8, 1, 2, 4, 6, 8, 10, 20) if size * step >= value)


def _axis(value: float, unit: Unit) -> str:
    if unit is Unit.MONEY:
        pounds = value / 100
        size, ending = (1_000_000, "m") if pounds >= 1_000_000 else (1000, "k") if pounds >= 1000 else (1, "")
        return f"£{pounds / size:,.1f}".removesuffix(".0") + ending
    return shown(value, unit)


def _short(name: str) -> str:
    """October 2026 becomes Oct 2026."""
    month, _, year = name.partition(" ")
    return f"{month[:3]} {year}" if year.isdecimal() else name


def _cut(name: str) -> str:
    return name if len(name) <= 34 else name[:33].rstrip() + "…"
