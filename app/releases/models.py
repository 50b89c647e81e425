"""Releases: one numbered output for a recipient, its lines frozen at an instant, its sample, its files and what became of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index, LargeBinary, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id
from app.releases.rules.words import Change, Scope, State

__all__ = [
    "Acknowledgement", "CarriedDebt", "Change", "Delivery", "DeliveryAttempt", "Handover", "ImportedFlagEnded", "Release",
    "ReleaseFile", "ReleaseFilePart", "ReleaseLine", "ReleasePart", "ReplacedAnswer", "SampleLine", "Scope", "State",
]  # fmt: skip


class Release(SQLModel, table=True):
    """One release. `seen` is the newest debt event that its lines know, `as_at` the instant of which they speak.

    `counts` are numbers and pence by status, organisation, nation and change, as they were when it was prepared; `held`
    debts were left out. `seed` draws the sample. Lines are numbered from 1.
    """

    __tablename__ = "releases"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    number: int = Field(unique=True)
    scope: str = Field(max_length=10)
    recipient: str = Field(max_length=200)
    recipient_key: str = Field(max_length=200, index=True)
    purpose: str = Field(max_length=200)
    state: str = Field(max_length=10, index=True)
    as_at: datetime = Field(sa_type=Instant)
    seen: int = Field(sa_type=BigInteger)
    lines: int = 0
    held: int = 0
    counts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    seed: str = Field(max_length=32)
    prepared_by: str = Field(max_length=40)
    approved_by: str | None = Field(default=None, max_length=40)
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    released_by: str | None = Field(default=None, max_length=40)
    released_at: datetime | None = Field(default=None, sa_type=Instant)
    abandoned_by: str | None = Field(default=None, max_length=40)
    abandoned_at: datetime | None = Field(default=None, sa_type=Instant)
    abandoned_because: str | None = Field(default=None, max_length=500)


_REJECTED = text("result = 'rejected'")
IS_REJECTED = "release_lines.result = 'rejected'"  # asked for in these words, or the index is not used


class ReleaseLine(SQLModel, table=True):
    """One line in numbers: which debt, what changed, and what became of it. What it says stands in a ReleasePart.

    `status_digest` and `particulars_digest` are of what it says; `taken_out` is why it did not leave; `result` and
    `reason` are the recipient's answer; `mended_at`: what the recipient had rejected is mended; `forgotten_at`: since then
    nothing is kept of what it said, neither its part's words nor digests nor the recipient's reason.
    """

    __tablename__ = "release_lines"
    __table_args__ = (
        Index(None, "release_id", "reference"),
        Index(None, "debt_id"),
        Index("ix_release_lines_rejected", "debt_id", sqlite_where=_REJECTED, postgresql_where=_REJECTED),
    )

    release_id: str = Field(foreign_key="releases.id", primary_key=True, max_length=32)
    line: int = Field(primary_key=True)
    debt_id: str = Field(max_length=32)
    reference: str = Field(max_length=20)
    organisation_code: str = Field(foreign_key="organisations.code", max_length=20)
    change: str = Field(max_length=10)
    status_digest: str = Field(max_length=16)
    particulars_digest: str = Field(max_length=16)
    taken_out: str | None = Field(default=None, max_length=20)
    result: str | None = Field(default=None, max_length=10)
    reason: str | None = Field(default=None, max_length=300)
    mended_at: datetime | None = Field(default=None, sa_type=Instant)
    forgotten_at: datetime | None = Field(default=None, sa_type=Instant)


class ReleasePart(SQLModel, table=True):
    """What some hundreds of lines say, in one compressed value (app/releases/lines.py)."""

    __tablename__ = "release_parts"

    release_id: str = Field(foreign_key="releases.id", primary_key=True, max_length=32)
    first_line: int = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class SampleLine(SQLModel, table=True):
    """A line that is compared with its source. `correct` is empty until somebody has looked; `reason` is of the list."""

    __tablename__ = "release_sample_lines"

    release_id: str = Field(foreign_key="releases.id", primary_key=True, max_length=32)
    line: int = Field(primary_key=True)
    correct: bool | None = None
    reason: str | None = Field(default=None, max_length=20)
    judged_by: str | None = Field(default=None, max_length=40)
    judged_at: datetime | None = Field(default=None, sa_type=Instant)


class CarriedDebt(SQLModel, table=True):
    """What released releases to one recipient said last of a debt: the line that carried it, and whether that removed it.

    `flag_ended`: a later Warnings Index file took its flag off without a line, because the debt was held.
    """

    __tablename__ = "carried_debts"

    recipient_key: str = Field(primary_key=True, max_length=200)
    debt_id: str = Field(primary_key=True, max_length=32, index=True)
    release_id: str = Field(foreign_key="releases.id", max_length=32)
    line: int
    removed: bool
    flag_ended: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    status_digest: str = Field(max_length=16)
    particulars_digest: str = Field(max_length=16)


class ReleaseFile(SQLModel, table=True):
    """One file of a released release, frozen. `rows` without its headings. `deleted_at`: since then it has no parts."""

    __tablename__ = "release_files"
    __table_args__ = (UniqueConstraint("release_id", "name"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    release_id: str = Field(foreign_key="releases.id", max_length=32)
    name: str = Field(max_length=40)
    rows: int
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(max_length=64)
    deleted_at: datetime | None = Field(default=None, sa_type=Instant)


class ReleaseFilePart(SQLModel, table=True):
    """Some hundred thousand bytes of a file."""

    __tablename__ = "release_file_parts"

    file_id: str = Field(foreign_key="release_files.id", primary_key=True, max_length=32)
    number: int = Field(primary_key=True)
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Acknowledgement(SQLModel, table=True):
    """The recipient's answer to a release: the file it came in, and how many lines it marked; `replaced` of them were
    answered otherwise before.
    """

    __tablename__ = "release_acknowledgements"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    release_id: str = Field(foreign_key="releases.id", max_length=32, index=True)
    filename: str = Field(max_length=255)
    sha256: str = Field(max_length=64)
    loaded: int
    rejected: int
    replaced: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=40)


class ReplacedAnswer(SQLModel, table=True):
    """That an answer to a line took the place of an earlier one: `was` is the result that stood until then."""

    __tablename__ = "release_answers_replaced"

    acknowledgement_id: str = Field(foreign_key="release_acknowledgements.id", primary_key=True, max_length=32)
    line: int = Field(primary_key=True)
    was: str = Field(max_length=10)


class ImportedFlagEnded(SQLModel, table=True):
    """A flag from before this service, of a debt that no release has carried to this recipient: the Warnings Index file
    of a release took it off.
    """

    __tablename__ = "imported_flags_ended"

    recipient_key: str = Field(primary_key=True, max_length=200)
    debt_id: str = Field(primary_key=True, max_length=32)
    release_id: str = Field(foreign_key="releases.id", max_length=32)


class Handover(SQLModel, table=True):
    """One time at which a file of a release left: downloaded by somebody for a purpose, or delivered to an endpoint."""

    __tablename__ = "release_handovers"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    release_id: str = Field(foreign_key="releases.id", max_length=32, index=True)
    name: str = Field(max_length=40)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=Instant)
    purpose: str = Field(max_length=200)


class Delivery(SQLModel, table=True):
    """One file on its way to a configured endpoint. `endpoint` is its key in the settings; its id is the idempotency key."""

    __tablename__ = "release_deliveries"
    __table_args__ = (UniqueConstraint("release_id", "name", "endpoint"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    release_id: str = Field(foreign_key="releases.id", max_length=32, index=True)
    name: str = Field(max_length=40)
    endpoint: str = Field(max_length=40)
    attempts: int = 0
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    arrived_at: datetime | None = Field(default=None, sa_type=Instant)
    given_up_at: datetime | None = Field(default=None, sa_type=Instant)


class DeliveryAttempt(SQLModel, table=True):
    """One attempt and what became of it in our words; empty when it arrived."""

    __tablename__ = "release_delivery_attempts"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    delivery_id: str = Field(foreign_key="release_deliveries.id", max_length=32, index=True)
    at: datetime = Field(sa_type=Instant)
    trouble: str = Field(default="", max_length=300)
