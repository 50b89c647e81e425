"""A status check as JSON: the question, and an answer that says no more than was asked."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.shapes.values import Day, Money, Shape, Written
from app.status_checks.rules.question import LONGEST, Question, Reason
from app.status_checks.rules.wording import NO_CONTACT, NO_MATCH
from app.status_checks.service import Answer, Standing

_EXAMPLE: dict[str, JsonValue] = {
    "family_name": "Example",
    "date_of_birth": "1985-03-27",
    "passport_number": "A01234567",
    "reason": "arrival",
    "case_reference": "BF/2026/01234",
}


class QuestionIn(Shape):
    """Family name, date of birth and one of two numbers, each exactly as it stands in the document."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    family_name: Written = Field(min_length=1, max_length=LONGEST["family_name"])
    date_of_birth: Day
    passport_number: Written | None = Field(None, max_length=LONGEST["passport_number"])
    invoice_number: Written | None = Field(None, max_length=LONGEST["invoice_number"])
    reason: Reason
    case_reference: Written | None = Field(
        None, max_length=LONGEST["case_reference"], description="The number of the asker's own case; no name."
    )

    def to_domain(self) -> Question:
        return Question(
            family_name=self.family_name,
            date_of_birth=self.date_of_birth,
            reason=self.reason,
            passport_number=self.passport_number or "",
            invoice_number=self.invoice_number or "",
            case_reference=self.case_reference or "",
        )


class WhomToAsk(BaseModel):
    organisation: str = Field(description="The body that answers for the debt now.", examples=["RJ1 Trust"])
    office: str
    phone: str | None
    email: str | None
    hours: str | None


class StandingOut(BaseModel):
    """One debt of exactly this person. `words` says it in a sentence, `caution` why not to rely on it, if so."""

    status: str = Field(description="outstanding, arrangement, defaulted, repaid or withdrawn")
    amount_outstanding: Money = Field(description="0.00 when it is repaid or withdrawn: nothing is owed.")
    words: str
    last_confirmed: date = Field(description="The last day of which its organisation spoke of this debt.")
    unconfirmed: bool
    held: bool = Field(description="In doubt: do not rely on it.")
    caution: str | None
    organisation: str
    contact: WhomToAsk | None
    contact_words: str | None = Field(description="Whom to ask where no contact is kept.")

    @classmethod
    def of(cls, one: Standing) -> "StandingOut":
        contact = one.contact and WhomToAsk(
            organisation=one.contact_of, office=one.contact.office, phone=one.contact.phone, email=one.contact.email,
            hours=one.contact.hours,
        )  # fmt: skip
        return cls(
            status=one.status, amount_outstanding=one.owed, words=one.words, last_confirmed=one.last_confirmed,
            unconfirmed=one.unconfirmed, held=one.held, caution=one.caution or None, organisation=one.organisation,
            contact=contact, contact_words=None if contact else NO_CONTACT,
        )  # fmt: skip


class AnswerOut(BaseModel):
    """As at an instant. Without an exact match `items` is empty and `words` says what that means."""

    reference: str = Field(description="Of this check, for the asker's file.", examples=["SC-7Q2M-XK4A-9BTC"])
    as_at: datetime
    items: list[StandingOut]
    words: str | None = Field(examples=[NO_MATCH])

    @classmethod
    def of(cls, answer: Answer) -> "AnswerOut":
        items = [StandingOut.of(one) for one in answer.standings]
        return cls(reference=answer.reference, as_at=answer.as_at, items=items, words=None if items else NO_MATCH)
