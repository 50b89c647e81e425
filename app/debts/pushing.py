"""Pushes the Warnings Index feed to its recipient: strictly in order, one event at a time, each until it has arrived.

No transaction is open while the recipient is asked, so it may take its time. What is sent and not noted is sent again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlmodel import Session

from app.accounts.access import WORKER
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock, leases
from app.core.db import Database
from app.core.delivering import Outcome, attempt, pause
from app.core.outgoing import each_within
from app.core.signing import signed
from app.debts.delivery import head, is_due
from app.debts.flag_event import FlagEvent
from app.debts.models import WarningsIndexEvent
from app.settings import get_settings

LEASE = "warnings-index"
PATIENCE = timedelta(seconds=10)  # for one event
IDLE = timedelta(minutes=5)  # an event that is due waits seconds for a worker that runs
ROUND = timedelta(seconds=10)  # then other work has its turn


@dataclass(frozen=True)
class Recipient:
    """Where events are pushed to, and the key that they are signed with."""

    url: str
    key: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


def recipient() -> Recipient | None:
    """None where the recipient fetches the feed."""
    settings = get_settings()
    url = settings.warnings_index_push_url
    return Recipient(url, settings.warnings_index_push_key.get_secret_value()) if url else None


def seems_idle(db: Session, waiting: WarningsIndexEvent | None, now: datetime) -> bool:
    """Whether an event that is due was left alone for long, and nothing before it went out: probably no worker runs."""
    if recipient() is None or waiting is None or not is_due(waiting, now):
        return False
    before = db.get(WarningsIndexEvent, waiting.id - 1)
    moments = [waiting.at, waiting.next_try_at, before.acknowledged_at if before is not None else None]
    return now - max(moment for moment in moments if moment is not None) > IDLE


def push(store: Database, holder: str, is_stopping: Callable[[], bool] = lambda: False) -> Iterator[str]:
    """Sends what is due, until it is asked to stop, the time of a round is up, or an event does not arrive.

    `holder` names this process among those that may do it. Tells in words what was done.
    """
    to = recipient()
    event = _begin(store, holder) if to is not None else None
    if to is None or event is None:
        return
    ends_at = clock.real_now() + ROUND
    with each_within(PATIENCE) as client:
        while event is not None:
            body = FlagEvent.of(event).model_dump_json().encode()
            outcome = attempt(client, to.url, body, signed(to.key, str(event.id), clock.real_now(), body))
            following = _note(store, holder, event.id, outcome)
            yield _told(event, outcome)
            event = None if is_stopping() or clock.real_now() >= ends_at else following
    with store.writing() as db:
        leases.give_back(db, LEASE, holder)


def _begin(store: Database, holder: str) -> WarningsIndexEvent | None:
    """The first event to send, if there is one and nobody else is sending. Looks first, so that most times nothing is
    written."""
    with store.reading() as db:
        if _due(db) is None:
            return None
    with store.writing() as db:
        return _due(db) if leases.take(db, LEASE, holder, clock.now()) else None


def _note(store: Database, holder: str, event_id: int, outcome: Outcome) -> WarningsIndexEvent | None:
    """Writes down what became of an event, and gives the one that follows if it arrived and the turn is still ours.

    What arrived has arrived, whoever's turn it is. A failure is noted by whoever's turn it is.
    """
    with store.writing() as db:
        is_ours = leases.take(db, LEASE, holder, clock.now())
        event = db.get(WarningsIndexEvent, event_id, with_for_update=True)
        if event is None or event.acknowledged_at is not None or not (outcome.arrived or is_ours):
            return None
        event.attempts += 1
        if outcome.arrived:
            event.acknowledged_at, event.next_try_at, event.trouble = clock.now(), None, None
            record(
                db, WORKER, AuditAction.WARNINGS_INDEX_PUSHED, "warnings-index", str(event.id), event.organisation_code
            )
        else:
            event.next_try_at = clock.now() + pause(event.attempts, outcome.asked)
            event.trouble = outcome.trouble
        db.add(event)
        db.flush()
        return _due(db) if is_ours else None


def _due(db: Session) -> WarningsIndexEvent | None:
    event = head(db)
    return event if event is not None and is_due(event, clock.now()) else None


def _told(event: WarningsIndexEvent, outcome: Outcome) -> str:
    return f"Warnings Index, event {event.id} ({event.action}): {outcome.trouble or 'delivered.'}"
