"""One delivery of a release's file: every attempt, and one more when it was given up."""

from typing import Annotated

from fastapi import Response

from app.accounts.permissions import Permission
from app.http.deps import Id, Reading, Writing
from app.releases import deliveries, queries
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

release_deliveries = pages()
SHOWN = 100


@release_deliveries.get("/releases/{release_id}/deliveries/{delivery_id}")
def get_delivery(
    release_id: Id, delivery_id: Id, visit: Annotated[Visit, May(Permission.RELEASE_READ)], db: Reading
) -> Response:
    release = queries.get(db, visit.actor, release_id)
    sending = deliveries.delivery_of(db, release, delivery_id)
    newest_first = sending.attempts[::-1]
    return page(
        visit, "releases/delivery.html", release=release, sending=sending, sent=sending.delivery,
        attempts=newest_first[:SHOWN], number=len(newest_first),
        arrived_since=deliveries.arrived_since(db, release, sending.delivery.endpoint),
        may_try_again=sending.can_be_tried_again and visit.may(Permission.RELEASE_DELIVER),
    )  # fmt: skip


@release_deliveries.post("/releases/{release_id}/deliveries/{delivery_id}")
def post_delivery(
    release_id: Id, delivery_id: Id, visit: Annotated[Visit, May(Permission.RELEASE_DELIVER)], db: Writing
) -> Response:
    deliveries.try_again(db, visit.actor, release_id, delivery_id)
    return to(f"/releases/{release_id}/deliveries/{delivery_id}", said="delivery-tried-again")
