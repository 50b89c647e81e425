"""Which files of releases are to be sent where: planned when a release is released, and whose turn it is now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlmodel import Session, col

from app.connections import Endpoint
from app.core.delivering import LONGEST
from app.disclosures.service import key_of
from app.releases.models import Delivery, DeliveryAttempt, Release, ReleaseFile, State
from app.settings import get_settings

GIVEN_UP_AFTER = timedelta(days=3)  # from the first attempt
PLANNED_FOR = timedelta(days=30)  # an endpoint that is set up today gets no older releases


@dataclass(frozen=True)
class Parcel:
    """One file to send now. `id` is the delivery's, by which the recipient knows a file that comes again."""

    id: str
    number: int
    name: str
    endpoint: Endpoint
    file_id: str
    size: int
    sha256: str
    deleted_at: datetime | None = None


def unplanned(db: Session, now: datetime, to: Sequence[Endpoint]) -> list[Delivery]:
    """What released releases of the last days are still to be sent to these, and is not written down yet."""
    found: list[Delivery] = []
    for endpoint in to:
        planned = select(col(Delivery.release_id)).where(
            col(Delivery.endpoint) == endpoint.key, col(Delivery.name) == endpoint.file
        )
        query = (
            select(col(Release.id))
            .join(ReleaseFile, col(ReleaseFile.release_id) == col(Release.id))
            .where(
                col(Release.recipient_key) == key_of(endpoint.recipient),
                col(Release.state) == State.RELEASED.value,
                col(Release.released_at) >= now - PLANNED_FOR,
                col(ReleaseFile.name) == endpoint.file,
                col(ReleaseFile.deleted_at).is_(None),
                col(Release.id).not_in(planned),
            )
            .order_by(col(Release.number))
        )
        ids = db.execute(query).scalars()
        found += [Delivery(release_id=id_, name=endpoint.file, endpoint=endpoint.key) for id_ in ids]
    return found


def plan(db: Session, now: datetime, to: Sequence[Endpoint]) -> None:
    """Writes down what is to be sent. Only whoever holds the endpoint's lease may, so nothing is planned twice."""
    db.add_all(unplanned(db, now, to))
    db.flush()


def first(db: Session, now: datetime, to: Endpoint) -> Parcel | None:
    """The next file to send there. They go in the order of their releases, of which one rests on the other: while one
    waits for its next try, those after it wait too.
    """
    query = (
        select(Delivery, Release, ReleaseFile)
        .join(Release, col(Release.id) == col(Delivery.release_id))
        .join(
            ReleaseFile,
            (col(ReleaseFile.release_id) == col(Release.id)) & (col(ReleaseFile.name) == col(Delivery.name)),
        )
        .where(
            col(Delivery.endpoint) == to.key,
            col(Delivery.name) == to.file,
            col(Delivery.arrived_at).is_(None),
            col(Delivery.given_up_at).is_(None),
        )
        .order_by(col(Release.number))
        .limit(1)
    )
    for delivery, release, file in db.execute(query):
        if _is_due(delivery, now):
            return Parcel(delivery.id, release.number, file.name, to, file.id, file.size, file.sha256, file.deleted_at)
    return None


def _is_due(delivery: Delivery, now: datetime) -> bool:
    """A pause that ends later than any can be is one from before the clock was set back."""
    return delivery.next_at is None or not now < delivery.next_at <= now + 2 * LONGEST


def give_up_all(db: Session, now: datetime, why: str) -> int:
    """Nothing that is on its way leaves by itself any more, nor what would have been planned next. Gives how many files."""
    plan(db, now, get_settings().release_endpoints)
    on_its_way = (col(Delivery.arrived_at).is_(None), col(Delivery.given_up_at).is_(None))
    found = db.execute(select(Delivery).where(*on_its_way)).scalars().all()
    for delivery in found:
        delivery.given_up_at, delivery.next_at = now, None
        db.add(DeliveryAttempt(delivery_id=delivery.id, at=now, trouble=why))
    db.flush()
    return len(found)


def is_under_way() -> ColumnElement[bool]:
    """Of a file: it waits for an endpoint of the settings. To one that was taken out of them nothing is sent."""
    ways = [
        and_(col(Delivery.endpoint) == each.key, col(Delivery.name) == each.file)
        for each in get_settings().release_endpoints
    ]
    return exists().where(
        col(Delivery.release_id) == col(ReleaseFile.release_id), col(Delivery.name) == col(ReleaseFile.name),
        col(Delivery.arrived_at).is_(None), col(Delivery.given_up_at).is_(None), or_(false(), *ways),
    )  # fmt: skip


def first_try(db: Session, delivery_id: str) -> datetime | None:
    query = select(func.min(DeliveryAttempt.at)).where(col(DeliveryAttempt.delivery_id) == delivery_id)
    found: datetime | None = db.execute(query).scalar()
    return found


def of_release(db: Session, release_id: str) -> list[Delivery]:
    query = select(Delivery).where(col(Delivery.release_id) == release_id)
    return list(db.execute(query.order_by(col(Delivery.endpoint), col(Delivery.name))).scalars())


def attempts_of(db: Session, delivery_id: str) -> list[DeliveryAttempt]:
    query = select(DeliveryAttempt).where(col(DeliveryAttempt.delivery_id) == delivery_id)
    return list(db.execute(query.order_by(col(DeliveryAttempt.at), col(DeliveryAttempt.id))).scalars())
