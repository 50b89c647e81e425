"""Acknowledging the Warnings Index feed as JSON. An event itself is the same wherever it leaves: app/debts/flag_event.py."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.api.shapes.values import Shape


class AcknowledgementIn(Shape):
    through: int = Field(strict=True, ge=1, le=2**62, description="The `id` of the newest event taken.", examples=[17])


class AcknowledgementOut(BaseModel):
    """`acknowledged_at` is when this event was acknowledged for the first time."""

    through: int
    acknowledged_at: datetime | None
