"""Users, the roles they hold, and how they come in: tokens, sessions, links (digests only), identities, tries."""

from datetime import date, datetime
from enum import StrEnum

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
    invited_at: datetime | None = Field(default=None, sa_type=Instant)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)
    last_sign_in_at: datetime | None = Field(default=None, sa_type=Instant)
    # The second factor: the secret in force, encrypted, and the last step used.
    totp_secret: str | None = Field(default=None, max_length=200)
    totp_last_step: int | None = None
    phone: str | None = Field(default=None, max_length=40)  # for trusts to reach their manager


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


class PortfolioCover(SQLModel, table=True):
    """From one UK day to another, both included, one manager looks after another's portfolio as well as their own."""

    __tablename__ = "portfolio_covers"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    away_id: str = Field(foreign_key="users.id", max_length=32, index=True)
    covering_id: str = Field(foreign_key="users.id", max_length=32, index=True)
    first_day: date
    last_day: date
    set_by: str = Field(max_length=40)
    set_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)  # before its time


class ApiToken(SQLModel, table=True):
    """A bearer token: shown once, kept as a SHA-256 digest, good for 90 days."""

    __tablename__ = "api_tokens"

    digest: str = Field(primary_key=True, max_length=64)
    user_id: str = Field(foreign_key="users.id", max_length=32, index=True)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class Step(StrEnum):
    """How far a browser's session has come."""

    CODE = "code"  # the password was right, a one-time code is asked
    ENROL = "enrol"  # the password was right, the second factor must be set up
    IN = "in"


class BrowserSession(SQLModel, table=True):
    """A browser that is signed in or on its way; its token is kept as a SHA-256 digest. `ends_at` is the latest end."""

    __tablename__ = "sessions"

    digest: str = Field(primary_key=True, max_length=64)
    user_id: str = Field(foreign_key="users.id", max_length=32, index=True)
    step: str = Field(max_length=10)
    started_at: datetime = Field(sa_type=Instant)
    last_used_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    # A second factor proposed to this browser alone: its secret, encrypted, waiting for its first code for a while.
    totp_proposal: str | None = Field(default=None, max_length=200)
    totp_proposed_at: datetime | None = Field(default=None, sa_type=Instant)


class SignInFailures(SQLModel, table=True):
    """Wrong tries of late for one account or from one address, which are not named here: `key` is a keyed digest.

    Until `locked_until` no other try is looked at: for seconds after a few of them, for much longer after many.
    """

    __tablename__ = "sign_in_failures"

    key: str = Field(primary_key=True, max_length=32)
    count: int
    first_at: datetime = Field(sa_type=Instant, index=True)
    locked_until: datetime | None = Field(default=None, sa_type=Instant)


class RateCount(SQLModel, table=True):
    """How often somebody did something in the window that ends at `until`; `key` names them by a keyed digest."""

    __tablename__ = "rate_counts"

    key: str = Field(primary_key=True, max_length=100)
    count: int
    until: datetime = Field(sa_type=Instant, index=True)


class Purpose(StrEnum):
    """What a one-time link is for."""

    INVITE = "invite"
    RESET = "reset"


class OneTimeLink(SQLModel, table=True):
    """A link in a mail that lets its reader choose a password once. `ended_at`: used, or replaced by a newer one."""

    __tablename__ = "one_time_links"

    digest: str = Field(primary_key=True, max_length=64)
    user_id: str = Field(foreign_key="users.id", max_length=32, index=True)
    purpose: str = Field(max_length=10)
    message_id: str = Field(foreign_key="outbox_messages.id", max_length=32)
    created_at: datetime = Field(sa_type=Instant)
    expires_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class Identity(SQLModel, table=True):
    """A person as an identity provider knows them: issuer and subject, never an e-mail address."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    user_id: str = Field(foreign_key="users.id", max_length=32, index=True)
    issuer: str = Field(max_length=300)
    subject: str = Field(max_length=255)
    bound_at: datetime = Field(sa_type=Instant)
