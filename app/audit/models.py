"""Audit events and their vocabulary (`thing:verb`)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from app.core.db import Instant


class AuditAction(StrEnum):
    TEMPLATE_DOWNLOADED = "template:download"
    RETURN_CHECKED = "return:check"
    RETURN_SUBMITTED = "return:submit"
    RETURN_REFUSED = "return:refuse"
    RETURN_NIL = "return:nil"
    RETURN_WITHDRAWN = "return:withdraw"
    ORIGINAL_DOWNLOADED = "return:download-original"
    REJECTIONS_DOWNLOADED = "return:download-rejections"
    OPEN_ROW_CLOSED = "open-row:close"
    OPEN_ROW_ANSWERED = "open-row:answer"
    DEBT_STATUS_CHANGED = "debt:change-status"
    DEBT_AMENDED = "debt:amend"
    MATCH_DECIDED = "match:decide"
    DEBT_HELD = "debt:hold"
    DEBT_RELEASED = "debt:release-from-hold"
    DISPUTE_OPENED = "dispute:open"
    DISPUTE_ANSWERED = "dispute:answer"
    DISPUTE_SETTLED = "dispute:settle"
    DISPUTE_ABANDONED = "dispute:abandon"
    CORRECTION_PASSED_ON = "correction:pass-on"
    ACCESS_REQUEST_ANSWERED = "person:access-request"
    REGISTER_EXPORTED = "register:export"
    REPORT_EXPORTED = "report:export"
    RELEASE_PREPARED = "release:prepare"
    RELEASE_SAMPLED = "release:sample"
    RELEASE_APPROVED = "release:approve"
    RELEASE_RELEASED = "release:release"
    RELEASE_ABANDONED = "release:abandon"
    RELEASE_DOWNLOADED = "release:download"
    RELEASE_DELIVERED = "release:deliver"
    RELEASE_DELIVERY_RETRIED = "release:retry-delivery"
    RELEASE_ACKNOWLEDGED = "release:acknowledge"
    REGISTER_IMPORTED = "register:import"
    WARNINGS_INDEX_PUSHED = "warnings-index:push"
    WARNINGS_INDEX_ACKNOWLEDGED = "warnings-index:acknowledge"
    WARNINGS_INDEX_RETRIED = "warnings-index:retry"
    USER_ADDED = "user:add"
    USER_INVITED = "user:invite"
    USER_SIGNED_IN = "user:sign-in"
    USER_SIGNED_OUT = "user:sign-out"
    SESSIONS_ENDED = "user:end-sessions"
    USER_DISABLED = "user:disable"
    USER_ENABLED = "user:enable"
    ROLE_GRANTED = "user:grant-role"
    ROLE_REVOKED = "user:revoke-role"
    PORTFOLIO_SET = "user:set-portfolio"
    PORTFOLIO_TAKEN_OVER = "user:take-over-portfolio"
    PASSWORD_RESET_ASKED = "user:ask-reset"  # noqa: S105 - a word, not a secret
    PASSWORD_SET = "user:set-password"  # noqa: S105 - a word, not a secret
    SECOND_FACTOR_SET = "user:set-second-factor"
    SECOND_FACTOR_REMOVED = "user:remove-second-factor"
    IDENTITY_BOUND = "user:bind-identity"
    IDENTITY_UNBOUND = "user:unbind-identity"
    TOKEN_CREATED = "token:create"  # noqa: S105 - a word, not a secret
    TOKEN_REVOKED = "token:revoke"  # noqa: S105 - a word, not a secret
    ORGANISATIONS_IMPORTED = "organisations:import"
    ORGANISATION_CHANGED = "organisation:change"
    OBLIGATION_SET = "obligation:set"
    OBLIGATIONS_IMPORTED = "obligations:import"
    MONTH_EXCUSED = "month:excuse"
    MONTH_NO_LONGER_EXCUSED = "month:no-longer-excuse"
    DUE_DATE_MOVED = "period:move-due-date"
    DUE_DATE_TAKEN_BACK = "period:take-back-due-date"
    PURGED = "retention:purge"
    CONTACT_ADDED = "contact:add"
    CONTACT_CHANGED = "contact:change"
    CONTACT_REMOVED = "contact:remove"
    STATUS_CHECKED = "status:check"
    COVER_SET = "user:set-cover"
    COVER_ENDED = "user:end-cover"
    PHONE_CHANGED = "user:change-phone"
    CONTACT_LOGGED = "contact-log:add"
    CONTACT_LOG_CHANGED = "contact-log:change"
    NEXT_STEP_DONE = "contact-log:tick-off"
    REMINDER_SENT = "reminder:send"
    REMINDER_WORDED = "reminder:word"
    MAIL_RETRIED = "mail:retry"
    VIEWED = "personal-data:view"
    TRY_REFUSED = "access:refuse"
    AUDIT_READ = "audit:view"
    AUDIT_EXPORTED = "audit:export"
    BACKUP_TAKEN = "backup:take"
    RESTORED = "backup:restore"


_RARE = text("outcome <> 'done'")  # what was refused or differs is what an auditor asks for, and there is little of it


class AuditEvent(SQLModel, table=True):
    """One thing done. `detail` holds counts, codes and choices; who is a user id, or a name such as `command line`.

    Written once: triggers of the database refuse to change or to delete it.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index(None, "subject_type", "subject_id"),
        Index(None, "subject_type", "id"),
        Index(None, "actor", "id"),
        Index(None, "action", "id"),
        Index(None, "organisation_code", "id"),
        Index("ix_audit_events_not_done", "id", sqlite_where=_RARE, postgresql_where=_RARE),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=Instant, index=True)
    actor: str = Field(max_length=40)
    action: str = Field(max_length=40)
    outcome: str = Field(default="done", max_length=20)
    organisation_code: str | None = Field(default=None, max_length=20)
    subject_type: str = Field(max_length=30)
    subject_id: str = Field(max_length=40)
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class AuditSeal(SQLModel, table=True):
    """A link of the chain: the events after the link before it, up to `last_id`. Written once, as events are.

    `marks` tells one event from another (id and the first bytes of its digest, 16 bytes each), `digest` holds the
    link before and every event's whole digest, `signature` is by a key that the database does not know.
    """

    __tablename__ = "audit_seals"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: datetime = Field(sa_type=Instant)
    first_id: int
    last_id: int
    number: int
    marks: bytes = Field(sa_type=LargeBinary)
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64, index=True)
    signature: str = Field(max_length=64)
