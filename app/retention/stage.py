"""What a stage of the purge is: a kind of thing, what of it is over, and how one batch of it goes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlmodel import Session, SQLModel

from app.core import clock
from app.retention.limits import Limits

BATCH = 500
Condition = Callable[[Limits], ColumnElement[bool]]


@dataclass(frozen=True)
class Due:
    """How many things are over now, and of which day the oldest is."""

    number: int
    oldest: date | None


@dataclass(frozen=True)
class Stage:
    """`key` is its name in the audit, `words` what people call the things, `tables` those whose retention it is.

    `step` does one batch in the caller's transaction and gives how many things it dealt with: none when nothing is left.
    """

    key: str
    words: str
    tables: tuple[str, ...]
    look: Callable[[Session, Limits], Due]
    step: Callable[[Session, Limits], int]


def counted(db: Session, day: Any, *conditions: ColumnElement[bool]) -> Due:
    """How many rows meet the conditions, and the oldest day or instant among them."""
    number, oldest = db.execute(select(func.count(), func.min(day)).where(*conditions)).one()
    return Due(number, clock.uk_date(oldest) if isinstance(oldest, datetime) else oldest)


def deleting(key: str, words: str, model: type[SQLModel], day: Any, over: Condition) -> Stage:
    """A stage that deletes the rows of one table which are over, whatever they hold. `day` is a column of it."""
    table: Any = model.__table__  # type: ignore[attr-defined]  # SQLModel adds it
    (id_,) = table.primary_key.columns

    def look(db: Session, limits: Limits) -> Due:
        return counted(db, day, over(limits))

    def step(db: Session, limits: Limits) -> int:
        some = select(id_).where(over(limits)).limit(BATCH)
        return int(db.connection().execute(delete(table).where(id_.in_(some))).rowcount)

    return Stage(key, words, (table.name,), look, step)
