"""Deliveries of a release's files as JSON."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.releases.deliveries import Sending


class AttemptOut(BaseModel):
    """`trouble` is empty for the attempt that arrived."""

    model_config = ConfigDict(from_attributes=True)

    at: datetime
    trouble: str = Field(examples=["The recipient answered 503 (Service Unavailable)."])


class DeliveryOut(BaseModel):
    """One file to one endpoint. On its way while it has neither arrived nor been given up."""

    id: str = Field(description="The idempotency key, the same for every attempt.")
    file: str = Field(examples=["midas.csv"])
    endpoint: str = Field(description="The endpoint's key in the settings.")
    arrived_at: datetime | None
    given_up_at: datetime | None
    next_at: datetime | None
    attempts: list[AttemptOut]

    @classmethod
    def of(cls, sending: Sending) -> Self:
        one = sending.delivery
        return cls(
            id=one.id, file=one.name, endpoint=one.endpoint, arrived_at=one.arrived_at, given_up_at=one.given_up_at,
            next_at=one.next_at, attempts=[AttemptOut.model_validate(each) for each in sending.attempts],
        )  # fmt: skip
