"""Contacts and excused months of organisations as JSON."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.shapes.values import Shape, Written
from app.organisations.contacts import LONGEST, Details
from app.organisations.models import OrganisationContact
from app.submissions.excusals import LONGEST_REASON, Month

_EXAMPLE: dict[str, JsonValue] = {
    "office": "Overseas visitors office",
    "purpose": "urgent_checks",
    "phone": "020 7946 0123",
    "email": "overseas.visitors@hospital.example",
    "hours": "Every day, 8am to 8pm",
}


class ContactIn(Shape):
    """An office or function, not a person, with a phone number, an e-mail address or both."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    office: Written = Field(min_length=1, max_length=LONGEST["office"])
    purpose: Literal["urgent_checks", "debts"]
    phone: Written | None = Field(None, max_length=LONGEST["phone"])
    email: Written | None = Field(None, max_length=LONGEST["email"])
    hours: Written | None = Field(None, max_length=LONGEST["hours"])

    def to_domain(self) -> Details:
        return Details(self.office, self.purpose, self.phone or "", self.email or "", self.hours or "")


class ContactOut(BaseModel):
    id: str
    organisation: str = Field(examples=["RJ1"])
    office: str
    purpose: str = Field(description="urgent_checks or debts")
    phone: str | None
    email: str | None
    hours: str | None

    @classmethod
    def of(cls, one: OrganisationContact) -> "ContactOut":
        return cls(
            id=one.id, organisation=one.organisation_code, office=one.office, purpose=one.purpose, phone=one.phone,
            email=one.email, hours=one.hours,
        )  # fmt: skip


class ExcusalIn(Shape):
    period: str = Field(examples=["2026-10"])
    reason: Written = Field(
        min_length=1, max_length=LONGEST_REASON, examples=["Its finance system was being replaced."]
    )


class ExcusalOut(BaseModel):
    """Where the organisation stands for the month now, and why it is excused; null when it is not."""

    organisation: str = Field(examples=["RJ1"])
    period: str = Field(examples=["2026-10"])
    state: str = Field(examples=["excused"])
    reason: str | None

    @classmethod
    def of(cls, month: Month) -> "ExcusalOut":
        return cls(
            organisation=month.organisation, period=str(month.period), state=month.state,
            reason=month.excusal.reason if month.excusal else None,
        )  # fmt: skip
