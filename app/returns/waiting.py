"""Checks that take their time: each runs in a thread of the process that received the file, and its state in words stands
in the database, so that any process can tell. What is left half done by a process that died is nothing at all.
"""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime, timedelta
from functools import cache

import structlog
from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.core import clock
from app.core.db import Database
from app.core.errors import NotFound, ServiceError
from app.core.logs import describe
from app.returns.models import WaitingCheck
from app.returns.rules.engine import RULES, Finding
from app.returns.service import Received, Upload, receive

AT_ONCE_SECONDS = 2.0
ASKED_EVERY = 0.01
CHECKS = 3
GIVEN_UP_AFTER = timedelta(seconds=60)
KEPT = timedelta(hours=24)
QUOTING = frozenset({"F05", "F09"})  # their words name headings of the file
OUR_FAULT = "Something went wrong on our side and nothing of the file was kept. Send it again."
log = structlog.get_logger(__name__)


@cache
def _threads() -> ThreadPoolExecutor:
    """Few at once, so that pages stay quick; further ones wait their turn and say so."""
    return ThreadPoolExecutor(max_workers=CHECKS, thread_name_prefix="check")


def begin(store: Database, actor: Actor, sent: Upload) -> tuple[str, Future[Received]]:
    """Starts judging a file. Gives the id under which its state is told, and what will come of it."""
    with store.writing() as db:
        now = clock.now()
        db.connection().execute(delete(WaitingCheck).where(over(now)))
        waiting = WaitingCheck(
            actor=actor.id, organisation_code=sent.organisation, period=str(sent.period), began_at=now
        )
        db.add(waiting)
    context = copy_context()
    return waiting.id, _threads().submit(context.run, _judge, store, actor, sent, waiting.id)


def over(now: datetime) -> ColumnElement[bool]:
    """Checks of which nobody asks any more what came of them."""
    return col(WaitingCheck.began_at) < now - KEPT


async def result(future: Future[Received]) -> Received | None:
    """What came of it, if it came within the time that a person waits without a word; None while it goes on."""
    until = time.monotonic() + AT_ONCE_SECONDS
    while not future.done() and time.monotonic() < until:
        await asyncio.sleep(ASKED_EVERY)
    return future.result() if future.done() else None


def find(db: Session, actor: Actor, waiting_id: str) -> WaitingCheck:
    """Raises NotFound (404) for anybody's but one's own."""
    found = db.get(WaitingCheck, waiting_id)
    if found is None or found.actor != actor.id:
        raise NotFound
    return found


def has_stopped(waiting: WaitingCheck) -> bool:
    """Whether the process that judged it must have died."""
    return waiting.ended_at is None and clock.now() - waiting.began_at > GIVEN_UP_AFTER


def _judge(store: Database, actor: Actor, sent: Upload, waiting_id: str) -> Received:
    """The check and the word that it is done are one transaction."""
    try:
        with store.writing() as db:
            received = receive(db, actor, sent)
            _end(db, waiting_id, received.return_.id if received.return_ else None,
                 [_kept_words(finding) for finding in received.refusal])  # fmt: skip
        return received
    except ServiceError as error:
        _end_apart(store, waiting_id, error.detail)
        raise
    except Exception as error:
        log.error("a check failed", **describe(error))
        _end_apart(store, waiting_id, OUR_FAULT)
        raise


def _kept_words(finding: Finding) -> str:
    """What may be kept of a refused file: a file without headings has a person where they should stand."""
    return RULES[finding.code].summary if finding.code in QUOTING else finding.message


def _end_apart(store: Database, waiting_id: str, words: str) -> None:
    try:
        with store.writing() as db:
            _end(db, waiting_id, None, [words])
    except ServiceError as error:  # the database itself is away: the page says so, and later that the check stopped
        log.warning("cannot note that a check ended", **describe(error))


def _end(db: Session, waiting_id: str, return_id: str | None, refusal: Sequence[str]) -> None:
    waiting = db.get_one(WaitingCheck, waiting_id)
    waiting.ended_at, waiting.return_id, waiting.refusal = clock.now(), return_id, list(refusal)
    db.add(waiting)
    db.flush()
