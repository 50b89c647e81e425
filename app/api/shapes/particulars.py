"""What may be amended on a debt: each particular typed and bounded as its column is."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from app.api.shapes.values import Day, MoneyIn, Nationality, Shape, Written
from app.return_template.columns import BY_KEY


def _text(key: str) -> Any:
    return Field(None, min_length=1, max_length=BY_KEY[key].limit)


class ParticularsIn(Shape):
    """Only what is sent changes; null clears a particular that is not mandatory."""

    invoice_date: Day | None = None
    invoice_amount: MoneyIn | None = None
    family_name: Written | None = _text("family_name")
    given_names: Written | None = _text("given_names")
    other_names: Written | None = _text("other_names")
    date_of_birth: Day | None = None
    sex: Literal["female", "male", "unspecified"] | None = None
    nationality: Nationality | None = Field(None, examples=["NGA"])
    passport_number: Written | None = _text("passport_number")
    home_office_reference: Written | None = _text("home_office_reference")
    ni_number: Written | None = _text("ni_number")
    uk_address: Written | None = _text("uk_address")
    uk_postcode: Written | None = _text("uk_postcode")
    overseas_address: Written | None = _text("overseas_address")
    site: Written | None = _text("site")
    patient_informed: Literal["yes", "no"] | None = None
    your_reference: Written | None = _text("your_reference")

    @model_validator(mode="after")
    def _mandatory_stays(self) -> Self:
        for key in self.model_fields_set:
            if BY_KEY[key].required and getattr(self, key) is None:
                raise ValueError(f"{BY_KEY[key].heading} is mandatory and cannot be cleared")
        return self

    def changes(self) -> dict[str, Any]:
        """The particulars that were sent, by column key: dates as dates, money as pence."""
        return {key: getattr(self, key) for key in self.model_fields_set}
