"""Sends files of releases to the endpoints of the settings: one release after the other to each, until it has arrived.
Of several workers each takes an endpoint that no other has.

No transaction is open while the recipient is asked, so it may take its time. What is sent and not noted is sent again
with the same key, by which the recipient knows it.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256

import httpx
from sqlmodel import Session

from app.accounts.access import WORKER
from app.audit.models import AuditAction
from app.audit.service import record
from app.connections import Endpoint
from app.core import clock, leases
from app.core.db import Database
from app.core.delivering import Outcome, attempt, pause
from app.core.outgoing import each_within
from app.core.signing import signed_in_parts
from app.releases import due, freezing
from app.releases.due import Parcel
from app.releases.models import Delivery, DeliveryAttempt, Handover
from app.settings import get_settings

LEASE = "releases"  # one for each endpoint
PATIENCE, SILENCE = timedelta(minutes=15), timedelta(seconds=30)  # for one file; less silence than a lease lasts
RENEWED_AFTER = timedelta(seconds=15)
ROUND = timedelta(seconds=30)  # then other work has its turn
KNOWN = frozenset({409})  # how a recipient says that it has something with this key already
CHANGED = "The file is not any more as it was when it was released, so it was not sent. Tell whoever runs the service."
DELETED = (
    "The file was deleted when its time was over, so it was not sent. Ask for a new release if it is still needed."
)
_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def deliver(store: Database, holder: str, is_stopping: Callable[[], bool] = lambda: False) -> Iterator[str]:
    """Sends what is due, until it is asked to stop, the time of a round is up, or nothing is due. Tells what was done.

    `holder` names this process among those that may do it: to each endpoint one sends at a time.
    """
    ends_at = clock.real_now() + ROUND
    for endpoint in get_settings().release_endpoints:
        if _begin(store, holder, endpoint):
            with each_within(PATIENCE, SILENCE) as client:
                while parcel := _next(store, holder, endpoint):
                    outcome = _send(store, holder, client, parcel)
                    yield _note(store, parcel, outcome)
                    if is_stopping() or clock.real_now() >= ends_at:
                        break
            with store.writing() as db:
                leases.give_back(db, _lease(endpoint), holder)
            if is_stopping() or clock.real_now() >= ends_at:
                return


def _lease(endpoint: Endpoint) -> str:
    return f"{LEASE} {endpoint.key}"


def _begin(store: Database, holder: str, to: Endpoint) -> bool:
    """Whether there is something to send there, and nobody else is sending. Looks first, so that most times nothing is
    written.
    """
    now = clock.now()
    with store.reading() as db:
        if not due.unplanned(db, now, [to]) and due.first(db, now, to) is None:
            return False
    with store.writing() as db:
        if not leases.take(db, _lease(to), holder, now):
            return False
        due.plan(db, now, [to])
        return True


def _next(store: Database, holder: str, to: Endpoint) -> Parcel | None:
    with store.writing() as db:
        return due.first(db, clock.now(), to) if leases.take(db, _lease(to), holder, clock.now()) else None


def _send(store: Database, holder: str, client: httpx.Client, parcel: Parcel) -> Outcome:
    """Reads the file twice, for the signature and for the recipient, so that no file stands in memory whole."""
    if parcel.deleted_at is not None:
        return Outcome(DELETED)
    digest, at = sha256(), clock.real_now()

    def hashed() -> Iterator[bytes]:
        for part in _pieces(store, holder, parcel):
            digest.update(part)
            yield part

    endpoint = parcel.endpoint
    signature = signed_in_parts(endpoint.signing_key.get_secret_value(), parcel.id, at, hashed())
    if digest.hexdigest() != parcel.sha256:
        return Outcome(CHANGED)
    headers = signature | {
        "Content-Type": _TYPES[parcel.name.rpartition(".")[2]],
        "Content-Length": str(parcel.size),
        "Content-Disposition": f'attachment; filename="release-{parcel.number}-{parcel.name}"',
        "Idempotency-Key": parcel.id,
        "X-Content-SHA256": parcel.sha256,
        "X-Release-Number": str(parcel.number),
    }
    return attempt(client, endpoint.url, _pieces(store, holder, parcel), headers, KNOWN)


def _pieces(store: Database, holder: str, parcel: Parcel) -> Iterator[bytes]:
    """The file part by part, each read in a transaction of its own. Meanwhile the lease is kept from running out."""
    number, renewed = 0, clock.real_now()
    while True:
        with store.reading() as db:
            content = freezing.piece(db, parcel.file_id, number)
        if content is None:
            return
        yield content
        number += 1
        if clock.real_now() - renewed > RENEWED_AFTER:
            renewed = clock.real_now()
            with store.writing() as db:
                leases.take(db, _lease(parcel.endpoint), holder, clock.now())


def _note(store: Database, parcel: Parcel, outcome: Outcome) -> str:
    """Writes down what became of an attempt: also what a process did whose turn was over. Tells it in words."""
    now = clock.now()
    with store.writing() as db:
        delivery = db.get(Delivery, parcel.id, with_for_update=True)
        if delivery is None or delivery.arrived_at is not None:
            return _told(parcel, "it had arrived before.")
        db.add(DeliveryAttempt(delivery_id=delivery.id, at=now, trouble=outcome.trouble))
        delivery.attempts += 1
        if outcome.arrived:
            _arrived(db, delivery, parcel, now)
            said = "delivered."
        elif parcel.deleted_at is not None or now - (due.first_try(db, delivery.id) or now) >= due.GIVEN_UP_AFTER:
            delivery.next_at, delivery.given_up_at = None, now
            said = f"{outcome.trouble} Given up after {delivery.attempts} attempts."
        else:
            delivery.next_at, said = now + pause(delivery.attempts, outcome.asked), outcome.trouble
        db.add(delivery)
    return _told(parcel, said)


def _arrived(db: Session, delivery: Delivery, parcel: Parcel, now: datetime) -> None:
    delivery.arrived_at, delivery.next_at, delivery.given_up_at = now, None, None
    purpose = f"Delivered to the endpoint {delivery.endpoint}"
    db.add(Handover(release_id=delivery.release_id, name=delivery.name, by=WORKER.id, at=now, purpose=purpose))
    record(
        db, WORKER, AuditAction.RELEASE_DELIVERED, "release", delivery.release_id,
        number=parcel.number, file=delivery.name, endpoint=delivery.endpoint, attempts=delivery.attempts,
    )  # fmt: skip


def _told(parcel: Parcel, said: str) -> str:
    return f"Release {parcel.number}, {parcel.name} to {parcel.endpoint.key}: {said}"
