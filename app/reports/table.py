"""What a report is made of: tables of named rows and columns with units, and which of them a chart draws. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Unit(StrEnum):
    """How a value is to be read. Money is in pence, a share between 0 and 1."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    SHARE = "share"
    DAYS = "days"


class Hidden(StrEnum):
    """Stands in place of a value that this reader is not shown."""

    FEW = "fewer than 5"
    WITHHELD = "not shown"


Value = int | float | str | None | Hidden  # None where there is nothing to say, such as a share of nothing


@dataclass(frozen=True)
class Column:
    """`behind` is the key of the value that says how many people the figure is about; None for figures about nobody.

    The definition is one sentence: what is counted, and out of what. `adds_up`: the rows come to their sum; not so of
    what was open at the ends of several months.
    """

    key: str
    heading: str
    unit: Unit = Unit.COUNT
    definition: str = ""
    behind: str | None = None
    adds_up: bool = True


@dataclass(frozen=True)
class Row:
    """`group` names the figure that the rows of one group add up to elsewhere, such as their region's. `code` is the
    organisation that the row is about, if it is about one. `same` names the figure where it stands in other tables under
    another name, such as that of all in a row named after the month.
    """

    name: str
    values: Mapping[str, Value]
    group: str = ""
    code: str = ""
    same: str = ""


@dataclass(frozen=True)
class Across:
    """Numbers of people in one row that add up to another of the same row: keys of `behind`."""

    parts: tuple[str, ...]
    whole: str


class Shape(StrEnum):
    LINES = "lines"  # rows are months, one line a column
    BARS = "bars"  # one bar a row, of one column


@dataclass(frozen=True)
class Chart:
    """Which columns are drawn, and what the picture shows in one sentence."""

    shape: Shape
    columns: tuple[str, ...]
    title: str
    most: int = 10  # bars


@dataclass(frozen=True)
class Table:
    """`heading` is that of the first column, which holds the rows' names. `total` is the sum of all rows, if they have one.

    `ranked`: the rows stand in the order of a figure, not of their names.
    """

    key: str
    caption: str
    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    across: tuple[Across, ...] = ()
    chart: Chart | None = None
    notes: tuple[str, ...] = field(default=())
    ranked: bool = False
