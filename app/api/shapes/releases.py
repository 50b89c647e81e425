"""Releases as JSON: one with its sample, its files and what was taken out; its lines with what differs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, Field

from app.api.shapes.values import Shape, Written
from app.core.money import to_pounds
from app.releases.counts import BY
from app.releases.live import LONGEST
from app.releases.models import Release, ReleaseFile
from app.releases.preview import Told
from app.releases.queries import Sampled, TakenOut
from app.releases.rules.words import Change, Scope, State
from app.releases.sources import Source
from app.return_template.columns import BY_KEY, Kind


class ReleaseIn(Shape):
    scope: Scope = Field(description="full, or changes since what this recipient was told last", examples=["full"])
    recipient: Written = Field(max_length=LONGEST, examples=["MIDAS"])
    purpose: Written = Field(max_length=LONGEST, examples=["Monthly load"])


class CountOut(BaseModel):
    lines: int
    amount_outstanding: str = Field(description="of the lines' debts that are owed", examples=["1250.00"])


class CountsOut(BaseModel):
    """What the lines added up to when the release was prepared. `held` debts were left out."""

    lines: int
    held: int
    by_status: dict[str, CountOut]
    by_organisation: dict[str, CountOut]
    by_nation: dict[str, CountOut]
    by_change: dict[str, CountOut]

    @classmethod
    def of(cls, release: Release) -> Self:
        by = {f"by_{name}": _counted(release.counts.get(f"by_{name}", {})) for name in BY}
        return cls(lines=release.lines, held=release.held, **by)


def _counted(found: Mapping[str, Mapping[str, int]]) -> Any:
    return {
        key: CountOut(lines=sums["lines"], amount_outstanding=to_pounds(sums["pence"])) for key, sums in found.items()
    }


class ReleaseOut(BaseModel):
    """`prepared_by`, `approved_by` and the others are people's names, else their ids."""

    id: str
    number: int
    scope: Scope
    recipient: str
    purpose: str
    state: State
    as_at: datetime
    prepared_by: str
    approved_by: str | None
    approved_at: datetime | None
    released_by: str | None
    released_at: datetime | None
    abandoned_by: str | None
    abandoned_at: datetime | None
    abandoned_because: str | None
    counts: CountsOut

    @classmethod
    def of(cls, release: Release, people: Mapping[str, str], **more: Any) -> Self:
        kept = {name: getattr(release, name) for name in cls.model_fields if hasattr(release, name)}
        named = {name: people.get(kept[name] or "", kept[name]) for name in WHO}
        return cls(**kept | named | {"counts": CountsOut.of(release)} | more)


FORGOTTEN = "Since then nothing is kept of what the line said."
WHO = ("prepared_by", "approved_by", "released_by", "abandoned_by")


class SourceOut(BaseModel):
    """The row from which a line comes: its cells as they were read, by heading; none where they are no longer kept."""

    return_reference: str
    row: int | None
    cells: dict[str, str]

    @classmethod
    def of(cls, source: Source) -> Self:
        return cls(return_reference=source.reference, row=source.row, cells=source.by_heading)


class SampleOut(BaseModel):
    """`values`: what the line says, by heading, to be compared with the cells of its source; none once it is forgotten."""

    line: int
    reference: str
    organisation: str
    change: Change
    values: dict[str, str]
    source: SourceOut | None
    correct: bool | None
    reason: str | None
    forgotten_at: datetime | None = Field(description=FORGOTTEN)

    @classmethod
    def of(cls, one: Sampled) -> Self:
        told = one.line.values
        said = {column.heading: _text(key, told.get(key)) or "" for key, column in _LEAVING.items()} if told else {}
        return cls(
            line=one.line.line, reference=one.line.reference, organisation=one.line.organisation,
            change=Change(one.line.change), values=said, source=SourceOut.of(one.source) if one.source else None,
            correct=one.judged.correct, reason=one.judged.reason, forgotten_at=one.forgotten_at,
        )  # fmt: skip


class TakenOutOut(BaseModel):
    """A line that did not leave, and why."""

    line: int
    reference: str
    organisation: str
    change: Change
    reason: str

    @classmethod
    def of(cls, one: TakenOut) -> Self:
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class FileOut(BaseModel):
    """`rows` without its headings."""

    name: str = Field(examples=["midas.csv"])
    rows: int
    size: int
    sha256: str
    deleted_at: datetime | None = Field(description="Since then the file cannot be had here: its time was over.")

    @classmethod
    def of(cls, file: ReleaseFile) -> Self:
        return cls(**{name: getattr(file, name) for name in cls.model_fields})


class OneReleaseOut(ReleaseOut):
    """`compared_with`: the number of the last release to this recipient before it."""

    compared_with: int | None
    sample: list[SampleOut]
    taken_out: list[TakenOutOut]
    files: list[FileOut]

    @classmethod
    def whole(
        cls, release: Release, people: Mapping[str, str], before: Release | None, sample: Sequence[Sampled],
        taken_out: Sequence[TakenOut], files: Sequence[ReleaseFile],
    ) -> Self:  # fmt: skip
        return cls.of(
            release, people, compared_with=before.number if before else None,
            sample=[SampleOut.of(one) for one in sample], taken_out=[TakenOutOut.of(one) for one in taken_out],
            files=[FileOut.of(file) for file in files],
        )  # fmt: skip


class DifferenceOut(BaseModel):
    field: str = Field(examples=["date_of_birth"])
    heading: str = Field(examples=["Date of birth"])
    was: str | None
    now: str | None


class LineOut(BaseModel):
    """`before`: the number of the release that carried the debt last, null for a new one and for one that was imported."""

    line: int
    reference: str
    organisation: str
    invoice_number: str | None = Field(description="Null once what the line said is forgotten.")
    change: Change
    before: int | None
    differences: list[DifferenceOut]
    forgotten_at: datetime | None = Field(description=FORGOTTEN)
    before_forgotten_at: datetime | None = Field(description="The same for the line of `before`: nothing is compared.")

    @classmethod
    def of(cls, told: Told) -> Self:
        line = told.line
        return cls(
            line=line.line, reference=line.reference, organisation=line.organisation, change=Change(line.change),
            invoice_number=line.values.get("invoice_number"), before=told.before,
            forgotten_at=told.forgotten_at, before_forgotten_at=told.before_forgotten_at,
            differences=[
                DifferenceOut(
                    field=each.key, heading=each.heading, was=_text(each.key, each.was), now=_text(each.key, each.now)
                )
                for each in told.differences
            ],
        )  # fmt: skip


_LEAVING = {key: column for key, column in BY_KEY.items() if column.leaves}


def _text(key: str, value: Any) -> str | None:
    """Money in pounds, dates ISO, choices as stored."""
    if value is None or value == "":
        return None
    if BY_KEY[key].kind is Kind.MONEY:
        return to_pounds(value)
    return value.isoformat() if isinstance(value, date) else str(value)
