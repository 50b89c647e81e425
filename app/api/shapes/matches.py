"""Possible matches as JSON: the two persons as reported, what speaks for one person and what against, and the decision."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from app.api.shapes.values import Shape
from app.debts.match_models import Match
from app.debts.matches import DECIDED, Side, State
from app.debts.models import Debt
from app.debts.rules.likeness import in_words


class DescriptionOut(BaseModel):
    """A person as one organisation reported it for one debt."""

    debt_id: str
    organisation: str = Field(examples=["RJ1"])
    invoice_number: str
    family_name: str
    given_names: str
    other_names: str | None
    date_of_birth: date | None
    sex: str | None
    nationality: str | None
    passport_number: str | None
    home_office_reference: str | None
    ni_number: str | None
    uk_postcode: str | None

    @classmethod
    def of(cls, debt: Debt) -> "DescriptionOut":
        held = {name: getattr(debt, name) for name in cls.model_fields if name not in {"debt_id", "organisation"}}
        return cls(debt_id=debt.id, organisation=debt.organisation_code, **held)


class SideOut(BaseModel):
    debtor_id: str
    debts: list[DescriptionOut]


class MatchOut(BaseModel):
    """`state` is open, unsure or decided; `decided_by` is empty where exact agreement alone joined the two."""

    id: str
    state: str
    decision: str | None = Field(description="same, different or unsure")
    score: int = Field(description="0 to 100; 48 or more is proposed")
    reasons: list[str] = Field(examples=[["Same passport number.", "Day and month of birth swapped."]])
    differences: list[str] = Field(examples=[["Postcodes differ."]])
    found_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    persons: list[SideOut]

    @classmethod
    def of(cls, match: Match, sides: Sequence[Side], people: Mapping[str, str]) -> "MatchOut":
        """`people` gives names for users."""
        state = State(match.state)
        reasons, differences = in_words(match.evidence)
        return cls(
            id=match.id,
            state="decided" if state in DECIDED else state,
            decision=None if state is State.OPEN else state,
            score=match.score,
            reasons=reasons,
            differences=differences,
            found_at=match.found_at,
            decided_by=people.get(match.decided_by or "", match.decided_by),
            decided_at=match.decided_at,
            persons=[
                SideOut(debtor_id=side.debtor_id, debts=list(map(DescriptionOut.of, side.debts))) for side in sides
            ],
        )


class DecisionIn(Shape):
    """`was` is what the decider saw; without it, only what nobody has decided yet is decided."""

    decision: Literal["same", "different", "unsure"]
    was: Literal["open", "unsure", "same", "different"] | None = None
