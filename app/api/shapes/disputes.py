"""Disputes and corrections to pass on as JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel, Field

from app.api.shapes.particulars import ParticularsIn
from app.api.shapes.values import Day, Shape, Whole, Written
from app.core import clock
from app.disputes.corrections import How, ToPassOn
from app.disputes.reading import Case, Count
from app.disputes.rules.cases import Answer, Outcome, Reason, Received
from app.disputes.service import LONGEST_CASE, LONGEST_NOTE, Objection, Reply


class DisputeOut(BaseModel):
    """`late` says that the answer came after `due_on`, or has not come although that day is over."""

    id: str
    debt_id: str
    debt_reference: str = Field(examples=["ND-7Q2M-XK4A-9BTC"])
    organisation: str = Field(examples=["RJ1"])
    invoice_number: str
    reason: Reason
    case_reference: str
    received_on: date
    received_how: Received
    due_on: date
    note: str
    state: str = Field(description="waiting, answered or closed", examples=["waiting"])
    late: bool
    opened_at: datetime
    opened_by: str
    answer: Answer | None
    answer_note: str | None
    answered_at: datetime | None
    answered_by: str | None
    outcome: Outcome | None
    outcome_note: str | None
    closed_at: datetime | None
    closed_by: str | None

    @classmethod
    def of(cls, case: Case, people: Mapping[str, str]) -> Self:
        """`people` gives names for those who opened, answered and closed it."""
        found = case.dispute
        kept = {name: getattr(found, name) for name in cls.model_fields if hasattr(found, name)}
        named = {name: people.get(kept[name] or "", kept[name]) for name in BY}
        return cls(
            **kept | named,
            debt_reference=case.debt.reference,
            organisation=found.organisation_code,
            invoice_number=case.debt.invoice_number,
            state=case.state.value,
            late=case.late,
        )


BY = ("opened_by", "answered_by", "closed_by")


class DisputeIn(Shape):
    """Without `due_on` the answer is due a month after `received_on`. The organisation reads the note."""

    debt_id: str = Field(pattern="^[0-9a-f]{32}$")
    reason: Reason = Field(examples=["already_paid"])
    received_on: Day = Field(default_factory=clock.today)
    received_how: Received = Field(examples=["email"])
    case_reference: Written = Field(min_length=1, max_length=LONGEST_CASE, examples=["DT-2026-17"])
    note: Written = Field("", max_length=LONGEST_NOTE)
    due_on: Day | None = None

    def to_domain(self) -> Objection:
        return Objection(self.reason, self.received_how, self.received_on, self.case_reference, self.note, self.due_on)


class AnswerIn(Shape):
    """`stands` needs a note; `amended` corrects with it or after it was corrected; `withdrawn` needs a reason."""

    answer: Answer = Field(examples=["stands"])
    note: Written = Field("", max_length=LONGEST_NOTE, examples=["No payment has arrived."])
    reason: str | None = Field(
        None, max_length=40, description="Why the debt is withdrawn.", examples=["patient_exempt"]
    )
    particulars: ParticularsIn | None = None

    def to_domain(self) -> Reply:
        return Reply(self.answer, self.note, self.reason, self.particulars.changes() if self.particulars else None)


class SettleIn(Shape):
    outcome: Literal["upheld", "partly_upheld", "not_upheld"]
    note: Written = Field(min_length=1, max_length=LONGEST_NOTE, examples=["The invoice was paid on 3 May."])


class NoteIn(Shape):
    note: Written = Field(min_length=1, max_length=LONGEST_NOTE, examples=["Opened about the wrong debt."])


class CountOut(BaseModel):
    """`rate`: disputes upheld, also partly, for each debt that the organisation has reported."""

    organisation: str = Field(examples=["RJ1"])
    name: str
    disputes: int
    open: int
    late: int
    upheld: int
    partly_upheld: int
    not_upheld: int
    debts: int
    rate: float

    @classmethod
    def of(cls, count: Count) -> Self:
        kept = {name: getattr(count, name) for name in cls.model_fields if name != "organisation"}
        return cls(organisation=count.code, **kept)


class CorrectionOut(BaseModel):
    """What one recipient must be told of one debt: headings, never values. `through` goes back when it is told."""

    recipient: str = Field(examples=["MIDAS"])
    debt_id: str
    debt_reference: str
    organisation: str
    changed: list[str] = Field(examples=[["Date of birth"]])
    since: datetime
    received_at: datetime
    through: int

    @classmethod
    def of(cls, one: ToPassOn) -> Self:
        return cls(
            recipient=one.recipient, debt_id=one.debt.id, debt_reference=one.debt.reference,
            organisation=one.debt.organisation_code, changed=list(one.headings), since=one.since,
            received_at=one.received_at, through=one.through,
        )  # fmt: skip


class ToldLine(Shape):
    debt_id: str = Field(pattern="^[0-9a-f]{32}$")
    through: Whole = Field(ge=0, le=2**62)


class ToldIn(Shape):
    recipient: Written = Field(min_length=1, max_length=200, examples=["MIDAS"])
    how: How = Field(examples=["email"])
    corrections: list[ToldLine] = Field(min_length=1, max_length=1000)
