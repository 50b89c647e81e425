"""The feed of the Warnings Index: which flags to add and remove, in order, and how far its recipient has taken them."""

from typing import Annotated

from fastapi import Query

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import May, Reading, Writing, router
from app.api.shapes.values import Listing
from app.api.shapes.warnings_index import AcknowledgementIn, AcknowledgementOut, EventsIn
from app.debts import delivery
from app.debts import warnings_index as feed
from app.debts.flag_event import FlagEvent

warnings_index = router("warnings index")


@warnings_index.get("/warnings-index/events", summary="Flags to add and to remove, in order, at least once")
def get_events(
    actor: Annotated[Actor, May(Permission.WARNINGS_INDEX_READ)], db: Reading, wanted: Annotated[EventsIn, Query()]
) -> Listing[FlagEvent]:
    """`next` is what to ask for as `after` (or as `cursor`) when there are more."""
    found = feed.events_after(db, actor, wanted.start, wanted.limit + 1)
    shown = found[: wanted.limit]
    items = [FlagEvent.of(event) for event in shown]
    return Listing(items=items, next=str(shown[-1].id) if len(found) > wanted.limit else None)


@warnings_index.post("/warnings-index/acknowledgements", summary="The recipient has taken every event up to this one")
def post_acknowledgement(
    taken: AcknowledgementIn, actor: Annotated[Actor, May(Permission.WARNINGS_INDEX_ACKNOWLEDGE)], db: Writing
) -> AcknowledgementOut:
    """Reading the feed acknowledges nothing. Sent again, the answer is the same."""
    event = delivery.acknowledge(db, actor, taken.through)
    return AcknowledgementOut(through=event.id, acknowledged_at=event.acknowledged_at)
