"""Puts each answer to the line that it is about: which lines it marks, and why it cannot be where it cannot."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlmodel import Session, col

from app.core.csv_list import Faults
from app.core.db import among
from app.releases.answer_reading import UNKNOWN, Answer, Result
from app.releases.models import Release, ReleaseLine


class Line(NamedTuple):
    """A line as far as an answer touches it: a release may have a hundred thousand."""

    line: int
    reference: str
    debt_id: str
    taken_out: str | None
    result: str | None
    reason: str | None
    forgotten_at: datetime | None

    def is_answered_so(self, answer: Answer) -> bool:
        """Of a line whose time is over the reason is not kept, so it is not compared."""
        is_same = self.forgotten_at is not None or self.reason == answer.reason
        return self.result == answer.result and is_same


class Given(NamedTuple):
    """A line and the answer that it gets, which is not the one that it has."""

    line: Line
    answer: Answer

    @property
    def reason(self) -> str | None:
        """The reason to keep: none of what is forgotten."""
        return self.answer.reason if self.line.forgotten_at is None else None

    @property
    def is_rejected(self) -> bool:
        return self.answer.result is Result.REJECTED

    @property
    def was_rejected(self) -> bool:
        return self.line.result == Result.REJECTED


_WHAT = [getattr(ReleaseLine, key) for key in Line._fields]


def matched(db: Session, release: Release, answers: Sequence[Answer], faults: Faults, *, replaces: bool) -> list[Given]:
    """The lines that the answers change; every answer that cannot be is a fault. An answer that was given before changes
    nothing, another one is taken only where these answers are said to replace earlier ones.
    """
    references = {answer.reference for answer in answers}
    query = select(*_WHAT).where(
        col(ReleaseLine.release_id) == release.id, among(db, col(ReleaseLine.reference), references)
    )
    lines = {row.reference: Line(*row) for row in db.execute(query)} if references else {}
    elsewhere = _elsewhere(db, references - lines.keys())
    found: list[Given] = []
    for answer in answers:
        line = lines.get(answer.reference)
        if line is None:
            faults.add(answer.line, _not_here(release, is_elsewhere=answer.reference in elsewhere))
        elif line.taken_out is not None:
            faults.add(answer.line, "this debt was taken out of the release before it left. Take the line away.")
        elif line.result is None:
            found.append(Given(line, answer))
        elif not line.is_answered_so(answer):
            if replaces:
                found.append(Given(line, answer))
            else:
                faults.add(answer.line, f"this debt was answered otherwise before ({line.result}). Take the line away, or say "
                                        "that these answers replace earlier ones.")  # fmt: skip
    return found


def _elsewhere(db: Session, references: set[str]) -> set[str]:
    if not references:
        return set()
    query = select(col(ReleaseLine.reference)).where(among(db, col(ReleaseLine.reference), references))
    return set(db.execute(query.distinct()).scalars())


def _not_here(release: Release, *, is_elsewhere: bool) -> str:
    if is_elsewhere:
        return f"its debt was not in release {release.number} but in another. Send it as the answer to that release."
    return UNKNOWN
