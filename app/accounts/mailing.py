"""What an administrator does with mails: sending one again that was given up."""

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.people import may_manage
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import outbox
from app.core.outbox import Message


def try_again(db: Session, actor: Actor, message_id: str) -> Message:
    """Raises Forbidden (403), NotFound (404), Conflict (409) for a mail that is not given up or has no text any more."""
    may_manage(actor)
    message = outbox.try_again(db, message_id)
    record(db, actor, AuditAction.MAIL_RETRIED, "mail", message.id, message.about, kind=message.kind)
    return message
