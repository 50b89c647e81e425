"""Status checks that were answered: who asked, when and why, and which debts the answer spoke of. Never what was typed."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id


class StatusCheck(SQLModel, table=True):
    """One check. `at` is the real clock's, by which the hourly limit counts; `case_reference` is the asker's own."""

    __tablename__ = "status_checks"
    __table_args__ = (Index(None, "actor", "at"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    at: datetime = Field(sa_type=Instant)
    actor: str = Field(max_length=40)
    reason: str = Field(max_length=20)
    case_reference: str | None = Field(default=None, max_length=40)
    matches: int


class CheckedDebt(SQLModel, table=True):
    """A debt that an answer spoke of. No foreign key: that it was told is known for longer than the debt is kept."""

    __tablename__ = "status_check_debts"

    check_id: str = Field(foreign_key="status_checks.id", primary_key=True, max_length=32)
    debt_id: str = Field(primary_key=True, max_length=32, index=True)
