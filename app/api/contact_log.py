"""The contact log of an organisation: how it was contacted about its returns. Never about patients."""

from typing import Annotated

from fastapi import Path

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import PAGE, Cursor, Limit, May, Reading, Writing, router
from app.api.shapes.contact_log import EntryIn, EntryOut
from app.api.shapes.values import Listing, OrganisationCode
from app.contact_log import queries, service

contact_log = router("contact log")
Code = Annotated[OrganisationCode, Path(description="The organisation's code.", examples=["RJ1"])]


@contact_log.get("/organisations/{code}/contact-log", summary="How an organisation was contacted")
def get_contact_log(
    code: Code,
    actor: Annotated[Actor, May(Permission.CONTACT_LOG_READ)],
    db: Reading,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> Listing[EntryOut]:
    """The newest contact first. A manager reads the own portfolio, with what they cover today."""
    found = queries.entries(db, actor, code, limit, cursor)
    return Listing(items=[EntryOut.of(one) for one in found.items], next=found.next)


@contact_log.post("/organisations/{code}/contact-log", status_code=201, summary="Log a contact")
def post_contact_log(
    code: Code, details: EntryIn, actor: Annotated[Actor, May(Permission.CONTACT_LOG_KEEP)], db: Writing
) -> EntryOut:
    return EntryOut.of(service.log(db, actor, code, details.to_domain()))
