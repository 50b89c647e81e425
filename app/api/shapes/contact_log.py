"""Entries of the contact log as JSON."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.shapes.values import Day, Shape, Written
from app.contact_log.models import ContactEntry
from app.contact_log.rules.entry import LONGEST, Details, Kind, Outcome

_EXAMPLE: dict[str, JsonValue] = {
    "kind": "call",
    "on": "2026-11-20",
    "outcome": "agreed_date",
    "note": "The office was short of people. October follows by Friday.",
    "next_step": "Check that October has arrived",
    "by_when": "2026-11-27",
}


class EntryIn(Shape):
    """One contact, and the step that follows from it. Nothing about patients."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    kind: Kind
    on: Day = Field(description="The UK date of the contact.")
    outcome: Outcome
    note: Written | None = Field(None, max_length=LONGEST["note"])
    next_step: Written | None = Field(None, max_length=LONGEST["next_step"])
    by_when: Day | None = Field(None, description="By when the next step is to be done.")

    def to_domain(self) -> Details:
        return Details(self.kind, self.on, self.outcome, self.note or "", self.next_step or "", self.by_when)


class EntryOut(BaseModel):
    """`done_at` is when the next step was ticked off; `by` is the id of who wrote the entry."""

    id: str
    organisation: str = Field(examples=["RJ1"])
    kind: Kind
    on: date
    outcome: Outcome
    note: str | None
    next_step: str | None
    by_when: date | None
    done_at: datetime | None
    by: str
    at: datetime
    changed_at: datetime | None

    @classmethod
    def of(cls, one: ContactEntry) -> "EntryOut":
        return cls(
            id=one.id, organisation=one.organisation_code, kind=Kind(one.kind), on=one.day, outcome=Outcome(one.outcome),
            note=one.note, next_step=one.next_step, by_when=one.due_on, done_at=one.done_at, by=one.by, at=one.at,
            changed_at=one.changed_at,
        )  # fmt: skip
