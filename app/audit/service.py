"""Writes audit events: who did what to what, with which outcome. Ids, counts and codes only, never personal data."""

from collections.abc import Sequence
from contextvars import ContextVar
from typing import Any, Protocol

from sqlmodel import Session, col, select

from app.audit.models import AuditAction, AuditEvent
from app.core import clock

_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


class Who(Protocol):
    """Anybody or anything that acts: an account's actor, the command line."""

    @property
    def id(self) -> str: ...


def record(
    db: Session,
    actor: Who,
    action: AuditAction,
    subject_type: str,
    subject_id: str,
    organisation: str | None = None,
    outcome: str = "done",
    **detail: str | int | bool | list[str] | dict[str, int] | None,
) -> AuditEvent:
    """Records one event at the real clock's time, in the transaction of what it speaks of."""
    kept: dict[str, Any] = {key: value for key, value in detail.items() if value is not None}
    event = AuditEvent(
        at=clock.real_now(),
        actor=actor.id,
        action=action,
        outcome=outcome,
        organisation_code=organisation,
        subject_type=subject_type,
        subject_id=subject_id,
        detail=kept,
    )
    db.add(event)
    db.flush()
    if (heard := _heard.get()) is not None:
        heard.append(outcome)
    return event


def listen() -> list[str]:
    """Gives a list to which the outcomes are added of what this request records from here on."""
    heard: list[str] = []
    _heard.set(heard)
    return heard


def history_of(db: Session, subject_type: str, subject_id: str, limit: int = 20) -> Sequence[AuditEvent]:
    """What was done to this subject, the newest first; not who looked at it, or tried to."""
    query = select(AuditEvent).where(
        AuditEvent.subject_type == subject_type,
        AuditEvent.subject_id == subject_id,
        col(AuditEvent.action).not_in([AuditAction.VIEWED, AuditAction.TRY_REFUSED]),
    )
    return db.exec(query.order_by(col(AuditEvent.id).desc()).limit(limit)).all()
