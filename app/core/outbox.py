"""The outbox: messages kept to be read here. Nothing is sent; a channel that sends takes them from this table."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, func, select, update

from app.core import clock
from app.core.db import Instant
from app.core.ids import new_id
from app.core.paging import Page, cut, from_cursor


class Message(SQLModel, table=True):
    """One message in plain text. Its body is blank when what it said is over and must not be read again."""

    __tablename__ = "outbox_messages"

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    created_at: datetime = Field(sa_type=Instant)
    kind: str = Field(max_length=30)
    to: str = Field(max_length=254)
    subject: str = Field(max_length=200)
    body: str


def put(db: Session, to: str, subject: str, body: str, kind: str) -> Message:
    message = Message(created_at=clock.real_now(), kind=kind, to=to, subject=subject, body=body)
    db.add(message)
    db.flush()
    return message


def list_messages(db: Session, limit: int, cursor: str | None) -> Page[Message]:
    """Messages, the newest first."""
    query = select(Message).order_by(col(Message.id).desc()).limit(limit + 1)
    if last := from_cursor(cursor):
        query = query.where(col(Message.id) < last)
    return cut(db.exec(query).all(), limit, lambda message: message.id)


def number_of_messages(db: Session) -> int:
    return db.exec(select(func.count()).select_from(Message)).one()


def blank(db: Session, id_: str) -> None:
    """Takes the text out of a message, for example when the link in it is used or replaced."""
    db.exec(update(Message).where(col(Message.id) == id_).values(body=""))
