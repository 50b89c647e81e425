"""Returns, what is kept of their files, rows still to be mended, and uploads that were refused whole."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id


class Lifecycle(StrEnum):
    CHECKED = "checked"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    ACCEPTED_WITH_REJECTIONS = "accepted_with_rejections"
    REJECTED = "rejected"
    NIL = "nil"


class Return(SQLModel, table=True):
    """One return. Its numbers always add up: read = accepted + unchanged + rejected; accepted = new + changed.

    `qualifies` says whether it counts as the organisation's submission for the period (docs/promises.md, Who owes a return).
    `superseded_by` names the qualifying return that took the place of a nil return.
    """

    __tablename__ = "returns"
    __table_args__ = (
        Index(None, "organisation_code", "period"),
        Index(None, "submitted_at"),  # the newest of all are on the home page
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    reference: str | None = Field(default=None, max_length=40, unique=True)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20)
    period: str = Field(max_length=7, index=True)
    lifecycle: str = Field(max_length=10)
    outcome: str = Field(max_length=24)
    qualifies: bool = False
    submitted_at: datetime | None = Field(default=None, sa_type=Instant)
    submitted_by: str | None = Field(default=None, foreign_key="users.id", max_length=32)
    declaring_officer: str | None = Field(default=None, max_length=120)
    checked_at: datetime | None = Field(default=None, sa_type=Instant)
    checked_by: str | None = Field(default=None, max_length=40)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)
    withdrawn_reason: str | None = Field(default=None, max_length=500)
    superseded_by: str | None = Field(default=None, foreign_key="returns.id", max_length=32)

    filename: str | None = Field(default=None, max_length=255)
    sha256: str | None = Field(default=None, max_length=64, index=True)
    size: int = 0
    ruleset: str = Field(max_length=60)
    reporting_day: date
    prefilled_at: datetime | None = Field(default=None, sa_type=Instant)
    last_event_id: int = 0

    read: int = 0
    blank: int = 0
    accepted: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    warnings: int = 0
    confirmed: int = 0
    not_confirmed: int = 0


class ReturnPart(SQLModel, table=True):
    """What is kept of a return's file, each part one value with its own retention.

    `original` is the bytes as uploaded; `accepted` and `rejected` are the rows' cells as read with their outcomes,
    `findings` the findings (all three as compressed MessagePack).
    """

    __tablename__ = "return_parts"
    __table_args__ = (UniqueConstraint("return_id", "part"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    return_id: str = Field(foreign_key="returns.id", max_length=32)
    part: str = Field(max_length=10)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class RuleCount(SQLModel, table=True):
    """How many rows of a return a rule marked: management information without persons."""

    __tablename__ = "rule_counts"

    return_id: str = Field(foreign_key="returns.id", primary_key=True, max_length=32)
    code: str = Field(primary_key=True, max_length=4)
    rows: int


class OpenRow(SQLModel, table=True):
    """A rejected row that the trust still has to mend. `cells` are the row's cells as read, by column key.

    `prefilled_at` is when the template was filled from which the row first came, if it came from one.
    `answers` are codes of rules that the trust has answered, with a digest of the confirmed cell for R17. `emptied_at`:
    what the row said is no longer kept. `origin_id` is what opened it, where that was no check, and `debt_id` the debt that
    was sent back then; a row from before says none.
    """

    __tablename__ = "open_rows"
    __table_args__ = (
        Index(None, "organisation_code", "closed_at"),
        Index(None, "closed_reason", "period"),  # how long mending took, month by month
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20)
    period: str = Field(max_length=7)
    return_id: str = Field(foreign_key="returns.id", max_length=32, index=True)
    row: int
    invoice_number: str | None = Field(default=None, max_length=40, index=True)
    origin: str = Field(default="check", max_length=16)
    origin_id: str | None = Field(default=None, max_length=32)
    debt_id: str | None = Field(default=None, max_length=32)
    findings: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    cells: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    prefilled_at: datetime | None = Field(default=None, sa_type=Instant)
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    has_answers: bool = False
    opened_at: datetime = Field(sa_type=Instant)
    expires_on: date
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
    closed_by: str | None = Field(default=None, max_length=40)
    closed_reason: str | None = Field(default=None, max_length=500)
    closed_by_return: str | None = Field(default=None, foreign_key="returns.id", max_length=32, index=True)
    emptied_at: datetime | None = Field(default=None, sa_type=Instant)


class RefusedUpload(SQLModel, table=True):
    """An upload that was refused whole: who, when, why, how large; nothing of its content."""

    __tablename__ = "refused_uploads"
    __table_args__ = (Index(None, "organisation_code", "period"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20)
    period: str = Field(max_length=7)
    at: datetime = Field(sa_type=Instant)
    actor: str = Field(max_length=40)
    code: str = Field(max_length=4)
    size: int


class WaitingCheck(SQLModel, table=True):
    """A file that is being judged, or was: what came of it, a return or the words of the refusal. Kept for a day."""

    __tablename__ = "waiting_checks"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    actor: str = Field(max_length=40)
    organisation_code: str = Field(max_length=20)
    period: str = Field(max_length=7)
    began_at: datetime = Field(sa_type=Instant, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    return_id: str | None = Field(default=None, max_length=32)
    refusal: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
