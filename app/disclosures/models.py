"""What was given to whom: one disclosure a file, and the ids of its debts in compact parts."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, LargeBinary
from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id


class Disclosure(SQLModel, table=True):
    """One file with debts that was made for a recipient. `kind` is `live` or `release`, `about` names the release.

    `recipient_key` is the recipient's name for comparing. `seen` is the id of the newest debt event that the file knows:
    what happened to its debts later, its recipient does not know from it.
    """

    __tablename__ = "disclosures"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    kind: str = Field(max_length=10)
    about: str | None = Field(default=None, max_length=40)
    recipient: str = Field(max_length=200)
    recipient_key: str = Field(max_length=200, index=True)
    purpose: str = Field(max_length=200)
    at: datetime = Field(sa_type=Instant)
    by: str = Field(max_length=40)
    seen: int = Field(sa_type=BigInteger)
    debts: int


class DisclosurePart(SQLModel, table=True):
    """Ids of debts of one disclosure, 16 bytes each, in order, compressed. `shard` is the last byte of each id in it, or
    WHOLE (app/disclosures/lines.py) when the file is so small that one part holds all.
    """

    __tablename__ = "disclosure_parts"

    disclosure_id: str = Field(foreign_key="disclosures.id", primary_key=True, max_length=32)
    shard: int = Field(primary_key=True)
    debt_ids: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
