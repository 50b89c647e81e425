"""Files of releases on their way to endpoints: how each stands, and one more attempt for one that was given up."""

from typing import Annotated

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import Id, May, Part, Reading, Writing, router
from app.api.shapes.release_deliveries import DeliveryOut
from app.api.shapes.values import Listing
from app.releases import deliveries, queries

release_deliveries = router("releases")


@release_deliveries.get(
    "/releases/{release_id}/deliveries", summary="Where files of a release are sent, and every attempt"
)
def get_deliveries(
    release_id: Id, actor: Annotated[Actor, May(Permission.RELEASE_READ)], db: Reading, asked: Part
) -> Listing[DeliveryOut]:
    found = deliveries.deliveries_of(db, queries.get(db, actor, release_id).id)
    page = asked.of(found, f"deliveries/{release_id}")
    return Listing(items=[DeliveryOut.of(one) for one in page.items], next=page.next)


@release_deliveries.post(
    "/releases/{release_id}/deliveries/{delivery_id}/retry", summary="One more attempt for a delivery that was given up"
)
def post_retry(
    release_id: Id, delivery_id: Id, actor: Annotated[Actor, May(Permission.RELEASE_DELIVER)], db: Writing
) -> DeliveryOut:
    """The worker makes it as its next, with the same idempotency key. 409 unless the delivery is given up."""
    deliveries.try_again(db, actor, release_id, delivery_id)
    return DeliveryOut.of(deliveries.delivery_of(db, queries.get(db, actor, release_id), delivery_id))
