"""Which organisation was reminded of which month, when and whom, and the words that somebody put in place of ours."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id


class Reminder(SQLModel, table=True):
    """One mail to one recipient. What became of it stands with the message, which is purged earlier than this.

    `recipient_id` is a user or an office of `organisation_contacts`; `sent_by` a user, or `worker` or the command line.
    """

    __tablename__ = "reminders"
    __table_args__ = (Index(None, "period", "organisation_code"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20)
    period: str = Field(max_length=7)
    occasion: str = Field(max_length=20)
    recipient_id: str = Field(max_length=32)
    message_id: str = Field(max_length=32)
    at: datetime = Field(sa_type=Instant)
    sent_by: str = Field(max_length=40)


class ReminderWording(SQLModel, table=True):
    """The words of one occasion as somebody changed them. Without a row those that come with the service hold."""

    __tablename__ = "reminder_wordings"

    occasion: str = Field(primary_key=True, max_length=20)
    subject: str = Field(max_length=150)
    body: str = Field(max_length=5000)
    changed_at: datetime = Field(sa_type=Instant)
    changed_by: str = Field(max_length=40)
