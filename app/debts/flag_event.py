"""An event of the Warnings Index feed as it leaves: the same JSON whether it is fetched or sent."""

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.debts.models import WarningsIndexEvent


class FlagEvent(BaseModel):
    """`add` or `remove` one debt's flag. The person's names are blank once the debt is no longer kept."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    action: str = Field(examples=["add"])
    at: datetime
    reference: str
    organisation: str = Field(examples=["RJ1"])
    invoice_number: str
    family_name: str | None
    given_names: str | None
    date_of_birth: date | None
    nationality: str | None
    passport_number: str | None

    @classmethod
    def of(cls, event: WarningsIndexEvent) -> Self:
        fields = {name: getattr(event, name) for name in cls.model_fields if name != "organisation"}
        return cls(organisation=event.organisation_code, **fields)
