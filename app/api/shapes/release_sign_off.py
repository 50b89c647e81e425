"""What is sent to judge, sign off and end a release, as JSON."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field

from app.api.shapes.values import Shape
from app.releases.models import SampleLine
from app.releases.rules.sampling import Wrong


class JudgementIn(Shape):
    """`reason` is needed for a line that is wrong."""

    correct: bool
    reason: Wrong | None = None


class JudgementOut(BaseModel):
    """One line of the sample as it stands now."""

    line: int
    correct: bool | None
    reason: Wrong | None
    judged_at: datetime | None

    @classmethod
    def of(cls, line: SampleLine) -> Self:
        return cls(**{name: getattr(line, name) for name in cls.model_fields})


class AbandonIn(Shape):
    reason: str = Field(description="Why it is given up. It is kept.", examples=["Prepared for the wrong recipient."])
