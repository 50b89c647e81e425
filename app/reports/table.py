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
    Where it is a share, `out_of` is the key of how many people stand behind the whole.

    The definition is one sentence: what is counted, and out of what. `adds_up`: the rows come to their sum; not so of
    what was open at the ends of several months.
    """

    key: str
    heading: str
    unit: Unit = Unit.COUNT
    definition: str = ""
    behind: str | None = None
    out_of: str | None = None
    adds_up: bool = True


@dataclass(frozen=True)
class Row:
    """`group` names the figure that the rows of one group add up to elsewhere, such as their region's. `code` is the
    organisation that the row is about, if it is about one.

    Rows of the same name (or code) are one figure, in whatever table of the report. Where a number of people is the same
    figure under another name, `same` says so: by its key, the name of the other row and the key there. `is_of_one`: the row is
    about a single organisation, though it bears another name, such as that of a region in which nobody else has debts.
    """

    name: str
    values: Mapping[str, Value]
    group: str = ""
    code: str = ""
    same: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    is_of_one: bool = False


@dataclass(frozen=True)
class Across:
    """Numbers of people in one row whose figures add up to another of the same row: keys of `behind`.

    `whole` is None where their sum can be read in another report, so that it cannot be hidden in this one.
    """

    parts: tuple[str, ...]
    whole: str | None = None


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
