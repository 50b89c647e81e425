"""What the worker's rounds leave behind: a line for each thing done, counts, and when each job last ended.

In production a line is an event of the log, with the round's `job_id`, as is whatever services log during it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

import structlog
import typer

from app.core import clock, metrics, rounds
from app.core.db import Database
from app.core.errors import ServiceError
from app.core.ids import new_id
from app.settings import Environment, get_settings

log = structlog.get_logger(__name__)


class Attended:
    def __init__(self, store: Database) -> None:
        self._store = store
        self._ended: dict[str, tuple[datetime, bool]] = {}
        self._noted_at = float("-inf")
        self._is_logged = get_settings().environment is Environment.PRODUCTION

    @contextmanager
    def round(self, job: str) -> Iterator[None]:
        """One round of a job, with an id of its own."""
        began, is_well = time.monotonic(), False
        with structlog.contextvars.bound_contextvars(job=job, job_id=new_id()):
            try:
                yield
                is_well = True
            finally:
                self._ended[job] = (clock.real_now(), is_well)
                metrics.JOB_ROUNDS.labels(job, "done" if is_well else "troubled").inc()
                metrics.JOB_SECONDS.labels(job).inc(time.monotonic() - began)
                if is_well:
                    metrics.JOB_ENDED.labels(job).set_to_current_time()

    def say(self, words: str) -> None:
        if self._is_logged:
            log.info(words)
        else:
            typer.echo(words)

    def complain(self, words: str) -> None:
        if self._is_logged:
            log.warning(words)
        else:
            typer.echo(words, err=True)

    def is_to_be_noted(self) -> bool:
        return time.monotonic() - self._noted_at >= rounds.NOTED_EVERY.total_seconds()

    def note(self) -> None:
        """A database that is away is told of by the jobs themselves; the rounds are noted when it is back."""
        with suppress(ServiceError), self._store.writing() as db:
            rounds.note(db, self._ended)
            self._ended, self._noted_at = {}, time.monotonic()
