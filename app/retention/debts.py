"""Debts that have ended: their particulars, history and cells go, their lines in the feed lose the person, counts stay."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlmodel import Session, col

from app.core import clock
from app.core.db import among, take_turns
from app.debts import forgetting
from app.debts.models import Debt, DebtEvent, Hold, WarningsIndexEvent
from app.debts.rules.holding import HoldKind
from app.organisations import service as organisations
from app.policy.retention import Kept
from app.retention import cells
from app.retention.limits import Limits
from app.retention.models import PurgedDebts
from app.retention.stage import BATCH, Due, Stage, counted
from app.return_template.choices import Status

# What goes with its debt, by the column that names the debt.
GONE_WITH_THE_DEBT: tuple[Any, ...] = (DebtEvent.debt_id, Hold.debt_id)
_TERMS = {Status.REPAID: Kept.REPAID_DEBT, Status.WITHDRAWN: Kept.WITHDRAWN_DEBT}
_NO_PERSON = {
    "family_name": None, "given_names": None, "date_of_birth": None, "nationality": None, "passport_number": None,
    "reference": "", "invoice_number": "",
}  # fmt: skip
_ENDED_ON = func.coalesce(col(Debt.status_date), col(Debt.as_at))


@dataclass(frozen=True)
class Obstacle:
    """Why a debt stays although its time is over, in words that follow “kept, because”."""

    words: str
    stands: Any


_STANDING = exists().where(col(Hold.debt_id) == col(Debt.id), col(Hold.lifted_at).is_(None))
_UNTOLD = exists().where(
    col(WarningsIndexEvent.debt_id) == col(Debt.id), col(WarningsIndexEvent.acknowledged_at).is_(None)
)
# A rule's hold is no obstacle: once a debt has ended there is nothing left to answer, and nobody would ever end the hold.
OBSTACLES = (
    Obstacle("somebody disputes it or holds it", _STANDING.where(col(Hold.kind) != HoldKind.RULE.value)),
    Obstacle("the Warnings Index still shows it", col(Debt.flagged)),
    Obstacle("the Warnings Index has not acknowledged that it was taken off", and_(~col(Debt.flagged), _UNTOLD)),
)


def over(limits: Limits) -> ColumnElement[bool]:
    """Repaid or withdrawn long enough ago, and without any event since."""
    return or_(
        *(
            and_(
                col(Debt.status) == status.value,
                limits.day(kind) >= _ENDED_ON,
                col(Debt.changed_at) < limits.instant(kind),
            )
            for status, kind in _TERMS.items()
        )
    )


def due(limits: Limits) -> ColumnElement[bool]:
    return and_(over(limits), *(~obstacle.stands for obstacle in OBSTACLES))


def kept_back(db: Session, limits: Limits) -> dict[str, int]:
    """How many debts stay although their time is over, by the reason in words."""
    counts = {
        obstacle.words: db.execute(select(func.count()).where(over(limits), obstacle.stands)).scalar_one()
        for obstacle in OBSTACLES
    }
    return {words: number for words, number in counts.items() if number}


def look(db: Session, limits: Limits) -> Due:
    return counted(db, _ENDED_ON, due(limits))


def step(db: Session, limits: Limits) -> int:
    """Some of one organisation's debts at a time, so that nobody waits long for their turn at the register."""
    code = db.execute(select(col(Debt.organisation_code)).where(due(limits)).limit(1)).scalar_one_or_none()
    if code is None:
        return 0
    relatives = organisations.relatives(db, code, clock.today())
    take_turns(db, [*relatives, "register"])
    query = select(Debt).where(col(Debt.organisation_code) == code, due(limits)).order_by(col(Debt.id)).limit(BATCH)
    debts = db.execute(query).scalars().all()
    if debts:
        _purge(db, debts, relatives)
    return len(debts)


def _purge(db: Session, debts: Sequence[Debt], relatives: Sequence[str]) -> None:
    ids, debtors = [debt.id for debt in debts], {debt.debtor_id for debt in debts}
    cells.forget(db, relatives, _midnight(debts), set(ids))
    _count(db, debts)
    db.expunge_all()
    connection = db.connection()
    for column in GONE_WITH_THE_DEBT:
        connection.execute(delete(column.class_).where(among(db, column, ids)))
    lines = update(WarningsIndexEvent).where(among(db, col(WarningsIndexEvent.debt_id), ids))
    connection.execute(lines.values(**_NO_PERSON))
    connection.execute(delete(Debt).where(among(db, col(Debt.id), ids)))
    forgetting.forget_debtors(db, debtors)


def _midnight(debts: Sequence[Debt]) -> datetime:
    """The beginning of the day on which the first of them was reported."""
    return datetime.combine(min(debt.first_reported_on for debt in debts), time(), clock.UK)


def _count(db: Session, debts: Sequence[Debt]) -> None:
    """Adds them to the numbers that stay, by the month in which they ended."""
    numbers: Counter[tuple[str, str, str]] = Counter()
    pence: Counter[tuple[str, str, str]] = Counter()
    for debt in debts:
        key = (debt.organisation_code, f"{debt.status_date or debt.as_at:%Y-%m}", debt.status)
        numbers[key] += 1
        pence[key] += debt.invoice_amount
    for key, number in numbers.items():
        row = db.get(PurgedDebts, key) or PurgedDebts(
            organisation_code=key[0], month=key[1], status=key[2], number=0, pence=0
        )
        row.number, row.pence = row.number + number, row.pence + pence[key]
        db.add(row)
    db.flush()


DEBTS = Stage("debts", "debts that have ended, with their history", ("debts",), look, step)
