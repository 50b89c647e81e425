"""The audit as JSON: who did what to what, when and with which outcome, by ids; and where the chain stands."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from app.api.shapes.values import Listing
from app.audit.sealing import Head
from app.http.auditing import Told


class EventOut(BaseModel):
    id: int
    at: datetime
    who: str = Field(description="A user's id, or a name such as worker.")
    by: str = Field(description="The user's name.")
    action: str = Field(examples=["debt:change-status"])
    outcome: str = Field(examples=["done"])
    organisation: str | None
    subject: str = Field(examples=["debt"])
    subject_id: str
    detail: dict[str, Any]
    sealed: bool = Field(description="Whether it stands in the chain yet.")

    @classmethod
    def of(cls, told: Told) -> "EventOut":
        event = told.event
        return cls(
            id=event.id or 0, at=event.at, who=event.actor, by=told.by, action=event.action, outcome=event.outcome,
            organisation=event.organisation_code, subject=event.subject_type, subject_id=event.subject_id,
            detail=event.detail, sealed=told.sealed,
        )  # fmt: skip


class ChainOut(BaseModel):
    """The head is what to note down: `debtor-returns verify-audit --head` tells whether it is still in the chain."""

    seals: int
    head: str | None
    sealed_at: datetime | None
    sealed_through: int
    unsealed: int

    @classmethod
    def of(cls, head: Head) -> "ChainOut":
        return cls(
            seals=head.number, head=head.digest or None, sealed_at=head.at, sealed_through=head.last_id,
            unsealed=head.unsealed,
        )  # fmt: skip


class AuditOut(Listing[EventOut]):
    chain: ChainOut
