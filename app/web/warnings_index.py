"""How the Warnings Index feed stands: by which way it goes out, what has not arrived, and trying again at once."""

from typing import Annotated

from fastapi import Response

from app.accounts.permissions import Permission
from app.core import clock
from app.debts import delivery, pushing
from app.http.deps import Reading, Writing
from app.organisations import service as organisations
from app.web.numbered import PageNumber, links
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

warnings_index = pages()
PATH = "/warnings-index"


@warnings_index.get(PATH)
def get_feed(
    visit: Annotated[Visit, May(Permission.WARNINGS_INDEX_READ)], db: Reading, number: PageNumber = 1
) -> Response:
    found = delivery.undelivered(db, visit.actor, number)
    standing, now = delivery.standing(db, visit.actor), clock.now()
    return page(
        visit, "warnings_index/feed.html", standing=standing, recipient=pushing.recipient(),
        seems_idle=pushing.seems_idle(db, standing.head, now), events=found.items, pagination=links(found, PATH),
        names=organisations.names(db, {event.organisation_code for event in found.items}),
        first=(found.number - 1) * found.size + 1, total=found.total,
        is_paused=standing.head is not None and not delivery.is_due(standing.head, now),
        may_try_again=visit.may(Permission.WARNINGS_INDEX_RETRY),
    )  # fmt: skip


@warnings_index.post(PATH)
def post_try_again(visit: Annotated[Visit, May(Permission.WARNINGS_INDEX_RETRY)], db: Writing) -> Response:
    delivery.try_again(db, visit.actor)
    return to(PATH, said="feed-tried-again")
