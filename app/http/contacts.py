"""Contacts of organisations as both faces keep them: who may, and the audit. What a contact is: `app/organisations`."""

from collections.abc import Sequence

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.audit.models import AuditAction
from app.audit.service import record
from app.core.db import Session
from app.organisations import contacts
from app.organisations.contacts import Details
from app.organisations.models import OrganisationContact


def listed(db: Session, actor: Actor, code: str) -> Sequence[OrganisationContact]:
    """Raises NotFound (404) for an organisation that is not there or not this person's to see."""
    return contacts.contacts_of(db, visible_organisation(db, actor, Permission.ORGANISATION_READ, code))


def to_keep(db: Session, actor: Actor, code: str) -> Sequence[OrganisationContact]:
    """All of them, to change or remove. Raises NotFound (404), to a mere reader too."""
    return contacts.contacts_of(db, _kept_by(db, actor, code))


def contact(db: Session, actor: Actor, code: str, contact_id: str) -> OrganisationContact:
    """One to change or remove. Raises NotFound (404)."""
    return contacts.contact(db, _kept_by(db, actor, code), contact_id)


def add(db: Session, actor: Actor, code: str, details: Details) -> OrganisationContact:
    """Raises NotFound (404) or NotKept (422)."""
    made = contacts.add(db, _kept_by(db, actor, code), details)
    record(db, actor, AuditAction.CONTACT_ADDED, "organisation", code, code, contact=made.id)
    return made


def change(db: Session, actor: Actor, code: str, contact_id: str, details: Details) -> None:
    """Raises NotFound (404) or NotKept (422)."""
    kept = contact(db, actor, code, contact_id)
    if changed := contacts.change(db, kept, details):
        record(
            db, actor, AuditAction.CONTACT_CHANGED, "organisation", code, code, contact=contact_id, fields=changed
        )  # fmt: skip


def remove(db: Session, actor: Actor, code: str, contact_id: str) -> None:
    """Raises NotFound (404)."""
    contacts.remove(db, contact(db, actor, code, contact_id))
    record(db, actor, AuditAction.CONTACT_REMOVED, "organisation", code, code, contact=contact_id)


def _kept_by(db: Session, actor: Actor, code: str) -> str:
    return visible_organisation(db, actor, Permission.CONTACT_MANAGE, code)
