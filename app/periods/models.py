"""A due date that somebody moved, with the reason."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from app.core.db import Instant


class DueDate(SQLModel, table=True):
    """An override of a period's due date (UK date). Without a row the setting's day of the next month holds."""

    __tablename__ = "due_dates"

    period: str = Field(primary_key=True, max_length=7)
    due_on: date
    reason: str = Field(max_length=500)
    set_by: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    set_at: datetime = Field(sa_type=Instant)
