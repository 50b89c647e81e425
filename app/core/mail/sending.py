"""Sends what waits in the outbox: one mail at a time, by one process of all, with no transaction open meanwhile.

An attempt is written down before it begins, so that one that is cut off is known as such. docs/decisions/0024 says more.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import structlog
from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from app.core import clock, leases
from app.core.db import Database
from app.core.delivering import LONGEST, pause
from app.core.logs import describe
from app.core.mail.channel import Channel, Mail, Outcome, Result
from app.core.mail.kept import Kept
from app.core.mail.notify import Notify
from app.core.mail.smtp import Smtp
from app.core.outbox import ENDED_UNSENT, Message, State
from app.mail_settings import Mail as Way
from app.settings import get_settings

LEASE = "mail"
_DONE = {Result.SENT: "sent.", Result.KEPT: "kept in the outbox."}
ATTEMPTS = 30  # with their pauses about a day
CUT_OFF = "The last attempt was cut off. The mail may have arrived."
GIVEN_UP = "Given up after a day of attempts."
Over = Mapping[str, Callable[[Session, Message], bool]]
ROUND = timedelta(seconds=10)  # then other work has its turn
RESTING = timedelta(minutes=2)  # from the beginning of an attempt, longer than any lasts
IDLE = timedelta(minutes=5)  # a mail that is due waits seconds for a worker that runs
log = structlog.get_logger(__name__)


def channel() -> Channel:
    """The one that is set."""
    settings = get_settings()
    match settings.mail:
        case Way.SMTP:
            return Smtp(settings)
        case Way.NOTIFY:
            return Notify(settings)
        case Way.OUTBOX:
            return Kept()


def send(
    store: Database,
    holder: str,
    is_stopping: Callable[[], bool] = lambda: False,
    by: Channel | None = None,
    over: Over = MappingProxyType({}),
) -> Iterator[str]:
    """Sends what is due, until it is asked to stop, the time of a round is up, or the channel is down.

    A mail of a kind in `over` for which the question there is answered by yes is called back instead. `holder` names this process among those that may do it. Tells in words what was done, naming mails by their id.
    """
    by = by or channel()
    ends_at = clock.real_now() + ROUND
    mail = _begin(store, holder, by, over)
    if mail is None:
        return
    while mail is not None:
        outcome = _tried(by, mail)
        _note(store, mail, outcome)
        yield f"Mail {mail.id}: {outcome.trouble or _DONE[outcome.result]}"
        is_last = outcome.is_down or is_stopping() or clock.real_now() >= ends_at
        mail = None if is_last else _claim(store, holder, by, over)
    with store.writing() as db:
        leases.give_back(db, LEASE, holder)


def seems_idle(db: Session) -> bool:
    """Whether a mail that is due was left alone for long: probably no worker runs."""
    now = clock.now()
    return _first(db, now, col(Message.created_at) < now - IDLE, _since(now - IDLE)) is not None


def _begin(store: Database, holder: str, by: Channel, over: Over) -> Mail | None:
    """Looks first, so that most times nothing is written."""
    with store.reading() as db:
        if _first(db, clock.now()) is None:
            return None
    return _claim(store, holder, by, over)


def _claim(store: Database, holder: str, by: Channel, over: Over) -> Mail | None:
    """The next mail, its attempt written down; None when there is none or another process sends."""
    with store.writing() as db:
        now = clock.now()
        if not leases.take(db, LEASE, holder, now):
            return None
        while (message := _first(db, now)) is not None and over.get(message.kind, _never)(db, message):
            message.state, message.trouble, message.next_at = State.OVER, ENDED_UNSENT, None
            db.add(message)
            db.flush()
        if message is None:
            return None
        mail = Mail(message.id, message.to, message.subject, message.body, message.is_unsure)
        message.attempts += 1
        message.is_unsure, message.trouble, message.channel = True, CUT_OFF, by.name
        message.next_at = now + RESTING
        db.add(message)
        return mail


def _never(_db: Session, _message: Message) -> bool:
    return False


def _tried(by: Channel, mail: Mail) -> Outcome:
    try:
        return by.send(mail)
    except Exception as error:  # one mail that nobody foresaw keeps no other from leaving
        log.error("a mail could not be sent", message=mail.id, **describe(error))
        return Outcome(Result.TRY_AGAIN, f"Something went wrong on our side ({type(error).__name__}).", is_unsure=True)


def _note(store: Database, mail: Mail, outcome: Outcome) -> None:
    """Writes down what became of an attempt. One that arrived has arrived, whatever was done to the message meanwhile."""
    with store.writing() as db:
        message = db.get(Message, mail.id, with_for_update=True)
        if message is None or (message.state != State.WAITING and outcome.result is not Result.SENT):
            return
        message.is_unsure = mail.is_unsure or outcome.is_unsure
        message.trouble = outcome.trouble or None
        if outcome.result is Result.SENT:
            message.state, message.sent_at, message.next_at = State.SENT, clock.now(), None
            message.is_unsure, message.channel_reference = False, outcome.reference or None
            message.body = "" if message.blank_when_sent else message.body
        elif outcome.result is Result.TRY_AGAIN and message.attempts < ATTEMPTS:
            message.next_at = clock.now() + pause(message.attempts, outcome.asked)
        else:
            message.state = State.KEPT if outcome.result is Result.KEPT else State.FAILED
            message.next_at = None
            if outcome.result is Result.TRY_AGAIN:
                message.trouble = f"{outcome.trouble} {GIVEN_UP}"
        db.add(message)


def _first(db: Session, now: datetime, *more: ColumnElement[bool]) -> Message | None:
    """The oldest mail that is due."""
    waiting = select(Message).where(col(Message.state) == State.WAITING, _since(now), *more)
    return db.exec(waiting.order_by(col(Message.id)).limit(1)).first()


def _since(now: datetime) -> ColumnElement[bool]:
    """Due at this moment. A pause that ends later than any can be is one from before the clock was set back."""
    next_at = col(Message.next_at)
    return or_(next_at.is_(None), next_at <= now, next_at > now + 2 * LONGEST)
