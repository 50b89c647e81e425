"""Debts that have ended: their particulars, history and cells go, their lines in the feed lose the person, counts stay."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, tuple_, update
from sqlmodel import Session, col

from app.core import clock
from app.core.db import among, take_turns
from app.debts import forgetting
from app.debts.models import Debt, DebtEvent, Hold, WarningsIndexEvent
from app.debts.rules.holding import HoldKind
from app.disputes import corrections
from app.disputes.models import CorrectionTold, Dispute
from app.old_register import kept
from app.organisations import service as organisations
from app.policy.retention import Kept
from app.releases import awaited
from app.releases import forgetting as said_in_releases
from app.retention import cells, open_rows
from app.retention.limits import Limits
from app.retention.models import PurgedDebts
from app.retention.stage import BATCH, Due, Stage, counted
from app.return_template.choices import Status

# What goes with its debt, by the column that names the debt.
GONE_WITH_THE_DEBT: tuple[Any, ...] = (DebtEvent.debt_id, Hold.debt_id, Dispute.debt_id, CorrectionTold.debt_id)
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
    stands: Callable[[Limits], ColumnElement[bool]]


_STANDING = exists().where(col(Hold.debt_id) == col(Debt.id), col(Hold.lifted_at).is_(None))
_UNTOLD = exists().where(
    col(WarningsIndexEvent.debt_id) == col(Debt.id), col(WarningsIndexEvent.acknowledged_at).is_(None)
)
# The hold of a rule is no obstacle: once a debt has ended nothing is left to answer, and nobody would ever end the hold.
_BY_PEOPLE = [HoldKind.DISPUTE.value, HoldKind.SAMPLE.value, HoldKind.HAND.value]
OBSTACLES = (
    Obstacle("somebody disputes it or holds it", lambda _: _STANDING.where(col(Hold.kind).in_(_BY_PEOPLE))),
    Obstacle("the Warnings Index still shows it", lambda _: and_(col(Debt.flagged))),
    Obstacle("the Warnings Index has not acknowledged that it was taken off", lambda _: and_(~col(Debt.flagged), _UNTOLD)),
    Obstacle("a release that is not finished carries it", lambda _: awaited.in_an_open_release()),
    Obstacle("a recipient of releases has not been told yet that it ended",
             lambda limits: awaited.removal_due(limits.instant(Kept.AWAITED_REMOVAL))),
)  # fmt: skip


UNTOLD = "somebody who received it has not been told yet what was put right"


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
    return and_(over(limits), *(~obstacle.stands(limits) for obstacle in OBSTACLES))


def _some_due(db: Session, limits: Limits) -> Iterator[Sequence[Debt]]:
    """All that are due, some of one organisation at a time, without those of whose correction somebody must be told."""
    place = (col(Debt.organisation_code), col(Debt.id))
    query, last = select(Debt).where(due(limits)).order_by(*place).limit(BATCH), ("", "")
    while found := db.execute(query.where(tuple_(*place) > last)).scalars().all():
        code = found[0].organisation_code
        some = [debt for debt in found if debt.organisation_code == code]
        last = (code, some[-1].id)
        untold = corrections.untold_of(db, {debt.id for debt in some})
        yield [debt for debt in some if debt.id not in untold]
        db.expunge_all()


def kept_back(db: Session, limits: Limits) -> dict[str, int]:
    """How many debts stay although their time is over, by the reason in words."""
    counts = {
        obstacle.words: db.execute(select(func.count()).where(over(limits), obstacle.stands(limits))).scalar_one()
        for obstacle in OBSTACLES
    }
    counts[UNTOLD] = counted(db, _ENDED_ON, due(limits)).number - look(db, limits).number
    return {words: number for words, number in counts.items() if number}


def look(db: Session, limits: Limits) -> Due:
    number, oldest = 0, None
    for debts in _some_due(db, limits):
        number += len(debts)
        oldest = min((debt.status_date or debt.as_at for debt in debts), default=oldest)
    return Due(number, oldest)


def step(db: Session, limits: Limits) -> int:
    """Some of one organisation's debts at a time, so that nobody waits long for their turn at the register."""
    found = next((some for some in _some_due(db, limits) if some), None)
    if found is None:
        return 0
    relatives = organisations.relatives(db, found[0].organisation_code, clock.today())
    take_turns(db, [*relatives, "register"])  # only now: what was found may have changed while this waited
    query = select(Debt).where(among(db, col(Debt.id), [debt.id for debt in found]), due(limits))
    debts = db.execute(query.order_by(col(Debt.id)), execution_options={"populate_existing": True}).scalars().all()
    if debts:
        _purge(db, debts, relatives)
    return len(debts)


def _purge(db: Session, debts: Sequence[Debt], relatives: Sequence[str]) -> None:
    ids, debtors = [debt.id for debt in debts], {debt.debtor_id for debt in debts}
    numbers = {debt.id: debt.invoice_number for debt in debts}
    cells.forget(db, relatives, _midnight(debts), set(ids))
    kept.forget(db, debts)
    said_in_releases.of_debts(db, ids, clock.now())
    _count(db, debts)
    db.expunge_all()
    connection = db.connection()
    for column in GONE_WITH_THE_DEBT:
        connection.execute(delete(column.class_).where(among(db, column, ids)))
    lines = update(WarningsIndexEvent).where(among(db, col(WarningsIndexEvent.debt_id), ids))
    connection.execute(lines.values(**_NO_PERSON))
    connection.execute(delete(Debt).where(among(db, col(Debt.id), ids)))
    forgetting.forget(db, debtors)
    open_rows.forget_sent_back(db, relatives, numbers, clock.now())


def _midnight(debts: Sequence[Debt]) -> datetime:
    """The beginning of the day before the first of them was reported: a return that arrives before midnight may be merged
    after it.
    """
    return datetime.combine(min(debt.first_reported_on for debt in debts) - timedelta(days=1), time(), clock.UK)


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
