"""What is in question about open debts today: held, disputed, not confirmed. Of past months none of this is known."""

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.debts import queries
from app.debts.models import Debt, Debtor
from app.policy.in_force import policy_in_force
from app.reports.lives import of_reader
from app.reports.report import Reader
from app.reports.table import Column, Row, Table, Unit
from app.reports.tally import Figures
from app.return_template.choices import OPEN_STATUSES

_COLUMNS = (
    Column("people", "People", definition="Different people with at least one such debt.", behind="people"),
    Column("debts", "Open debts", definition="Open debts so marked; one debt may have several marks.", behind="people"),
    Column("money", "Outstanding", Unit.MONEY, "What is owed on them.", behind="people"),
)


def table(db: Session, reader: Reader) -> Table:
    policy = policy_in_force()
    heard_since = queries.confirmed_since(policy, reader.today)
    marks: list[tuple[str, Any]] = [
        ("On hold", col(Debt.held)),
        ("Disputed", col(Debt.disputed)),
        (f"Not confirmed by its trust for {policy.numbers.unconfirmed_after_months} months",
         col(Debt.confirmed_on) < heard_since),
    ]  # fmt: skip
    found = [(name, _counted(db, reader, mark)) for name, mark in marks]
    rows = tuple(
        Row(name, {"people": one.people, "debts": one.debts, "money": one.pence}) for name, one in found if one.debts
    )
    notes = ("As things stand today, whichever month was chosen.",)
    return Table("marks", "In question today", "Mark", _COLUMNS, rows, notes=notes)


def _counted(db: Session, reader: Reader, mark: Any) -> Figures:
    what = (
        func.count(), func.coalesce(func.sum(col(Debt.amount_outstanding)), 0), func.count(col(Debtor.root_id).distinct()),
    )  # fmt: skip
    query = select(*what).select_from(Debt).join(Debtor, col(Debtor.id) == col(Debt.debtor_id))
    debts, pence, people = db.execute(query.where(of_reader(reader), mark, col(Debt.status).in_(OPEN_STATUSES))).one()
    return Figures(debts, int(pence), people)
