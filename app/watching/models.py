"""When the worker last did each of its jobs."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from app.core.db import Instant


class WorkerRound(SQLModel, table=True):
    """The newest round of one job that ended, whichever worker did it. `is_well`: without a trouble."""

    __tablename__ = "worker_rounds"

    job: str = Field(primary_key=True, max_length=40)
    ended_at: datetime = Field(sa_type=Instant)
    is_well: bool
