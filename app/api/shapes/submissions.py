"""Who has submitted, rates and concerns as JSON: organisations and numbers, no persons but the staff who look after them."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from app.submissions.service import Concern, Rate
from app.submissions.standings import Submission


class SubmissionOut(BaseModel):
    organisation: str = Field(examples=["RJ1"])
    name: str
    nation: str
    region: str
    lpm: str | None
    period: str = Field(examples=["2026-10"])
    state: str = Field(
        description="not_owed, not_due, missing, submitted, submitted_late, nil, nil_late or excused",
        examples=["submitted_late"],
    )
    due_on: date
    submitted_at: datetime | None
    return_id: str | None
    open_rows: int

    @classmethod
    def of(cls, one: Submission) -> "SubmissionOut":
        return cls(
            **{name: getattr(one, name) for name in cls.model_fields if name != "period"}, period=str(one.period)
        )


class RateOut(BaseModel):
    """received ÷ owed; `on_time` of those received. Months that are not due and not received are not owed yet."""

    key: str
    name: str
    owed: int
    received: int
    on_time: int
    rate: float = Field(examples=[0.8125])

    @classmethod
    def of(cls, one: Rate) -> "RateOut":
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class ConcernOut(BaseModel):
    """An organisation whose newest file for the month was refused whole (with its code) or wholly rejected."""

    organisation: str
    name: str
    nation: str
    region: str
    lpm: str | None
    period: str
    at: datetime
    outcome: str = Field(examples=["refused"])
    code: str | None = Field(examples=["F05"])
    return_id: str | None

    @classmethod
    def of(cls, one: Concern) -> "ConcernOut":
        return cls(
            **{name: getattr(one, name) for name in cls.model_fields if name != "period"}, period=str(one.period)
        )
