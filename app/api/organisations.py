"""Organisations: whom to ask there about their debts."""

from typing import Annotated

from fastapi import Path

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import May, Reading, Writing, router
from app.api.shapes.organisations import ContactIn, ContactOut
from app.api.shapes.values import Listing, OrganisationCode
from app.http import contacts

organisations = router("organisations")
Code = Annotated[OrganisationCode, Path(description="The organisation's code.", examples=["RJ1"])]


@organisations.get("/organisations/{code}/contacts", summary="Whom to ask about an organisation's debts")
def get_contacts(
    code: Code, actor: Annotated[Actor, May(Permission.ORGANISATION_READ)], db: Reading
) -> Listing[ContactOut]:
    """Those for urgent checks come first."""
    return Listing(items=[ContactOut.of(one) for one in contacts.listed(db, actor, code)])


@organisations.post("/organisations/{code}/contacts", status_code=201, summary="Keep a contact")
def post_contact(
    code: Code, details: ContactIn, actor: Annotated[Actor, May(Permission.CONTACT_MANAGE)], db: Writing
) -> ContactOut:
    return ContactOut.of(contacts.add(db, actor, code, details.to_domain()))
