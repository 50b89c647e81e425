"""Runs every check in one view of the database, in batches, so that a million debts need little memory."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from app.core.db import among, metadata
from app.debts.models import DebtEvent, Hold, WarningsIndexEvent
from app.returns.models import Return
from app.verifying import debts, returns, whole
from app.verifying.check import Check, Result
from app.verifying.debts import Case

AT_ONCE = 2000
CHECKS: tuple[Check, ...] = (*whole.SQLITE, *whole.OF_THE_WHOLE, *whole.OF_GROUPS, *returns.CHECKS, *debts.CHECKS)


def verify(db: Session) -> Iterator[Result]:
    """A result for each check, as it comes out. SQLite's file is looked at first: PostgreSQL keeps its own in order."""
    if db.get_bind().dialect.name == "sqlite":
        yield from _each(whole.SQLITE, [db])
    yield from _each(whole.OF_THE_WHOLE, [db])
    yield from _each(whole.OF_GROUPS, whole.groups(db))
    yield from _each(returns.CHECKS, _returns(db))
    yield from _each(debts.CHECKS, _cases(db))


def _each(checks: Sequence[Check], things: Iterable[Any]) -> list[Result]:
    results = [Result(check.words) for check in checks]
    for thing in things:
        for check, result in zip(checks, results, strict=True):
            result.note(check.look(thing))
    return results


def _returns(db: Session) -> Iterator[returns.Sent]:
    for return_id in db.execute(select(col(Return.id)).order_by(col(Return.id))).scalars().all():
        yield returns.opened(db, db.get_one(Return, return_id))
        db.expunge_all()


def _cases(db: Session) -> Iterator[Case]:
    sent = db.execute(select(col(Return.id), col(Return.period), col(Return.organisation_code))).all()
    periods, senders = {one.id: one.period for one in sent}, {one.id: one.organisation_code for one in sent}
    table = metadata.tables["debts"]
    last = ""
    while found := db.execute(select(table).where(table.c.id > last).order_by(table.c.id).limit(AT_ONCE)).all():
        ids = [debt.id for debt in found]
        events, holds, feed = (_by_debt(db, model, ids) for model in (DebtEvent, Hold, WarningsIndexEvent))
        for debt in found:
            yield Case(debt, events.get(debt.id, ()), holds.get(debt.id, ()), feed.get(debt.id, ()), periods, senders)
        last = ids[-1]


def _by_debt(db: Session, model: type[SQLModel], ids: Sequence[str]) -> dict[str, list[Any]]:
    table: Any = model.__table__  # type: ignore[attr-defined]
    found: dict[str, list[Any]] = {}
    for row in db.execute(select(table).where(among(db, table.c.debt_id, ids)).order_by(table.c.id)):
        found.setdefault(row.debt_id, []).append(row)
    return found
