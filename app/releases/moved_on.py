"""Looks at what became of a release's debts since it was prepared: which of its lines do not leave, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import Session, col

from app.debts.models import Debt, DebtEvent
from app.releases import lines
from app.releases.lines import Line
from app.releases.models import Release, ReleaseLine, ReleasePart, SampleLine
from app.releases.rules.taking_out import IDENTITY, Now, TakenOut, why


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
    for line in _lines(db, release.id, sorted(now)):
        state = now[line.line]
        if (reason := why(line.change, line.values, state)) is not None:
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


def _lines(db: Session, release_id: str, numbers: list[int]) -> Iterator[Line]:
    """What these lines say, each part opened once."""
    at = 0
    while at < len(numbers):
        part = {line.line: line for line in _part(db, release_id, numbers[at])}
        yield part[numbers[at]]
        at += 1
        while at < len(numbers) and numbers[at] in part:
            yield part[numbers[at]]
            at += 1


def _part(db: Session, release_id: str, number: int) -> list[Line]:
    query = (
        select(col(ReleasePart.content))
        .where(col(ReleasePart.release_id) == release_id, col(ReleasePart.first_line) <= number)
        .order_by(col(ReleasePart.first_line).desc())
        .limit(1)
    )
    return lines.unpack(db.execute(query).scalar_one())
