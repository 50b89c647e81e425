"""What became of a release's lines as JSON: numbers, and organisations' codes."""

from pydantic import BaseModel, Field

from app.releases.funnel import Funnel, Funnels


class AcknowledgedOut(BaseModel):
    """The release after this answer: all its lines that left, by what its recipient has said of them so far."""

    release: str = Field(description="The release's id.")
    number: int
    loaded: int
    rejected: int
    unanswered: int

    @classmethod
    def of(cls, found: Funnels) -> "AcknowledgedOut":
        whole = found.whole
        return cls(
            release=found.release.id,
            number=found.release.number,
            loaded=whole.loaded,
            rejected=whole.rejected,
            unanswered=whole.unanswered,
        )


class StepsOut(BaseModel):
    """Numbers of lines: lines = taken_out + sent, sent = loaded + rejected + unanswered, rejected = mended + to_mend +
    ended, and no more are sent_again than mended.
    """

    lines: int
    taken_out: int
    sent: int
    loaded: int
    rejected: int
    unanswered: int
    mended: int = Field(description="Rejected, and mended by the trust since.")
    to_mend: int = Field(description="Rejected, and waiting for the trust.")
    ended: int = Field(
        description="Rejected, and nothing is awaited: the row was closed unmended, or the debt is gone."
    )
    sent_again: int = Field(description="Mended, and carried by a later release to the same recipient.")
    sent_unmended: int = Field(
        description="Rejected, and carried by a later release before they were mended: something else had changed, or the "
        "release was full."
    )

    @classmethod
    def of(cls, found: Funnel) -> "StepsOut":
        return cls(**{name: getattr(found, name) for name in cls.model_fields})


class OrganisationStepsOut(StepsOut):
    organisation: str = Field(examples=["RJ1"])

    @classmethod
    def of_one(cls, code: str, found: Funnel) -> "OrganisationStepsOut":
        return cls(organisation=code, **StepsOut.of(found).model_dump())


class FunnelOut(StepsOut):
    """The whole release, and each organisation with lines in it."""

    release: str = Field(description="The release's id.")
    number: int
    organisations: list[OrganisationStepsOut]

    @classmethod
    def of_release(cls, found: Funnels) -> "FunnelOut":
        return cls(
            release=found.release.id,
            number=found.release.number,
            organisations=[OrganisationStepsOut.of_one(code, one) for code, one in found.by_organisation.items()],
            **StepsOut.of(found.whole).model_dump(),
        )
