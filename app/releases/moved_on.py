"""Looks at what became of a release's debts since it was prepared: which of its lines do not leave, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import Session, col

from app.debts.models import Debt, DebtEvent
from app.releases import lines
from app.releases.models import Release, ReleaseLine, SampleLine
from app.releases.rules.taking_out import IDENTITY, Now, TakenOut, why

_AT_ONCE = 5_000  # lines


@dataclass
class MovedOn:
    """`out` gives by line why it does not leave. `hidden` are debts whose line leaves and does not ask for a flag, since it
    spoke of an arrangement, although the debt belongs on the Warnings Index now.
    """

    out: dict[int, TakenOut] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(self.out)


def look(db: Session, release: Release) -> MovedOn:
    """Only debts with an event since can have moved on, so a release of any size is looked at quickly."""
    found = MovedOn()
    now = _now(db, release)
    numbers = sorted(now)
    for start in range(0, len(numbers), _AT_ONCE):
        for line in lines.several(db, release.id, set(numbers[start : start + _AT_ONCE])).values():
            if (reason := why(line.change, line.values, now[line.line])) is not None:
                found.out[line.line] = reason
            elif not line.shown:
                found.hidden.add(line.debt_id)
    found.out |= dict.fromkeys(_wrong(db, release.id), TakenOut.WRONG)
    return found


def _wrong(db: Session, release_id: str) -> list[int]:
    query = select(col(SampleLine.line)).where(
        col(SampleLine.release_id) == release_id, col(SampleLine.correct).is_(False)
    )
    return list(db.execute(query).scalars())


def _now(db: Session, release: Release) -> Mapping[int, Now]:
    """By line: how the register has its debt, for the debts with an event that the lines do not know."""
    later = select(col(DebtEvent.debt_id)).where(col(DebtEvent.id) > release.seen).distinct()
    what = [getattr(Debt, key) for key in ("status", "held", *IDENTITY)]
    query = (
        select(col(ReleaseLine.line), *what)
        .join(Debt, col(Debt.id) == col(ReleaseLine.debt_id))
        .where(col(ReleaseLine.release_id) == release.id, col(Debt.id).in_(later))
    )
    return {row[0]: Now(row[1], row[2], dict(zip(IDENTITY, row[3:], strict=True))) for row in db.execute(query)}
