"""Which organisations hold the money: the share of the ten largest, at the end of a month and over the months."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from sqlmodel import Session

from app.reports.lives import lives
from app.reports.report import Asked, Reader, Report
from app.reports.rules.suppression import FEWEST
from app.reports.stock import MonthEnds, Stock
from app.reports.table import Across, Chart, Column, Row, Shape, Table, Unit, Value
from app.reports.tally import Figures

LARGEST = 10
TEN = "The ten largest"  # their sum, which the last month of the trend tells
_OTHERS = {"people": ("The others", "people")}

_COLUMNS = (
    Column("people", "People", definition="Different people with at least one open debt there.", behind="people"),
    Column("debts", "Open debts", definition="Debts outstanding, in an arrangement or defaulted.", behind="people"),
    Column("money", "Outstanding", Unit.MONEY, "What was still owed on the open debts.", behind="people"),
    Column("share", "Share", Unit.SHARE, "The organisation’s part of all that was outstanding.", behind="people"),
)
_TREND = (
    Column("ten", "The ten largest", Unit.MONEY, "Outstanding at the ten organisations that held most at that time.",
           behind="people_ten"),
    Column("others", "The others", Unit.MONEY, "Outstanding at all other organisations.", behind="people_others"),
    Column("money", "Outstanding", Unit.MONEY, "What was still owed on the open debts.", behind="people"),
    Column("share", "Share of the ten", Unit.SHARE, "The ten largest ÷ outstanding.", behind="people_ten",
           out_of="people"),
)  # fmt: skip
_ACROSS = (Across(("people_ten", "people_others"), "people"),)

_Codes = frozenset[str]
_Owed = Mapping[str, list[int]]  # pence by organisation, at every point


def build(db: Session, reader: Reader, asked: Asked) -> list[Table]:
    """The ten that hold most, the others together, and the sum; then the ten largest of each month."""
    ends = MonthEnds(lives(db, reader, asked), len(asked.months))
    named = {body.code: body.name for body in reader.organisations}
    at_end = ends.at_end()
    few = frozenset(code for code in named if not reader.is_exact and at_end.of([code]).people < FEWEST)
    owed = {code: ends.sums([code])[1] for code in named}
    tables = [_largest(at_end, owed, named, asked, few)]
    if len(asked.months) > 1 and len(named) > LARGEST:
        tables.append(_trend(ends, owed, named, asked, few))
    return tables


def _ranked(owed: _Owed, point: int, named: Mapping[str, str], few: _Codes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes of those that held open debts: the ten that held most, in that order, and the others.

    Few people owe at the last: their place among the ten would tell what they owe, and so they stand behind all others.
    """
    held = [code for code in named if owed[code][point]]
    ranked = tuple(sorted(held, key=lambda code: (code in few, -owed[code][point], named[code])))
    return ranked[:LARGEST], ranked[LARGEST:]


def _largest(stock: Stock, owed: _Owed, named: Mapping[str, str], asked: Asked, few: _Codes) -> Table:
    ten, others = _ranked(owed, -1, named, few)
    whole = stock.of(named)
    rows = [replace(_row(named[code], stock.of([code]), whole, code), group=TEN if others else "") for code in ten]
    if others:
        together = _row(f"The other {len(others)}", stock.of(others), whole)
        rows.append(replace(together, same=_OTHERS, is_of_one=len(others) == 1))
    caption = f"The {'ten ' if others else ''}organisations that held most at the end of {asked.last.label}"
    chart = Chart(Shape.BARS, ("money",), "What was outstanding at the organisations that held most", most=LARGEST)
    total = _row("All", whole, whole) if len(rows) > 1 else None
    notes = ("A person who owes several organisations counts once at each of them, and once in the sum.",)
    return Table(
        "organisations", caption, "Organisation", _COLUMNS, tuple(rows), total, chart=chart, notes=notes, ranked=True
    )


def _trend(ends: MonthEnds, owed: _Owed, named: Mapping[str, str], asked: Asked, few: _Codes) -> Table:
    """The ten largest seldom change: each different ten is added up once for all months."""
    over = cache(ends.over)
    rows = []
    for point, month in enumerate(asked.months, start=1):
        ranked = [frozenset(codes) for codes in _ranked(owed, point, named, few)]
        ten, others, whole = (over(codes)[point] for codes in (*ranked, frozenset(named)))
        values: dict[str, Value] = {"ten": ten.pence, "others": others.pence, "money": whole.pence}
        values |= {"people_ten": ten.people, "people_others": others.people, "people": whole.people}
        same = {"people_ten": (TEN, "people"), "people_others": _OTHERS["people"], "people": ("All", "people")}
        share = ten.pence / whole.pence if whole.pence else None
        row = Row(month.label, values | {"share": share}, is_of_one=len(ranked[1]) == 1)
        rows.append(replace(row, same=same) if month == asked.last else row)
    chart = Chart(Shape.LINES, ("share",), "The share of the ten largest at the end of each month")
    return Table("months", "The ten largest over the months", "Month", _TREND, tuple(rows), None, _ACROSS, chart)


def _row(name: str, figures: Figures, whole: Figures, code: str = "") -> Row:
    values: dict[str, Value] = {"people": figures.people, "debts": figures.debts, "money": figures.pence}
    return Row(name, values | {"share": figures.pence / whole.pence if whole.pence else None}, code=code)


CONCENTRATION = Report(
    "concentration", "The largest holders of debt", "How much of the money stands at how few organisations?", build,
    notes=("The figures are those of the register at the end of each month, as it had been told by then.",),
)  # fmt: skip
