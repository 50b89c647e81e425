"""The board pack: a month on a few pages, put together from the protected tables of the reports. A list says from which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.errors import NotFound
from app.periods.calendar import Period
from app.reports import service
from app.reports.catalogue import BY_SLUG
from app.reports.report import Asked, Report
from app.reports.table import Column, Row, Shape, Table, Unit, Value


@dataclass(frozen=True)
class Part:
    """One table of a report: these columns of it (all, if none are named), and at most so many rows from top or end."""

    heading: str
    slug: str
    table: str
    columns: tuple[str, ...] = ()
    first: int = 0
    last: int = 0


@dataclass(frozen=True)
class Figure:
    """A number of the month at the head of the pack: the row (the month’s, if none is named) and column of a table."""

    words: str
    slug: str
    table: str
    column: str
    row: str = ""


PARTS = (
    Part("Returns by month", "submission-rates", "months", ("owed", "received", "rate", "on_time_rate"), last=6),
    Part("Open debts by status, at the end of the month", "debt-by-status", "statuses"),
    Part("What was outstanding at the end of each month", "debt-by-status", "months", last=6),
    Part("Recovery, where most was invoiced in 12 months", "recovery", "organisations", first=5),
    Part("The organisations that held most at the end of the month", "concentration", "organisations"),
    Part("Why rows went back in 12 months: the most frequent reasons", "rejection-reasons", "by_rule", first=5),
    Part("Disputes by month", "disputes", "by_month", last=6),
)
MOVED = ("movements", (("months-debts", "debts"), ("months-people", "people"), ("months-money", "money")))
FIGURES = (
    Figure("of the returns owed were received", "submission-rates", "months", "rate"),
    Figure("were received on time", "submission-rates", "months", "on_time_rate"),
    Figure("open debts", "debt-by-status", "months", "debts"),
    Figure("outstanding", "debt-by-status", "months", "money"),
    Figure("of it at the ten largest holders", "concentration", "months", "share"),
    Figure("new", "movements", "months-money", "money_new"),
    Figure("repaid", "movements", "months-money", "money_repaid"),
    Figure("of the rows were sent back", "rejection-reasons", "by_month", "share"),
)


@dataclass(frozen=True)
class Shown:
    """One section: the report it comes from, what of its table is printed, and the whole of which its chart is drawn."""

    report: Report
    table: Table
    charted: Table


@dataclass(frozen=True)
class Pack:
    """`figures` are values with their units and words; `before` the same of the month before, where there is one."""

    asked: Asked
    figures: Sequence[tuple[Value, Value, Unit, str]]
    sections: Sequence[Shown]
    missing: Sequence[str]

    @property
    def definitions(self) -> list[tuple[str, list[Column]]]:
        """Of each table, what its columns mean; what an earlier table has said is not said again."""
        said: set[tuple[str, str]] = set()
        found = []
        for shown in self.sections:
            new = [one for one in shown.table.columns if one.definition and (one.heading, one.definition) not in said]
            said |= {(one.heading, one.definition) for one in new}
            found.append((shown.table.caption, new))
        return [pair for pair in found if pair[1]]

    @property
    def notes(self) -> list[str]:
        return list(dict.fromkeys(note for shown in self.sections for note in shown.report.notes))


_Tables = Mapping[tuple[str, str], Table]


def pack(db: Session, actor: Actor, month: Period) -> Pack:
    """Raises NotFound (404) for whoever does not see all organisations, Refused (422) for a month that has not ended."""
    if actor.scope(Permission.REPORT_READ) is not None:
        raise NotFound
    asked = service.asked_protected(month)
    wanted = dict.fromkeys((*(part.slug for part in PARTS), *(one.slug for one in FIGURES), MOVED[0]))
    reads = [service.read_protected(db, actor, slug, asked) for slug in wanted if slug in BY_SLUG]
    tables = {(read.report.slug, table.key): table for read in reads for table in read.tables}
    sections, missing = [], []
    for part in PARTS:
        table = tables.get((part.slug, part.table))
        if table is None or not table.rows:
            missing.append(part.heading)
        else:
            cut = _cut(table, part)
            is_trend = table.chart is not None and table.chart.shape is Shape.LINES
            sections.append(Shown(BY_SLUG[part.slug], cut, table if is_trend else cut))
    if (moved := _moved(tables, asked)) is not None:
        sections.insert(3, Shown(BY_SLUG[MOVED[0]], moved, moved))
    else:
        missing.append("Movements of the month")
    return Pack(asked, list(_figures(tables, asked)), sections, missing)


def _cut(table: Table, part: Part) -> Table:
    rows = table.rows[: part.first] if part.first else table.rows[-part.last :]
    columns = tuple(one for one in table.columns if not part.columns or one.key in part.columns)
    return replace(table, caption=part.heading, rows=rows, columns=columns)


def _figures(tables: _Tables, asked: Asked) -> Iterable[tuple[Value, Value, Unit, str]]:
    for one in FIGURES:
        table = tables.get((one.slug, one.table))
        column = next((each for each in table.columns if each.key == one.column), None) if table else None
        if table is None or column is None:
            continue
        rows = {row.name: row.values.get(one.column) for row in table.rows}
        value = rows.get(one.row or asked.last.label)
        if value is not None:
            yield value, rows.get(asked.last.previous().label), column.unit, one.words


def _moved(tables: _Tables, asked: Asked) -> Table | None:
    """The month’s movements one below the other, with debts, people and money beside each other."""
    slug, measures = MOVED
    found = [(name, tables[slug, key]) for key, name in measures if (slug, key) in tables]
    of = {name: next((row for row in table.rows if row.name == asked.last.label), None) for name, table in found}
    if not found or None in of.values():
        return None
    columns = [Column(name, name.capitalize(), table.columns[0].unit) for name, table in found]
    rows: dict[str, dict[str, Value]] = {}
    for name, table in found:
        row = of[name]
        for column in table.columns:
            rows.setdefault(column.heading, {})[name] = row.values.get(column.key) if row else None
    made = tuple(Row(heading, values) for heading, values in rows.items())
    return Table("movements", f"Movements in {asked.last.label}", "Movement", tuple(columns), made)
