"""How debtors hang together and may hang together: joins, possible matches, and the keys by which those alike are found."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id


class DebtorJoin(SQLModel, table=True):
    """Two debtors held to be one person: since when, by exact agreement or by whose decision, and until when."""

    __tablename__ = "debtor_joins"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    older_id: str = Field(foreign_key="debtors.id", max_length=32, index=True)
    younger_id: str = Field(foreign_key="debtors.id", max_length=32, index=True)
    kind: str = Field(max_length=8)
    made_by: str = Field(max_length=40)
    made_at: datetime = Field(sa_type=Instant)
    parted_by: str | None = Field(default=None, max_length=40)
    parted_at: datetime | None = Field(default=None, sa_type=Instant)


class Match(SQLModel, table=True):
    """Two debtors who may be one person: how alike, why and why not (words of app/debts/rules/likeness.py), what was decided.

    `state` is open, unsure, same or different; `decided_by` is empty where exact agreement alone joined them.
    """

    __tablename__ = "possible_matches"
    __table_args__ = (UniqueConstraint("older_id", "younger_id"), Index(None, "state", "score"))

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    older_id: str = Field(foreign_key="debtors.id", max_length=32)
    younger_id: str = Field(foreign_key="debtors.id", max_length=32, index=True)
    score: int
    evidence: list[str] = Field(sa_column=Column(JSON, nullable=False))
    state: str = Field(default="open", max_length=10)
    found_at: datetime = Field(sa_type=Instant)
    decided_by: str | None = Field(default=None, max_length=40)
    decided_at: datetime | None = Field(default=None, sa_type=Instant)


class LikenessKey(SQLModel, table=True):
    """Under which keys a debtor is found by others who may be the same person. Derived: it may hold more than is so now.

    `born` is the birthday as a number such as 19850327, so that most strangers of one name are passed over unread.
    """

    __tablename__ = "likeness_keys"

    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    key: int = Field(sa_type=BigInteger, index=True)
    debtor_id: str = Field(max_length=32)
    born: int
