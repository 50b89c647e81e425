"""Open debts by status: at the end of a month by place, over the months, and what is in question about them today."""

from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import Session

from app.reports import marks, places
from app.reports.lives import lives
from app.reports.places import Place
from app.reports.report import Asked, Reader, Report
from app.reports.stock import MonthEnds, Stock
from app.reports.table import Across, Chart, Column, Row, Shape, Table, Unit, Value
from app.reports.tally import Figures
from app.return_template.choices import OPEN_STATUSES, Status

OPEN = tuple(status for status in Status if status in OPEN_STATUSES)
ENDED = tuple(status for status in Status if status not in OPEN_STATUSES)

_SUMS = (
    Column("people", "People", definition="Different people with at least one open debt.", behind="people"),
    Column("debts", "Open debts", definition="Debts outstanding, in an arrangement or defaulted.", behind="people"),
    Column("money", "Outstanding", Unit.MONEY, "What was still owed on the open debts.", behind="people"),
)
_SHARE = Column("share", "Share", Unit.SHARE, "The status’s part of all that was outstanding.", behind="people")
_SHORT = {
    Status.OUTSTANDING: "Debt outstanding",
    Status.ARRANGEMENT: "In arrangement",
    Status.DEFAULTED: "Defaulted",
}
_BY_STATUS = tuple(
    column
    for status in OPEN
    for column in (
        Column(f"debts_{status}", f"{_SHORT[status]}: debts", behind=f"people_{status}"),
        Column(f"money_{status}", f"{_SHORT[status]}: owed", Unit.MONEY, behind=f"people_{status}"),
    )
)
_ACROSS = (Across(tuple(f"people_{status}" for status in OPEN), "people"),)


def build(db: Session, reader: Reader, asked: Asked) -> list[Table]:
    """Statuses first, then months, then places from large to small where there is more than one. Empty tables are left out."""
    ends = MonthEnds(lives(db, reader, asked), len(asked.months))
    whole = places.everywhere(reader)
    at_end = ends.at_end()
    total = _row(whole.name, _figures(at_end, whole))
    tables = [_statuses(total, asked), _ended(at_end, whole)]
    if len(asked.months) > 1:
        tables += _months(ends, whole, asked)
    for key, caption, heading, found in (
        ("nations", "By nation", "Nation", places.nations(reader)),
        ("regions", "By region", "Region", places.regions(reader)),
        ("organisations", "By organisation", "Organisation", places.organisations(reader)),
    ):
        if len(found) > 1:
            tables.append(_places(key, caption, heading, at_end, found, total))
    if reader.is_exact:  # it is of today, and two days could be subtracted
        tables.append(marks.table(db, reader))
    first, *others = tables
    return [first, *(table for table in others if table.rows)]


def _statuses(total: Row, asked: Asked) -> Table:
    money = total.values["money"]
    rows = tuple(
        Row(
            status.label,
            {key: total.values[f"{key}_{status}"] for key in ("people", "debts", "money")}
            | {"share": _share(total.values[f"money_{status}"], money)},
            same={"people": (total.name, f"people_{status}")},
        )
        for status in OPEN
    )
    all_open = Row(
        "All open debts", {**total.values, "share": _share(money, money)}, same={"people": (total.name, "people")}
    )
    return Table(
        "statuses", f"Open debts at the end of {asked.last.label}", "Status", (*_SUMS, _SHARE),
        rows if money else (), all_open if money else None,
        chart=Chart(Shape.BARS, ("money",), "What was outstanding, by status"),
        notes=("People with debts of several statuses count once at each of them, and once in the sum.",),
    )  # fmt: skip


def _share(part: Value, whole: Value) -> float | None:
    return int(part) / int(whole) if part is not None and whole else None


def _ended(at_end: Stock, whole: Place) -> Table:
    columns = (
        Column("people", "People", definition="Different people with at least one such debt.", behind="people"),
        Column("debts", "Debts", definition="All that had ended so by then and are still kept.", behind="people"),
    )
    found = [(status.label, at_end.of(whole.codes, (status,))) for status in ENDED]
    rows = tuple(Row(label, {"people": one.people, "debts": one.debts}) for label, one in found if one.debts)
    return Table("ended", "Debts that had ended by then", "Status", columns, rows)


def _months(ends: MonthEnds, whole: Place, asked: Asked) -> list[Table]:
    """Twice the same months: all that is open, and each status."""
    sums = ends.over(whole.codes)
    by_status = {status: ends.over(whole.codes, (status,)) for status in OPEN}
    rows = []
    for point, month in enumerate(asked.months, start=1):
        each = {status: by_status[status][point] for status in OPEN}
        row = _row(month.label, (sums[point], each))
        rows.append(_the_last(row) if month == asked.last else row)
    every, split = (
        "What was outstanding at the end of each month",
        "Open debts at the end of each month, by status",
    )
    numbers = tuple(f"debts_{status}" for status in OPEN)
    return [
        Table("months", every, "Month", _SUMS, tuple(rows), chart=Chart(Shape.LINES, ("money",), every)),
        Table("months-by-status", split, "Month", _BY_STATUS, tuple(rows), across=_ACROSS,
              chart=Chart(Shape.LINES, numbers, split)),
    ]  # fmt: skip


def _the_last(row: Row) -> Row:
    """The last month's figures are those of all places together."""
    keys = ("people", *(f"people_{status}" for status in OPEN))
    return Row(row.name, row.values, same={key: ("All", key) for key in keys})


def _places(key: str, caption: str, heading: str, at_end: Stock, found: Iterable[Place], total: Row) -> Table:
    rows = [
        replace(_row(place.name, _figures(at_end, place), place), is_of_one=at_end.is_of_one(place.codes))
        for place in found
    ]
    return Table(
        key, caption, heading, (*_SUMS, *_BY_STATUS), tuple(row for row in rows if row.values["debts"]), total, _ACROSS,
        notes=("Without those that had no open debt.",) if key == "organisations" else (),
    )  # fmt: skip


def _figures(at_end: Stock, place: Place) -> tuple[Figures, dict[Status, Figures]]:
    return at_end.of(place.codes), {status: at_end.of(place.codes, (status,)) for status in OPEN}


def _row(name: str, figures: tuple[Figures, dict[Status, Figures]], place: Place | None = None) -> Row:
    whole, by_status = figures
    values: dict[str, Value] = {"people": whole.people, "debts": whole.debts, "money": whole.pence}
    for status, one in by_status.items():
        values |= {f"people_{status}": one.people, f"debts_{status}": one.debts, f"money_{status}": one.pence}
    return Row(name, values, place.group, place.code) if place else Row(name, values)


DEBT_BY_STATUS = Report(
    "debt-by-status", "Debts by status", "How much is owed, by how many people, and where do the debts stand?", build,
    notes=(
        "A month’s figures are those of the register at its end, as it had been told by then. What arrives later for that "
        "month changes the month in which it arrives. The present month stands as it is now.",
        "People are counted as the register groups them today.",
        "Debts that are no longer kept are left out of past months too.",
    ),
)  # fmt: skip
