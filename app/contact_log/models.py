"""Entries of the contact log: one visit, call, mail or training at one organisation, and the step that follows from it."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id


class ContactEntry(SQLModel, table=True):
    """`day` is the UK date of the contact, `due_on` by when the next step is to be done. `by` wrote it, at `at`."""

    __tablename__ = "contact_log"
    __table_args__ = (Index(None, "organisation_code", "day"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20)
    kind: str = Field(max_length=10)
    day: date
    outcome: str = Field(max_length=20)
    note: str | None = Field(default=None, max_length=500)
    next_step: str | None = Field(default=None, max_length=200)
    due_on: date | None = None
    done_at: datetime | None = Field(default=None, sa_type=Instant)
    done_by: str | None = Field(default=None, max_length=40)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=Instant)
    changed_at: datetime | None = Field(default=None, sa_type=Instant)
