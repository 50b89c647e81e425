"""Open debts by the age of their invoice at the end of a month."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import case
from sqlmodel import Session, col

from app.core.months import months_later
from app.debts.models import Debt
from app.reports import places
from app.reports.lives import persons
from app.reports.places import Place
from app.reports.report import Asked, Reader, Report
from app.reports.stock import details_then, standing
from app.reports.table import Across, Chart, Column, Row, Shape, Table, Unit, Value
from app.reports.tally import Figures, Tally, together
from app.return_template.choices import OPEN_STATUSES

MONTHS = (3, 6, 12, 24, 72)  # where one age ends and the next begins
BANDS = ("Under 3 months", "3 to 6 months", "6 to 12 months", "1 to 2 years", "2 to 6 years", "6 years and over")

_COLUMNS = (
    Column("people", "People", definition="Different people with an open debt of that age.", behind="people"),
    Column("debts", "Open debts", definition="Debts outstanding, in an arrangement or defaulted.", behind="people"),
    Column("money", "Outstanding", Unit.MONEY, "What was still owed on the open debts.", behind="people"),
    Column("share", "Share", Unit.SHARE, "The age’s part of all that was outstanding.", behind="people"),
)
_MEASURES = (
    ("people", "People with open debts, by region and age", Unit.COUNT),
    ("debts", "Open debts, by region and age", Unit.COUNT),
    ("money", "Outstanding, by region and age", Unit.MONEY),
)
_Tallies = dict[tuple[str, int], Tally]


def build(db: Session, reader: Reader, asked: Asked) -> list[Table]:
    """Ages, then regions by age where there is more than one region."""
    tallies = _tallies(db, reader, asked)
    total = _row(tallies, places.everywhere(reader))
    tables = [_ages(total, asked)]
    if len(regions := places.regions(reader)) > 1:
        rows = [row for row in (_row(tallies, region) for region in regions) if row.values["debts"]]
        tables += [_by_region(key, caption, unit, rows, total) for key, caption, unit in _MEASURES]
    return tables


def _tallies(db: Session, reader: Reader, asked: Asked) -> _Tallies:
    """By organisation and age."""
    joined, tallies = persons(db), defaultdict[tuple[str, int], Tally](Tally)
    then, begins = details_then(db, reader, asked.last), _begins(reader, asked)
    age_now = case(*((col(Debt.invoice_date) > day, age) for age, day in enumerate(begins)), else_=len(begins))
    for code, debtor, status, pence, id_, age in standing(db, reader, asked.last, col(Debt.id), age_now):
        if status in OPEN_STATUSES:
            invoiced_on = then.get(id_, {}).get("invoice_date")
            tallies[code, age if invoiced_on is None else _age(invoiced_on, begins)].add(
                joined.get(debtor, debtor), pence
            )
    return tallies


def _begins(reader: Reader, asked: Asked) -> list[date]:
    """After which day an invoice is so young, at the month's end or today if the month has not ended: youngest first."""
    end = min(asked.last.last_day, reader.today)
    return [months_later(end, -months) for months in MONTHS]


def _age(invoiced_on: date, begins: Sequence[date]) -> int:
    """The number of the age's name."""
    return next((age for age, day in enumerate(begins) if invoiced_on > day), len(begins))


def _row(tallies: _Tallies, place: Place) -> Row:
    by_age = [_at(tallies, place.codes, (age,)) for age in range(len(BANDS))]
    values = _values(_at(tallies, place.codes, range(len(BANDS))))
    for age, figures in enumerate(by_age):
        values |= {f"{key}_{age}": value for key, value in _values(figures).items()}
    return Row(place.name, values, is_of_one=len({code for code, _ in tallies if code in place.codes}) == 1)


def _at(tallies: _Tallies, codes: Iterable[str], ages: Iterable[int]) -> Figures:
    wanted = list(ages)
    return together(tallies[code, age] for code in codes for age in wanted if (code, age) in tallies)


def _values(figures: Figures) -> dict[str, Value]:
    return {"people": figures.people, "debts": figures.debts, "money": figures.pence}


def _ages(total: Row, asked: Asked) -> Table:
    money = int(total.values["money"] or 0)
    rows = []
    for age, name in enumerate(BANDS):
        values: dict[str, Value] = {key: total.values[f"{key}_{age}"] for key in ("people", "debts", "money")}
        values["share"] = int(values["money"] or 0) / money if money else None
        rows.append(Row(name, values, same={"people": (total.name, f"people_{age}")}))
    whole = Row(total.name, {**total.values, "share": 1.0 if money else None})
    return Table(
        "ages", f"Open debts at the end of {asked.last.label}", "Age of the invoice", _COLUMNS,
        tuple(rows) if money else (), whole if money else None,
        chart=Chart(Shape.BARS, ("money",), "What was outstanding, by the age of the invoice"),
        notes=("People with invoices of several ages count once at each of them, and once in the sum.",),
    )  # fmt: skip


def _by_region(key: str, caption: str, unit: Unit, rows: list[Row], total: Row) -> Table:
    by_age = [Column(f"{key}_{age}", name, unit, behind=f"people_{age}") for age, name in enumerate(BANDS)]
    columns = (*by_age, Column(key, "All ages", unit, behind="people"))
    across = Across(tuple(f"people_{age}" for age in range(len(BANDS))), "people")
    return Table(f"regions-{key}", caption, "Region", columns, tuple(rows), total, (across,))


AGEING = Report(
    "ageing", "The age of debts", "How long have people owed what they owe?", build,
    notes=(
        "The age of a debt runs from the date of its invoice to the last day of the chosen month, or to today in the "
        "present month. A debt of exactly 3 months is 3 to 6 months old, and so on.",
        "Which debts were open, and how much was owed, is what the register had been told by the end of the month.",
    ),
)  # fmt: skip
