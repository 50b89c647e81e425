"""From the lines of a release back to cells: what the kept rows of every return say of an invoice, read and judged again."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlmodel import Session, col, or_, select

from app.core import clock
from app.debts.models import Debt, DebtEvent
from app.debts.posting import UNDONE
from app.periods.calendar import Period
from app.policy.in_force import policy_in_force
from app.releases.lines import Line
from app.return_template.columns import COLUMNS
from app.returns import parts
from app.returns.assessing import context_for
from app.returns.models import Return
from app.returns.parsing import parse
from app.returns.parts import KeptRow
from tests.returns.conftest import Trust, at

LEAVING = tuple(column.key for column in COLUMNS if column.leaves)

Said = dict[str, set[Any]]  # by column key


def said_by(sent: Return, kept: Iterable[KeptRow]) -> list[dict[str, Any]]:
    """What the cells of kept rows of one return say, of all columns that may leave."""
    period = Period.parse(sent.period)
    context = context_for(policy_in_force(), sent.period, period.last_day, clock.today())
    read = parse([(each.number, each.cells) for each in kept], {}, context)
    return [{key: getattr(each, key) for key in LEAVING} for each in read]


def all_said(db: Session) -> dict[str, Said]:
    """By invoice number, each value that a cell of a taken row ever gave, or a person: on the debt's page, or by taking a
    return back, which withdraws what it reported first.
    """
    found: dict[str, Said] = defaultdict(lambda: defaultdict(set))
    for sent in db.exec(select(Return)):
        for said in said_by(sent, parts.rows(db, sent.id, parts.ACCEPTED).rows):
            for key, value in said.items():
                found[said["invoice_number"]][key].add(value)
    query = (
        select(DebtEvent, Debt.invoice_number)
        .join(Debt)
        .where(or_(col(DebtEvent.return_id).is_(None), col(DebtEvent.kind) == UNDONE))
    )
    for event, number in db.exec(query):
        given = {key: after for key, (_, after) in (event.particulars or {}).items()}
        if event.status is not None:
            given |= {key: getattr(event, key) for key in ("status", "status_date", "amount_outstanding")}
        for key, value in given.items():
            found[number][key].add(value)
    return found


def check_traced(trust: Trust, lines: Iterable[Line]) -> None:
    """Each line names a taken row about its invoice, and says nothing that nobody said of it."""
    with trust.database.reading() as db, at("2026-11-22"):
        everything = all_said(db)
        for line in lines:
            sent = db.get(Return, line.return_id)
            assert sent is not None and sent.reference == line.values["return_reference"]
            (kept,) = [each for each in parts.rows(db, sent.id, parts.ACCEPTED).rows if each.number == line.row]
            assert kept.debt_id in {line.debt_id, None}
            (its_row,) = said_by(sent, [kept])
            assert its_row["invoice_number"] == line.values["invoice_number"]
            said = everything[line.values["invoice_number"]]
            made_up = {key for key in LEAVING if line.values[key] not in said[key]}
            assert not made_up, (line.reference, made_up)
