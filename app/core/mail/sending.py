"""Sends what waits in the outbox, by any number of workers: each claims one mail at a time that no other has, and sends it
with no transaction open.

An attempt is written down before it begins, so that one that is cut off is known as such. docs/decisions/0024 says more.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import structlog
from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from app.core import clock
from app.core.db import Database
from app.core.delivering import LONGEST, pause
from app.core.logs import describe
from app.core.mail.channel import Channel, Mail, Outcome, Result
from app.core.mail.kept import Kept
from app.core.mail.smtp import Smtp
from app.core.outbox import ENDED_UNSENT, Message, State
from app.mail_settings import Mail as Way
from app.settings import get_settings

_DONE = {Result.SENT: "sent.", Result.KEPT: "kept in the outbox."}
ATTEMPTS = 30  # with their pauses about a day
CUT_OFF = "The last attempt was cut off. The mail may have arrived."
GIVEN_UP = "Given up after a day of attempts."
Over = Mapping[str, Callable[[Session, Message], bool]]
ROUND = timedelta(seconds=10)  # then other work has its turn
RESTING = timedelta(minutes=2)  # from the beginning of an attempt, longer than any lasts
IDLE = timedelta(minutes=5)  # a mail that is due waits seconds for a worker that runs
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class _Claim:
    """One mail for one attempt. When it is cut off, the mail can be claimed again after RESTING, as the next attempt."""

    mail: Mail
    attempt: int


def channel() -> Channel:
    """The one that is set."""
    settings = get_settings()
    match settings.mail:
        case Way.SMTP:
            return Smtp(settings)
        case Way.NOTIFY:
            from app.core.mail.notify import Notify  # noqa: PLC0415 - its client takes long to load

            return Notify(settings)
        case Way.OUTBOX:
            return Kept()


def send(
    store: Database,
    is_stopping: Callable[[], bool] = lambda: False,
    by: Channel | None = None,
    over: Over = MappingProxyType({}),
) -> Iterator[str]:
    """Sends what is due, until it is asked to stop, the time of a round is up, or the channel is down.

    A mail of a kind in `over` for which the question there is answered by yes is called back instead. Tells in words what
    was done, naming mails by their id.
    """
    by = by or channel()
    ends_at = clock.real_now() + ROUND
    claim = _begin(store, by, over)
    while claim is not None:
        outcome = _tried(by, claim.mail)
        _note(store, claim, outcome)
        yield f"Mail {claim.mail.id}: {outcome.trouble or _DONE[outcome.result]}"
        is_last = outcome.is_down or is_stopping() or clock.real_now() >= ends_at
        claim = None if is_last else _claim(store, by, over)


def seems_idle(db: Session) -> bool:
    """Whether a mail that is due was left alone for long: probably no worker runs."""
    now = clock.now()
    waiting = _waiting(now, col(Message.created_at) < now - IDLE, _since(now - IDLE))
    return db.exec(waiting).first() is not None


def _begin(store: Database, by: Channel, over: Over) -> _Claim | None:
    """Looks first, so that most times nothing is written."""
    with store.reading() as db:
        if db.exec(_waiting(clock.now())).first() is None:
            return None
    return _claim(store, by, over)


def _claim(store: Database, by: Channel, over: Over) -> _Claim | None:
    """The next mail that no other worker is about to take, its attempt written down; None when there is none."""
    with store.writing() as db:
        now = clock.now()
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
        return _Claim(mail, message.attempts)


def _never(_db: Session, _message: Message) -> bool:
    return False


def _tried(by: Channel, mail: Mail) -> Outcome:
    try:
        return by.send(mail)
    except Exception as error:  # one mail that nobody foresaw keeps no other from leaving
        log.error("a mail could not be sent", message=mail.id, **describe(error))
        return Outcome(Result.TRY_AGAIN, f"Something went wrong on our side ({type(error).__name__}).", is_unsure=True)


def _note(store: Database, claim: _Claim, outcome: Outcome) -> None:
    """Writes down what became of an attempt. One that arrived has arrived, whatever was done to the message meanwhile;
    any other outcome counts only while no later attempt has begun, as it has after a worker was suspended for long.
    """
    with store.writing() as db:
        message = db.get(Message, claim.mail.id, with_for_update=True)
        if message is None:
            return
        is_ours = message.state == State.WAITING and message.attempts == claim.attempt
        if not is_ours and outcome.result is not Result.SENT:
            return
        message.is_unsure = claim.mail.is_unsure or outcome.is_unsure
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


def _first(db: Session, now: datetime) -> Message | None:
    """The oldest mail that is due and that no other transaction holds, held until this one ends."""
    return db.exec(_waiting(now).with_for_update(skip_locked=True)).first()


def _waiting(now: datetime, *more: ColumnElement[bool]) -> SelectOfScalar[Message]:
    """The oldest mail that is due."""
    found = select(Message).where(col(Message.state) == State.WAITING, _since(now), *more)
    return found.order_by(col(Message.id)).limit(1)


def _since(now: datetime) -> ColumnElement[bool]:
    """Due at this moment. A pause that ends later than any can be is one from before the clock was set back."""
    next_at = col(Message.next_at)
    return or_(next_at.is_(None), next_at <= now, next_at > now + 2 * LONGEST)
