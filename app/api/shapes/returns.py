"""Returns, findings and open rows as JSON."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import convert
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from app.api.shapes.values import OrganisationCode, Shape, Written
from app.returns.answering import Answer
from app.returns.models import OpenRow, Return
from app.returns.queries import without_values
from app.returns.rules.engine import Finding

COUNTS = (
    "read",
    "blank",
    "accepted",
    "new",
    "changed",
    "unchanged",
    "rejected",
    "warnings",
    "confirmed",
    "not_confirmed",
)

_FINDING: dict[str, JsonValue] = {
    "code": "R02",
    "severity": "rejected",
    "row": 14,
    "column": "Date of birth",
    "field": "date_of_birth",
    "cell": "F14",
    "message": 'Row 14, Date of birth (F14): "31/02/1985" is not a real date. Enter it as day, month, year, '
    "for example 27 3 1985.",
    "your_reference": "case 17",
    "invoice_number": "00123456",
}


class FindingOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [_FINDING]})

    code: str
    severity: str
    row: int | None
    column: str | None
    field: str | None
    cell: str | None
    message: str
    your_reference: str | None
    invoice_number: str | None

    @classmethod
    def of(cls, finding: Finding) -> "FindingOut":
        return cls(**{name: getattr(finding, name) for name in cls.model_fields})


def as_json(findings: tuple[Finding, ...] | list[Finding]) -> list[dict[str, Any]]:
    """Findings as they stand in a problem."""
    return [FindingOut.of(finding).model_dump(mode="json") for finding in findings]


class Counts(BaseModel):
    """read = accepted + unchanged + rejected; accepted = new + changed. Blank rows are counted apart."""

    read: int
    blank: int
    accepted: int
    new: int
    changed: int
    unchanged: int
    rejected: int
    warnings: int
    confirmed: int = Field(description="Open debts of the organisation that this return spoke of.")
    not_confirmed: int = Field(description="Open debts of the organisation that this return did not speak of.")


class ReturnOut(BaseModel):
    id: str
    reference: str | None = Field(examples=["DR-2026-10-RJ1-01"])
    organisation: str = Field(examples=["RJ1"])
    period: str = Field(examples=["2026-10"])
    lifecycle: str = Field(description="checked, submitted or withdrawn", examples=["submitted"])
    outcome: str = Field(
        description="accepted, accepted_with_rejections, rejected or nil", examples=["accepted_with_rejections"]
    )
    submitted_at: datetime | None
    submitted_by: str | None
    declaring_officer: str | None
    checked_at: datetime | None
    withdrawn_at: datetime | None
    due_on: date
    late: bool
    filename: str | None = Field(description="Given to the organisation alone.")
    sha256: str | None
    ruleset: str
    counts: Counts

    @classmethod
    def of(cls, return_: Return, due: tuple[date, bool], people: Mapping[str, str], *, on_behalf: bool) -> "ReturnOut":
        """`people` gives a name for `submitted_by`; the file's name, which may tell of a patient, is the trust's."""
        due_on, late = due
        return cls(
            id=return_.id,
            reference=return_.reference,
            organisation=return_.organisation_code,
            period=return_.period,
            lifecycle=return_.lifecycle,
            outcome=return_.outcome,
            submitted_at=return_.submitted_at,
            submitted_by=people.get(return_.submitted_by or "", return_.submitted_by),
            declaring_officer=return_.declaring_officer,
            checked_at=return_.checked_at,
            withdrawn_at=return_.withdrawn_at,
            due_on=due_on,
            late=late,
            filename=None if on_behalf else return_.filename,
            sha256=return_.sha256,
            ruleset=return_.ruleset,
            counts=Counts(**{name: getattr(return_, name) for name in COUNTS}),
        )


class NilIn(Shape):
    organisation: OrganisationCode = Field(examples=["RJ1"])
    period: str = Field(examples=["2026-10"])
    declaring_officer: Written | None = Field(None, max_length=120)


class ReasonIn(Shape):
    reason: Written = Field(min_length=1, max_length=500, examples=["The file was last month's."])


class WithdrawnOut(BaseModel):
    """What the withdrawal undid, and what it had to leave because something later rests on it."""

    return_: ReturnOut = Field(serialization_alias="return")
    undone: int
    left: list[dict[str, Any]]


class OpenRowOut(BaseModel):
    id: str
    organisation: str
    period: str
    return_reference: str | None
    row: int
    invoice_number: str | None
    origin: str = Field(description="check or acknowledgement", examples=["check"])
    findings: list[FindingOut]
    opened_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, row: OpenRow, return_reference: str | None, *, on_behalf: bool) -> "OpenRowOut":
        """`on_behalf`: without what only the organisation itself may see, the person whom we refused to report."""
        return cls(
            id=row.id,
            organisation=row.organisation_code,
            period=row.period,
            return_reference=return_reference,
            row=row.row,
            invoice_number=None if on_behalf else row.invoice_number,
            origin=row.origin,
            findings=[_kept_finding(finding, on_behalf=on_behalf) for finding in row.findings],
            opened_at=row.opened_at,
            closed_at=row.closed_at,
        )


def _kept_finding(kept: Mapping[str, Any], *, on_behalf: bool) -> FindingOut:
    finding = convert(kept, Finding)
    return FindingOut.of(without_values(finding) if on_behalf else finding)


class AnswerIn(Shape):
    answer: Answer = Field(examples=["is_an_address"])
