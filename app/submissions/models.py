"""Obligations to return, and months that were excused."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id


class Obligation(SQLModel, table=True):
    """From which period to which (open end if empty) an organisation owes returns. Spans of one organisation never overlap."""

    __tablename__ = "obligations"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20, index=True)
    from_period: str = Field(max_length=7)
    to_period: str | None = Field(default=None, max_length=7)
    set_by: str = Field(max_length=40)
    set_at: datetime = Field(sa_type=Instant)


class Excusal(SQLModel, table=True):
    """A month in which an organisation need not return, with the reason."""

    __tablename__ = "excusals"
    __table_args__ = (UniqueConstraint("organisation_code", "period"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20)
    period: str = Field(max_length=7)
    reason: str = Field(max_length=500)
    excused_by: str = Field(max_length=40)
    excused_at: datetime = Field(sa_type=Instant)
