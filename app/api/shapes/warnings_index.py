"""Asking for the Warnings Index feed and acknowledging it, as JSON. An event itself is the same wherever it leaves: app/debts/flag_event.py."""

from datetime import datetime

from pydantic import BaseModel, Field

from app.api.shapes.values import Shape, Whole


class EventsIn(Shape):
    """Where to go on from. `cursor` is the same as `after`, for programs that page every list alike."""

    after: Whole = Field(0, ge=0, le=2**62, description="The `id` of the event seen last; 0 at first.")
    cursor: Whole | None = Field(None, ge=1, le=2**62, description="`next` of the page before.")
    limit: Whole = Field(100, ge=1, le=500)

    @property
    def start(self) -> int:
        return self.after if self.cursor is None else self.cursor


class AcknowledgementIn(Shape):
    through: int = Field(strict=True, ge=1, le=2**62, description="The `id` of the newest event taken.", examples=[17])


class AcknowledgementOut(BaseModel):
    """`acknowledged_at` is when this event was acknowledged for the first time."""

    through: int
    acknowledged_at: datetime | None
