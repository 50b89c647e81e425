"""The contacts of an organisation, kept by its own officers or an administrator: list, add, change, remove."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Response

from app.accounts.permissions import Permission
from app.core.db import Session
from app.http import contacts as kept
from app.http.deps import Id, Reading, Writing
from app.organisations import service as register
from app.organisations.contacts import Details, NotKept
from app.organisations.models import ContactPurpose, OrganisationContact
from app.web.entries import Entries, Fault, Faults
from app.web.organisations import Code
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

contacts = pages()
Keeper = Annotated[Visit, May(Permission.CONTACT_MANAGE)]
PURPOSES = [
    (ContactPurpose.URGENT_CHECKS.value, "Urgent checks", "It answers while somebody waits at the border."),
    (ContactPurpose.DEBTS.value, "Debts and payments", "It answers questions about debts in its own hours."),
]


@contacts.get("/organisations/{code}/contacts")
def get_contacts(code: Code, visit: Keeper, db: Reading) -> Response:
    found = kept.to_keep(db, visit.actor, code)
    return page(visit, "contacts/contacts.html", code=code, name=_name(db, code), found=found, purposes=PURPOSES)


@contacts.post("/organisations/{code}/contacts")
def post_contact(code: Code, visit: Keeper, db: Writing) -> Response:
    try:
        kept.add(db, visit.actor, code, _details(visit.entries))
    except NotKept as error:
        raise _faults(error) from None
    return to(f"/organisations/{code}/contacts", said="contact-added")


@contacts.get("/organisations/{code}/contacts/{contact_id}")
def get_contact(code: Code, contact_id: Id, visit: Keeper, db: Reading) -> Response:
    one = kept.contact(db, visit.actor, code, contact_id)
    return page(visit, "contacts/contact.html", code=code, name=_name(db, code), one=one, purposes=PURPOSES)


@contacts.post("/organisations/{code}/contacts/{contact_id}")
def post_change(code: Code, contact_id: Id, visit: Keeper, db: Writing) -> Response:
    try:
        kept.change(db, visit.actor, code, contact_id, _details(visit.entries))
    except NotKept as error:
        raise _faults(error) from None
    return to(f"/organisations/{code}/contacts", said="contact-changed")


@contacts.get("/organisations/{code}/contacts/{contact_id}/remove")
def get_remove(code: Code, contact_id: Id, visit: Keeper, db: Reading) -> Response:
    one = kept.contact(db, visit.actor, code, contact_id)
    return page(
        visit, "contacts/remove.html", code=code, name=_name(db, code), one=one,
        is_last=_is_last_urgent(kept.to_keep(db, visit.actor, code), one),
    )  # fmt: skip


@contacts.post("/organisations/{code}/contacts/{contact_id}/remove")
def post_remove(code: Code, contact_id: Id, visit: Keeper, db: Writing) -> Response:
    kept.remove(db, visit.actor, code, contact_id)
    return to(f"/organisations/{code}/contacts", said="contact-removed")


def _details(entries: Entries) -> Details:
    return Details(*(entries.text(name) for name in ("office", "purpose", "phone", "email", "hours")))


def _faults(error: NotKept) -> Faults:
    return Faults(*(Fault(words, field) for field, words in error.faults))


def _is_last_urgent(found: Sequence[OrganisationContact], one: OrganisationContact) -> bool:
    urgent = [each.id for each in found if each.purpose == ContactPurpose.URGENT_CHECKS]
    return urgent == [one.id]


def _name(db: Session, code: str) -> str:
    return register.names(db, [code])[code]
