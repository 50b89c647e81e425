"""Keeps the contact log: an entry is written, corrected by whoever wrote it, and its next step ticked off.

A manager does that for the own portfolio and what they cover, the Debtors Team for all. Who may read the organisation but
not its log is told so (403); one that this person may not see is not there (404).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.audit.models import AuditAction
from app.audit.service import record
from app.contact_log.models import ContactEntry
from app.contact_log.rules.entry import Details, Fault, faults
from app.core import clock
from app.core.errors import Conflict, Forbidden, NotFound, Refused
from app.policy.in_force import policy_in_force

CORRECTABLE = timedelta(days=30)


class NotLogged(Refused):
    """The entry cannot be kept. `faults` are field and sentence, each with the way to mend it."""

    def __init__(self, found: Sequence[Fault]) -> None:
        super().__init__(" ".join(f"{words}." for _, words in found), field=found[0][0])
        self.faults = found


def log(db: Session, actor: Actor, code: str, details: Details) -> ContactEntry:
    """Raises NotFound (404), Forbidden (403) or NotLogged (422)."""
    reachable(db, actor, Permission.CONTACT_LOG_KEEP, code)
    values = _kept(details)
    made = ContactEntry(organisation_code=code, by=actor.id, at=clock.now(), **values)
    db.add(made)
    db.flush()
    record(
        db, actor, AuditAction.CONTACT_LOGGED, "contact-log", made.id, code, kind=made.kind, came_of=made.outcome
    )  # fmt: skip
    return made


def entry(db: Session, actor: Actor, code: str, entry_id: str) -> ContactEntry:
    """Raises NotFound (404) or Forbidden (403)."""
    reachable(db, actor, Permission.CONTACT_LOG_READ, code)
    found = db.get(ContactEntry, entry_id) if entry_id.isprintable() else None
    if found is None or found.organisation_code != code:
        raise NotFound
    return found


def may_correct(actor: Actor, one: ContactEntry) -> bool:
    """Whoever wrote it, for 30 days: later it is the record of what was known then."""
    return one.by == actor.id and clock.today() <= clock.uk_date(one.at) + CORRECTABLE


def correct(db: Session, actor: Actor, code: str, entry_id: str, details: Details) -> list[str]:
    """Gives the names of the fields that changed. Raises Forbidden (403), Conflict (409) or NotLogged (422)."""
    found = _to_keep(db, actor, code, entry_id)
    if found.by != actor.id:
        raise Forbidden("Only the person who wrote this entry can correct it. Add an entry of your own.")
    if not may_correct(actor, found):
        raise Conflict(f"An entry can be corrected for {CORRECTABLE.days} days. Add another entry that puts it right.")
    values = _kept(details)
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    if changed:
        for name in changed:
            setattr(found, name, values[name])
        if {"next_step", "due_on"} & set(changed):  # another step, which nobody has done yet
            found.done_at, found.done_by = None, None
        found.changed_at = clock.now()
        db.add(found)
        record(db, actor, AuditAction.CONTACT_LOG_CHANGED, "contact-log", found.id, code, fields=changed)
    return changed


def tick_off(db: Session, actor: Actor, code: str, entry_id: str) -> None:
    """The next step is done; once done it stays so. Raises Conflict (409) where there is no step."""
    found = _to_keep(db, actor, code, entry_id)
    if found.next_step is None:
        raise Conflict("This entry has no next step, so nothing was changed.")
    if found.done_at is None:
        found.done_at, found.done_by = clock.now(), actor.id
        db.add(found)
        record(db, actor, AuditAction.NEXT_STEP_DONE, "contact-log", found.id, code)


def reachable(db: Session, actor: Actor, permission: Permission, code: str) -> None:
    """Raises NotFound (404) for an organisation out of sight, Forbidden (403) for another manager's."""
    visible_organisation(db, actor, Permission.ORGANISATION_READ, code)
    if not actor.sees(permission, code):
        raise Forbidden(
            "This organisation is not in your portfolio, so its contact log is not yours. "
            "Ask its Local Partnership Manager, or your administrator if it should be yours."
        )


def _to_keep(db: Session, actor: Actor, code: str, entry_id: str) -> ContactEntry:
    found = entry(db, actor, code, entry_id)
    reachable(db, actor, Permission.CONTACT_LOG_KEEP, code)
    return found


def _kept(details: Details) -> dict[str, Any]:
    """The details as they are kept. Raises NotLogged (422) for all faults at once."""
    entered = Details(
        details.kind, details.day, details.outcome, details.note.strip(), " ".join(details.next_step.split()), details.due_on
    )  # fmt: skip
    if found := list(faults(entered, clock.today(), policy_in_force().has_clinical_words)):
        raise NotLogged(found)
    return {
        "kind": entered.kind, "day": entered.day, "outcome": entered.outcome, "note": entered.note or None,
        "next_step": entered.next_step or None, "due_on": entered.due_on,
    }  # fmt: skip
