"""Which organisations hold the money: the share of the ten largest."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.debts.models import Debt
from app.reports.report import Asked, Body, Reader, Report
from app.reports.table import Chart, Column, Row, Shape, Table, Unit, Value
from app.return_template.choices import OPEN_STATUSES

LARGEST = 10

_COLUMNS = (
    Column("people", "People", definition="People with at least one open debt at the organisation.", behind="people"),
    Column("debts", "Open debts", definition="Debts outstanding, in an arrangement or defaulted.", behind="people"),
    Column("money", "Outstanding", Unit.MONEY, "What is still owed on the open debts, today.", behind="people"),
    Column("share", "Share", Unit.SHARE, "The organisation’s part of all that is outstanding.", behind="people"),
)


def build(db: Session, reader: Reader, _asked: Asked) -> list[Table]:
    """The ten that hold most, the others together, and the sum. A person who owes two organisations counts at both."""
    found = _open_debts(db, reader)
    money = sum(int(values["money"] or 0) for _, values in found)
    ranked = sorted(found, key=lambda pair: (-int(pair[1]["money"] or 0), pair[0].name))
    rows = [_row(body.name, values, money, body.code) for body, values in ranked[:LARGEST]]
    if others := ranked[LARGEST:]:
        rows.append(_row(f"The other {len(others)}", _summed([values for _, values in others]), money))
    total = _row("All", _summed([values for _, values in ranked]), money)
    chart = Chart(Shape.BARS, ("money",), "What is outstanding at the organisations that hold most", most=LARGEST)
    table = Table(
        "organisations",
        "The ten organisations that hold most",
        "Organisation",
        _COLUMNS,
        tuple(rows),
        total,
        chart=chart,
    )
    return [table]


def _open_debts(db: Session, reader: Reader) -> list[tuple[Body, dict[str, int]]]:
    query = (
        select(
            col(Debt.organisation_code),
            func.count(func.distinct(col(Debt.debtor_id))),
            func.count(),
            func.coalesce(func.sum(col(Debt.amount_outstanding)), 0),
        )
        .where(col(Debt.status).in_(OPEN_STATUSES))
        .group_by(col(Debt.organisation_code))
    )
    bodies = {one.code: one for one in reader.organisations}
    return [
        (bodies[code], {"people": people, "debts": debts, "money": int(money)})
        for code, people, debts, money in db.execute(query)
        if code in bodies
    ]


def _summed(all_values: list[dict[str, int]]) -> dict[str, int]:
    return {key: sum(values[key] for values in all_values) for key in ("people", "debts", "money")}


def _row(name: str, values: dict[str, int], money: int, code: str = "") -> Row:
    shown: dict[str, Value] = {**values, "share": values["money"] / money if money else None}
    return Row(name, shown, code=code)


CONCENTRATION = Report(
    "concentration", "The largest holders of debt", "How much of the money stands at how few organisations?", build
)
