"""The worker: does by itself, beside the service, what falls due. `JOBS` is the list of what that is."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

import typer

from app.audit import sealing
from app.cli.attended import Attended
from app.cli.database import must_fit, must_last, opened
from app.cli.sentences import sentence
from app.core import logs
from app.core.db import Database
from app.core.errors import ServiceError
from app.core.ids import new_id
from app.core.mail import sending
from app.debts import pushing, thresholds
from app.debts.comparing import compare_waiting
from app.releases import delivering
from app.reminders import automatic
from app.reminders import sending as reminding
from app.settings import Environment, get_settings
from app.watching import listener

LONGEST_SLEEP = timedelta(seconds=15)
STEP = 0.25  # seconds; a signal is heeded after one at most


@dataclass
class Turn:
    """What a job is given: the database, a name for this process among others, and whether it should come to an end."""

    store: Database
    holder: str = field(default_factory=new_id)
    signalled: int = 0

    def __post_init__(self) -> None:
        self.chain = sealing.Chain(self.store)

    def is_stopping(self) -> bool:
        return bool(self.signalled)


@dataclass(frozen=True)
class Job:
    """One thing to do again and again. `work` does what is due then, and tells a line for each thing done.

    It must bear being done by several workers at once, and being cut off at any moment: a list is shared by claiming row
    by row (mails), an order by a lease (the feed, releases to an endpoint), the rest is done by whoever has the turn while
    the others go on without waiting.
    """

    name: str
    every: timedelta
    work: Callable[[Turn], Iterator[str]]


def _compare(turn: Turn) -> Iterator[str]:
    """Whoever an interrupted posting has left to be compared with others."""
    if number := compare_waiting(turn.store, turn.is_stopping):
        yield f"Compared the persons of {number:,} debts with everybody alike."


def _send_mails(turn: Turn) -> Iterator[str]:
    """A reminder whose return came meanwhile is called back."""
    return sending.send(turn.store, turn.is_stopping, over={reminding.KIND: reminding.is_over})


def _seal(turn: Turn) -> Iterator[str]:
    """The line is a copy of the chain's head outside the database: whoever keeps it can hold the audit to it."""
    if (number := turn.chain.seal()) and (head := turn.chain.head):
        yield f"Audit: sealed {number:,} events, up to event {head.last_id}. Head {head.number}: {head.digest}"


def _count(turn: Turn) -> Iterator[str]:
    if codes := thresholds.mergers_begun(turn.store):
        yield f"Counted the debts of {', '.join(codes)} with those of their successors."


JOBS: tuple[Job, ...] = (
    Job("Audit", timedelta(seconds=sealing.EVERY_SECONDS), _seal),
    Job("Mergers", timedelta(minutes=1), _count),
    Job("Possible matches", timedelta(minutes=1), _compare),
    Job("Warnings Index", timedelta(seconds=5), lambda turn: pushing.push(turn.store, turn.holder, turn.is_stopping)),
    Job("Reminders", timedelta(minutes=15), lambda turn: automatic.remind(turn.store)),
    Job("Mail", timedelta(seconds=5), _send_mails),
    Job("Releases", timedelta(seconds=15), lambda turn: delivering.deliver(turn.store, turn.holder, turn.is_stopping)),
)


def add_to(cli: typer.Typer) -> None:
    cli.command("worker")(worker)


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, then end.")] = False,
) -> None:
    """Do what falls due, beside the service: remind trusts, send mails, the files of releases and the events of the
    Warnings Index, count debts together where a successor begins, and compare the persons that an interrupted posting left
    over. Runs until stopped.
    """
    logs.set_up(json_lines=get_settings().environment is Environment.PRODUCTION)
    with opened() as store:
        must_last(store)
        must_fit(store)
        turn = Turn(store)
        if once:
            _once(turn)
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda received, _frame: _stop(turn, received))
        with _metrics():
            Attended(store).say("The worker runs. Ctrl-C stops it.")
            run(turn, JOBS)
    if turn.signalled == signal.SIGINT:
        raise typer.Abort


def run(turn: Turn, jobs: Sequence[Job]) -> None:
    """Round after round until it is stopped. A job that cannot do its work says so once, and is asked again.

    Raises Refused when a newer version has taken away from the database what this one uses.
    """
    due = dict.fromkeys(jobs, 0.0)
    troubles: dict[str, str] = {}
    attended = Attended(turn.store)
    while not turn.is_stopping():
        for job in [job for job in jobs if due[job] <= time.monotonic()]:
            if not turn.is_stopping():
                _attend(turn, job, attended, troubles)
                due[job] = time.monotonic() + job.every.total_seconds()
        if attended.is_to_be_noted():
            must_fit(turn.store)
            attended.note()
        _sleep(turn, min(*due.values(), time.monotonic() + LONGEST_SLEEP.total_seconds()))


def _once(turn: Turn) -> None:
    attended = Attended(turn.store)
    for job in JOBS:
        with attended.round(job.name):
            _tell(job.work(turn), attended)
    attended.note()


def _tell(lines: Iterator[str], attended: Attended) -> None:
    for line in lines:
        attended.say(line)


def _attend(turn: Turn, job: Job, attended: Attended, troubles: dict[str, str]) -> None:
    """What is wrong with the database is told once, though every job meets it."""
    try:
        with attended.round(job.name):
            _tell(job.work(turn), attended)
    except Exception as error:
        words = error.detail if isinstance(error, ServiceError) else sentence(error)[0]
        if words not in troubles.values():
            attended.complain(f"{job.name}: {words} The worker goes on trying.")
        troubles[job.name] = words
    else:
        if troubles.pop(job.name, None):
            attended.say(f"{job.name}: it works again.")


@contextmanager
def _metrics() -> Iterator[None]:
    settings = get_settings()
    if not settings.worker_metrics_port:
        yield
        return
    end = listener.listen(settings.metrics_host, settings.worker_metrics_port, listener.of_one_process())
    try:
        yield
    finally:
        end()


def _sleep(turn: Turn, until: float) -> None:
    while not turn.is_stopping() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, STEP))


def _stop(turn: Turn, received: int) -> None:
    """What is under way is finished first."""
    turn.signalled = received
