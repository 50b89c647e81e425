"""How the register stands, in numbers that are asked of the database when metrics are fetched. No names, no codes of bodies."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Lock

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select, text
from sqlmodel import Session, col

from app.audit.models import AuditEvent, AuditSeal
from app.core import clock, rounds
from app.core.db import Database
from app.core.outbox import Message
from app.core.outbox import State as MailState
from app.debts.models import WarningsIndexEvent
from app.periods.calendar import Period
from app.releases.models import Delivery
from app.returns.models import RefusedUpload, Return
from app.submissions.rules.state import RECEIVED, State
from app.submissions.standings import standings

KEPT_SECONDS = 15.0  # several who fetch at once ask the database once
PREFIX = "debtor_returns_"


class Gauges(Collector):
    """Tells `database_up` 0 and nothing else while the database does not answer."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._lock = Lock()
        self._until = 0.0
        self._last: list[GaugeMetricFamily] = []

    def describe(self) -> Iterable[GaugeMetricFamily]:
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with self._lock:
            if time.monotonic() >= self._until:
                self._last = _asked(self._store)
                self._until = time.monotonic() + KEPT_SECONDS
            yield from self._last


def _asked(store: Database) -> list[GaugeMetricFamily]:
    try:
        with store.reading() as db:
            found = [*_queues(db), *_returns(db), *_month(db), *_worker(db), _size(db, store)]
    except Exception:
        return [_gauge("database_up", "Whether the database answers and is prepared.", 0)]
    return [_gauge("database_up", "Whether the database answers and is prepared.", 1), *found]


def _queues(db: Session) -> Iterator[GaugeMetricFamily]:
    state = col(Message.state)
    mails = {name: number for name, number in db.execute(select(state, func.count()).group_by(state)).all()}
    yield _labelled(
        "mails", "Mails of the outbox, by state.", "state", {each.value: mails.get(each.value, 0) for each in MailState}
    )
    open_ = select(func.count()).select_from(Delivery).where(col(Delivery.arrived_at).is_(None))
    given_up = col(Delivery.given_up_at).is_not(None)
    states = {
        "waiting": db.execute(open_.where(~given_up)).scalar_one(),
        "given_up": db.execute(open_.where(given_up)).scalar_one(),
    }
    yield _labelled("deliveries", "Files of releases that have not arrived, by state.", "state", states)
    waiting = select(func.count(), func.min(col(WarningsIndexEvent.at))).where(
        col(WarningsIndexEvent.acknowledged_at).is_(None)
    )
    number, oldest = db.execute(waiting).one()
    yield _gauge("warnings_index_waiting", "Events of the feed that are not acknowledged.", number)
    age = (clock.now() - oldest).total_seconds() if oldest else 0.0
    yield _gauge("warnings_index_oldest_waiting_seconds", "How long the oldest of them waits.", max(age, 0.0))
    sealed = select(func.coalesce(func.max(col(AuditSeal.last_id)), 0)).scalar_subquery()
    unsealed = select(func.count(), func.min(col(AuditEvent.at))).where(col(AuditEvent.id) > sealed)
    number, oldest = db.execute(unsealed).one()
    yield _gauge("audit_unsealed", "Events of the audit that no seal holds yet.", number)
    age = (clock.real_now() - oldest).total_seconds() if oldest else 0.0
    yield _gauge("audit_oldest_unsealed_seconds", "How long the oldest of them waits.", max(age, 0.0))


def _returns(db: Session) -> Iterator[GaugeMetricFamily]:
    family = GaugeMetricFamily(f"{PREFIX}returns", "Returns kept.", labels=["lifecycle", "outcome"])
    by = (col(Return.lifecycle), col(Return.outcome))
    for lifecycle, outcome, number in db.execute(select(*by, func.count()).group_by(*by).order_by(*by)).all():
        family.add_metric([lifecycle, outcome], number)
    yield family
    code = col(RefusedUpload.code)
    refused = db.execute(select(code, func.count()).group_by(code).order_by(code)).all()
    yield _labelled(
        "refused_files", "Files refused whole, by code.", "code", {name: number for name, number in refused}
    )


def _month(db: Session) -> Iterator[GaugeMetricFamily]:
    """The month for which returns are being sent now: the last that has ended."""
    period = Period.containing(clock.today()).previous()
    states = [one.state for one in standings(db, None, [period])]
    owed = [state for state in states if state not in (State.NOT_OWED, State.EXCUSED)]
    received = [state for state in owed if state in RECEIVED]
    yield _gauge("month_owed", "Organisations that owe a return for the last month, due or not.", len(owed))
    yield _gauge("month_received", "Of them, those whose return has been received.", len(received))


def _worker(db: Session) -> Iterator[GaugeMetricFamily]:
    now = clock.real_now()
    ages = {each.job: max((now - each.ended_at).total_seconds(), 0.0) for each in rounds.rounds(db)}
    yield _labelled("worker_round_age_seconds", "Seconds since the worker last did each job.", "job", ages)
    troubled = {each.job: int(not each.is_well) for each in rounds.rounds(db)}
    yield _labelled("worker_job_troubled", "Whether a job's last round met a trouble.", "job", troubled)


def _size(db: Session, store: Database) -> GaugeMetricFamily:
    if store.is_sqlite:
        whole = Path(store.url.database or "")
        files = (whole, whole.with_name(whole.name + "-wal"))
        size = sum(file.stat().st_size for file in files if file.is_file())
    else:
        size = db.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    return _gauge("database_bytes", "The size of the database.", size)


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}{name}", words, value=value)


def _labelled(name: str, words: str, label: str, values: dict[str, int] | dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{PREFIX}{name}", words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
