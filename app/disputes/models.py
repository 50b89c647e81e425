"""Disputes about debts, and corrections of which recipients were told."""

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, text
from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id

_OPEN = text("closed_at IS NULL")


class Dispute(SQLModel, table=True):
    """One person's objection to one debt, from the day it was received to its settlement; the words are rules/cases.py.

    `note` is what the trust reads, `answer_note` its reply. `settled_event` is the newest debt event when it was settled:
    whoever received the debt before that must be told of a dispute that was upheld.
    """

    __tablename__ = "disputes"
    __table_args__ = (
        Index("uq_disputes_open", "debt_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(None, "debt_id"),
        Index(None, "organisation_code", "closed_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    debt_id: str = Field(foreign_key="debts.id", max_length=32)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20)
    reason: str = Field(max_length=16)
    case_reference: str = Field(max_length=40)
    received_on: date
    received_how: str = Field(max_length=16)
    due_on: date
    note: str = Field(default="", max_length=500)
    opened_at: datetime = Field(sa_type=Instant)
    opened_by: str = Field(max_length=40)
    answer: str | None = Field(default=None, max_length=16)
    answer_note: str | None = Field(default=None, max_length=500)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    answered_by: str | None = Field(default=None, max_length=40)
    outcome: str | None = Field(default=None, max_length=16)
    outcome_note: str | None = Field(default=None, max_length=500)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by: str | None = Field(default=None, max_length=40)
    settled_event: int | None = Field(default=None, sa_type=BigInteger)


class CorrectionTold(SQLModel, table=True):
    """A recipient was told of what was put right on a debt up to the event `through`, otherwise than by a later file."""

    __tablename__ = "corrections_told"
    __table_args__ = (Index(None, "debt_id", "recipient_key"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    debt_id: str = Field(foreign_key="debts.id", max_length=32)
    recipient: str = Field(max_length=200)
    recipient_key: str = Field(max_length=200)
    through: int = Field(sa_type=BigInteger)
    how: str = Field(max_length=16)
    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=40)
