"""The lines of a sample in numbers, without what they say: a list of them needs no source."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.releases.models import ReleaseLine, SampleLine


@dataclass(frozen=True)
class Looked:
    """One line and how it was judged; `correct` is None until somebody has looked. Since `forgotten_at` it says nothing."""

    line: int
    debt_id: str
    reference: str
    organisation: str
    change: str
    correct: bool | None
    reason: str | None
    by: str | None
    forgotten_at: datetime | None


def sample_lines(db: Session, release_id: str) -> list[Looked]:
    """In the order of the lines."""
    line, sample = ReleaseLine, SampleLine
    same = (col(line.release_id) == col(sample.release_id)) & (col(line.line) == col(sample.line))
    query = (
        select(
            col(line.line), col(line.debt_id), col(line.reference), col(line.organisation_code), col(line.change),
            col(sample.correct), col(sample.reason), col(sample.judged_by), col(line.forgotten_at),
        )
        .join(line, same)
        .where(col(sample.release_id) == release_id)
        .order_by(col(sample.line))
    )  # fmt: skip
    return [Looked(*row) for row in db.execute(query)]


def next_to_check(sample: list[Looked], after: int = 0) -> int | None:
    """The next line that nobody has looked at, those before it last."""
    waiting = [one.line for one in sample if one.correct is None]
    return next((number for number in waiting if number > after), waiting[0] if waiting else None)
