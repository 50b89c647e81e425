"""Reminders as JSON: organisations and numbers; nobody's address."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from app.api.shapes.values import OrganisationCode, Shape
from app.reminders.overview import Line
from app.reminders.sending import Outcome


class ReminderOut(BaseModel):
    """One reminder, sent or to come. `to` is the number of recipients."""

    organisation: str = Field(examples=["RJ1"])
    name: str
    occasion: str = Field(description="before, due, late_3, late_10 or by_hand", examples=["late_3"])
    on: date = Field(description="The UK day on which it was or will be sent.")
    at: datetime | None = Field(description="When it was put into the outbox; null while it is to come.")
    to: int
    state: str = Field(
        description="planned, due or nobody_to_write_to before it is sent; then waiting, sent, failed, kept (no channel "
        "for mail is set) or purged",
        examples=["sent"],
    )
    trouble: str | None = Field(description="Why it was not sent, in words.")

    @classmethod
    def of(cls, one: Line) -> "ReminderOut":
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class RemindIn(Shape):
    """Without organisations: all that still owe the month and that you may remind."""

    period: str = Field(examples=["2026-10"], max_length=20)
    organisations: list[OrganisationCode] | None = Field(default=None, max_length=500, examples=[["RJ1"]])


class SkippedOut(BaseModel):
    organisation: str
    reason: str = Field(description="received, excused, not_owed, reminded_today or nobody_to_write_to")


class RemindedOut(BaseModel):
    """`sent` are the organisations whose reminders are in the outbox now, `mails` how many."""

    sent: list[str]
    mails: int
    skipped: list[SkippedOut]

    @classmethod
    def of(cls, one: Outcome) -> "RemindedOut":
        skipped = [SkippedOut(organisation=each.organisation, reason=each.reason) for each in one.skipped]
        return cls(sent=list(one.sent), mails=one.mails, skipped=skipped)
