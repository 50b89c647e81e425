"""Who has submitted, rates and concerns as JSON: organisations and numbers, no persons but the staff who look after them."""

from collections.abc import Collection
from datetime import date, datetime

from pydantic import BaseModel, Field

from app.submissions.rates import WORDS, Definition, Rate
from app.submissions.service import Concern
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
    """The figures of one organisation, region, nation or LPM. Each field says what it counts. A board reads those of rows in
    the reports alone: here they are null for it.
    """

    key: str
    name: str
    owed: int = Field(description=WORDS["owed"])
    received: int = Field(description=WORDS["received"])
    on_time: int = Field(description=WORDS["on_time"])
    rate: float = Field(description=WORDS["rate"], examples=[0.8125])
    on_time_rate: float = Field(description=WORDS["on_time_rate"], examples=[0.75])
    rows_read: int | None = Field(description=WORDS["rows_read"])
    first_time_right: float | None = Field(description=WORDS["first_time_right"], examples=[0.9375])
    refused_files: int = Field(description=WORDS["refused_files"])
    days_to_mend: float | None = Field(description=WORDS["days_to_mend"], examples=[6.5])
    still_open: int | None = Field(description=WORDS["still_open"])

    @classmethod
    def of(cls, one: Rate, readable: Collection[Definition]) -> "RateOut":
        keys = {each.key for each in readable} | {"key", "name"}
        return cls(**{name: getattr(one, name) if name in keys else None for name in cls.model_fields})


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
