"""What the API says of a release's files."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from app.releases.models import Release, ReleaseFile


class FrozenFile(BaseModel):
    """One file. `rows` without its headings."""

    model_config = ConfigDict(from_attributes=True)

    name: str = Field(examples=["midas.csv"])
    rows: int
    size: int = Field(description="Bytes.")
    sha256: str
    deleted_at: datetime | None = Field(description="Since then the file cannot be had here: its time was over.")


class Manifest(BaseModel):
    """What the recipient checks the files against."""

    id: str
    number: int
    scope: str = Field(examples=["changes"])
    recipient: str
    purpose: str
    as_at: datetime
    released_at: datetime | None
    files: list[FrozenFile]

    @classmethod
    def of(cls, release: Release, files: Iterable[ReleaseFile]) -> Self:
        told = {name: getattr(release, name) for name in cls.model_fields if name != "files"}
        return cls(**told, files=[FrozenFile.model_validate(file) for file in files])
