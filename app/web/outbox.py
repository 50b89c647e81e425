"""The outbox as an administrator reads it: what was written to whom. Nothing is sent from here yet."""

from typing import Annotated

from fastapi import Query, Response

from app.accounts.models import Purpose
from app.accounts.permissions import Permission
from app.core.outbox import list_messages
from app.http.deps import Reading
from app.settings import Environment
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit

outbox = pages()
A_PAGE = 20


@outbox.get("/outbox")
def get_outbox(
    visit: Annotated[Visit, May(Permission.USER_MANAGE)],
    db: Reading,
    cursor: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """A link to a new password opens somebody's account: it is for its reader alone, so only the demo and tests show it."""
    found = list_messages(db, A_PAGE, cursor or None)
    in_trust = visit.settings.environment is Environment.PRODUCTION
    kept_back = {message.id for message in found.items if in_trust and message.kind == Purpose.RESET}
    return page(
        visit,
        "outbox/outbox.html",
        messages=found.items,
        kept_back=kept_back,
        following=found.next,
        is_later=bool(cursor),
    )
