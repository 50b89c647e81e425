"""Notes when the worker last did each job, and answers how long ago that was."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, select

from app.core import clock
from app.core.db import take_turns
from app.watching.models import WorkerRound

NOTED_EVERY = timedelta(seconds=30)
LONG_AGO = timedelta(minutes=10)  # a large release takes a few


def note(db: Session, ended: Mapping[str, tuple[datetime, bool]]) -> None:
    """Of each job when its newest round ended, and whether it went well."""
    take_turns(db, ["worker rounds"])
    for job, (at, is_well) in sorted(ended.items()):
        db.merge(WorkerRound(job=job, ended_at=at, is_well=is_well))
    db.flush()


def rounds(db: Session) -> Sequence[WorkerRound]:
    return db.exec(select(WorkerRound).order_by(WorkerRound.job)).all()


def last_seen(db: Session) -> timedelta | None:
    """How long ago the worker ended any round; None where it never has."""
    moments = [each.ended_at for each in rounds(db)]
    return max(clock.real_now() - max(moments), timedelta(0)) if moments else None
