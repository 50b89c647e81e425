"""Deliveries as people see them: how each file stands on its way to an endpoint, and asking for one more attempt."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.errors import Conflict, NotFound
from app.releases import due, freezing, queries
from app.releases.delivering import DELETED
from app.releases.models import Delivery, DeliveryAttempt, Release
from app.settings import get_settings

TOLD_FOR = timedelta(days=30)
MOST = 5


@dataclass(frozen=True)
class Sending:
    """One file on its way, with every attempt, the oldest first. `is_kept`: it was not deleted in its time."""

    delivery: Delivery
    attempts: list[DeliveryAttempt]
    is_kept: bool = True

    @property
    def is_given_up(self) -> bool:
        return self.delivery.given_up_at is not None

    @property
    def can_be_tried_again(self) -> bool:
        return self.is_given_up and self.is_kept

    @property
    def words(self) -> str:
        """How it stands, for the release's page."""
        if self.delivery.arrived_at is not None:
            return "Arrived"
        trouble = self.attempts[-1].trouble if self.attempts else ""
        if self.is_given_up and not self.is_kept:
            return f"Given up. {DELETED}"
        if self.is_given_up:
            return f"Given up. {trouble} Try again, or download the file and send it another way."
        return f"Is tried again. {trouble}" if trouble else "Is sent as soon as the worker comes to it"


def deliveries_of(db: Session, release_id: str) -> list[Sending]:
    """What was sent of a release or is to be sent, in the order of the endpoints' keys."""
    return [_sending(db, one) for one in due.of_release(db, release_id)]


def delivery_of(db: Session, release: Release, delivery_id: str) -> Sending:
    """Raises NotFound (404), also for a delivery of another release."""
    found = db.get(Delivery, delivery_id)
    if found is None or found.release_id != release.id:
        raise NotFound
    return _sending(db, found)


def _sending(db: Session, delivery: Delivery) -> Sending:
    file = freezing.file_of(db, delivery.release_id, delivery.name)
    return Sending(delivery, due.attempts_of(db, delivery.id), file.deleted_at is None)


def arrived_since(db: Session, release: Release, endpoint: str) -> int | None:
    """The number of the newest later release of which something has arrived there: what this one says is older."""
    query = (
        select(func.max(col(Release.number)))
        .join(Delivery, col(Delivery.release_id) == col(Release.id))
        .where(
            col(Delivery.endpoint) == endpoint,
            col(Delivery.arrived_at).is_not(None),
            col(Release.number) > release.number,
        )
    )
    found: int | None = db.execute(query).scalar()
    return found


def given_up(db: Session) -> list[tuple[Release, Delivery]]:
    """Files that were given up in the last days, the newest first: somebody has to see to them."""
    query = (
        select(Release, Delivery)
        .join(Delivery, col(Delivery.release_id) == col(Release.id))
        .where(col(Delivery.given_up_at) >= clock.now() - TOLD_FOR)
        .order_by(col(Release.number).desc(), col(Delivery.endpoint))
    )
    return [(release, delivery) for release, delivery in db.execute(query.limit(MOST))]


def try_again(db: Session, actor: Actor, release_id: str, delivery_id: str) -> Delivery:
    """One more attempt for a delivery that was given up, under its old key: the worker makes it as its next.

    Raises NotFound (404), Conflict (409) unless it is given up and its endpoint is still set, Gone (410) without its file.
    """
    release = queries.get(db, actor, release_id)
    found = db.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if found is None or found.release_id != release.id:
        raise NotFound
    _check(found)
    freezing.kept_file_of(db, release, found.name)
    found.given_up_at, found.next_at = None, clock.now()
    db.add(found)
    record(
        db, actor, AuditAction.RELEASE_DELIVERY_RETRIED, "release", release.id,
        number=release.number, file=found.name, endpoint=found.endpoint, attempts=found.attempts,
    )  # fmt: skip
    return found


def _check(delivery: Delivery) -> None:
    sent = f"{delivery.name} to {delivery.endpoint}"
    if delivery.arrived_at is not None:
        raise Conflict(f"{sent} has arrived, so there is nothing to send again.")
    if delivery.given_up_at is None:
        raise Conflict(f"{sent} is on its way already. It is tried again by itself until it arrives or is given up.")
    if (delivery.endpoint, delivery.name) not in {(one.key, one.file) for one in get_settings().release_endpoints}:
        raise Conflict(
            f"No endpoint {delivery.endpoint} for {delivery.name} is set any more. Download the file and send it another "
            "way, or ask whoever runs the service to set the endpoint."
        )
