"""When a worker last did each job, whichever worker it was, and so whether any runs: the one place that says so."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlmodel import Field, Session, SQLModel, select

from app.core import clock
from app.core.db import Instant, take_turns

NOTED_EVERY = timedelta(seconds=30)
LONG_AGO = timedelta(minutes=10)  # a large release takes a few


class WorkerRound(SQLModel, table=True):
    """The newest round of one job that ended, whichever worker did it. `is_well`: without a trouble."""

    __tablename__ = "worker_rounds"

    job: str = Field(primary_key=True, max_length=40)
    ended_at: datetime = Field(sa_type=Instant)
    is_well: bool


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


def none_runs(db: Session) -> str:
    """What to say when no worker seems to run; empty while one does."""
    ago = last_seen(db)
    if ago is None:
        return "The worker has not run yet. Start `debtor-returns worker`."
    if ago > LONG_AGO:
        return f"The worker was last seen {ago.total_seconds() / 60:,.0f} minutes ago. Start `debtor-returns worker`."
    return ""
