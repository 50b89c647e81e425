"""The outbox: mails as they were written, in the transaction that causes them. The worker sends what waits, after it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, case, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, func, select, update

from app.core import clock
from app.core.db import Instant
from app.core.errors import Conflict, NotFound
from app.core.ids import new_id
from app.core.paging import Page, cut, from_cursor
from app.mail_settings import Mail
from app.settings import get_settings

ENDED_UNSENT = "What it says was over before it could be sent."


class State(StrEnum):
    """What became of a message. `kept`: no channel was set when it was written, so it is only read here. `over`: what it
    asked for was done before it could leave.
    """

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    KEPT = "kept"
    OVER = "over"


class Message(SQLModel, table=True):
    """One message in plain text. Its body is blank when what it said is over and must not be read again.

    `once` is the reason for which it was written, where there may be one message only for that reason. `about` is the
    organisation whose business it is. `is_unsure`: an attempt began, and nobody knows whether it arrived. `trouble` is
    in our words, never the recipient's. `blank_when_sent`: it opens something, so nobody but its reader keeps the text.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index(
            "ix_outbox_messages_waiting",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    created_at: datetime = Field(sa_type=Instant)
    kind: str = Field(max_length=30)
    to: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: str
    once: str | None = Field(default=None, max_length=200, unique=True)
    about: str | None = Field(default=None, max_length=20, index=True)
    blank_when_sent: bool = False
    state: str = Field(max_length=10)
    attempts: int = 0
    is_unsure: bool = False
    next_at: datetime | None = Field(default=None, sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)
    trouble: str | None = Field(default=None, max_length=300)
    channel: str | None = Field(default=None, max_length=10)
    channel_reference: str | None = Field(default=None, max_length=100)


_MESSAGES: Any = Message.__table__  # type: ignore[attr-defined]


def put(
    db: Session,
    to: str,
    subject: str,
    body: str,
    kind: str,
    *,
    once: str | None = None,
    about: str | None = None,
) -> Message | None:
    """Writes a message in the caller's transaction, or nothing (None) when one was written before for the reason `once`.

    It leaves only after the commit.
    """
    message = Message(
        created_at=clock.now(),
        kind=kind,
        to=to,
        subject=subject,
        body=body,
        once=once,
        about=about,
        state=State.KEPT if get_settings().mail is Mail.OUTBOX else State.WAITING,
    )
    insert: Any = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(_MESSAGES).values(**message.model_dump()).on_conflict_do_nothing(index_elements=["once"])
    written = db.connection().execute(statement.returning(_MESSAGES.c.id)).scalar()
    return db.get_one(Message, written) if written else None


def list_messages(
    db: Session, limit: int, cursor: str | None, *, state: str | None = None, kind: str | None = None
) -> Page[Message]:
    """Messages, the newest first; those in one state or of one kind when asked for."""
    query = select(Message).order_by(col(Message.id).desc()).limit(limit + 1)
    if last := from_cursor(cursor, "messages"):
        query = query.where(col(Message.id) < last)
    if state:
        query = query.where(col(Message.state) == state)
    if kind:
        query = query.where(col(Message.kind) == kind)
    return cut(db.exec(query).all(), limit, lambda message: message.id, "messages")


def messages_about(db: Session, organisation: str, limit: int) -> Sequence[Message]:
    """What was written about one organisation's business, the newest first."""
    query = select(Message).where(col(Message.about) == organisation).order_by(col(Message.id).desc())
    return db.exec(query.limit(limit)).all()


def number_of_messages(db: Session) -> int:
    return db.exec(select(func.count()).select_from(Message)).one()


def number_failed(db: Session) -> int:
    return db.exec(select(func.count()).where(col(Message.state) == State.FAILED)).one()


def try_again(db: Session, id_: str) -> Message:
    """A mail that was given up waits once more, with all its attempts before it. Raises NotFound (404), Conflict (409)."""
    message = db.get(Message, id_, with_for_update=True) if id_.isprintable() else None
    if message is None:
        raise NotFound
    if message.state != State.FAILED:
        raise Conflict("This mail is not given up, so there is nothing to send again.")
    if not message.body:
        raise Conflict("The text of this mail is taken out, so it cannot be sent. Send a new link instead.")
    message.state, message.attempts, message.next_at = State.WAITING, 0, clock.now()
    db.add(message)
    db.flush()
    return message


def give_up_waiting(db: Session, why: str) -> int:
    """No mail that waits leaves by itself any more, since it may have left before; an administrator may send one again.

    One whose link has ended with this loses its text. Gives how many there were.
    """
    waits = col(Message.state) == State.WAITING
    number = db.exec(select(func.count()).select_from(Message).where(waits)).one()
    db.exec(update(Message).where(waits, col(Message.blank_when_sent)).values(blanked()))
    db.exec(
        update(Message).where(waits).values(state=State.FAILED.value, next_at=None, is_unsure=True, trouble=why),
    )
    return number


def blank(db: Session, id_: str) -> None:
    """Takes the text out of a message, for example when the link in it is used or replaced."""
    db.exec(update(Message).where(col(Message.id) == id_).values(blanked()))


def blanked() -> dict[Any, Any]:
    """What a message becomes without its text. One that still waits is not sent any more."""
    waits = col(Message.state) == State.WAITING
    return {
        col(Message.body): "",
        col(Message.state): case((waits, State.FAILED.value), else_=col(Message.state)),
        col(Message.trouble): case((waits, ENDED_UNSENT), else_=col(Message.trouble)),
    }
