"""Users, the roles they hold for organisations, and their bearer tokens (kept as digests only)."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.db import Instant
from app.core.ids import new_id


class User(SQLModel, table=True):
    __tablename__ = "users"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    email: str = Field(max_length=254, unique=True)
    name: str = Field(default="", max_length=120)
    password_hash: str | None = Field(default=None, max_length=200)
    created_at: datetime = Field(sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)


class RoleGrant(SQLModel, table=True):
    """One role for one organisation; for a national role the organisation is empty. An LPM's grants are the portfolio.

    A health department's grant names its nation instead.
    """

    __tablename__ = "role_grants"
    __table_args__ = (UniqueConstraint("user_id", "role", "organisation_code"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    user_id: str = Field(foreign_key="users.id", max_length=32)
    role: str = Field(max_length=20)
    organisation_code: str | None = Field(default=None, foreign_key="organisations.code", max_length=20, index=True)
    nation: str | None = Field(default=None, max_length=40)
    granted_at: datetime = Field(sa_type=Instant)


class ApiToken(SQLModel, table=True):
    """A bearer token: shown once, kept as a SHA-256 digest, good for 90 days."""

    __tablename__ = "api_tokens"

    digest: str = Field(primary_key=True, max_length=64)
    user_id: str = Field(foreign_key="users.id", max_length=32, index=True)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
