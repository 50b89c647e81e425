"""Whom to ask about an organisation's debts: offices with a phone number or e-mail address, kept by itself.

Who may keep them, and the audit, is the caller's: `app/http/contacts.py`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlmodel import Session, select

from app.core import clock
from app.core.addresses import LONGEST_PHONE, email_address, is_phone
from app.core.db import among
from app.core.errors import NotFound, Refused
from app.organisations import service
from app.organisations.models import ContactPurpose, OrganisationContact

MOST = 10
LONGEST = {"office": 120, "phone": LONGEST_PHONE, "email": 254, "hours": 120}


@dataclass(frozen=True)
class Details:
    """What is kept of a contact; an empty text is nothing. `hours` are words such as “every day, 8am to 8pm”."""

    office: str
    purpose: str
    phone: str = ""
    email: str = ""
    hours: str = ""


class NotKept(Refused):
    """The details cannot be kept. `faults` are field and sentence, each with the way to mend it."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__(" ".join(f"{words}." for _, words in faults), field=faults[0][0])
        self.faults = faults


def contacts_of(db: Session, code: str) -> list[OrganisationContact]:
    """Those for urgent checks first, then by the name of the office."""
    query = select(OrganisationContact).where(OrganisationContact.organisation_code == code)
    return sorted(db.exec(query), key=_urgent_first)


def whom_to_ask(db: Session, code: str, on: date) -> OrganisationContact | None:
    """The contact that answers for this organisation's debts on that day: of the body that came last after it, else its
    own; for urgent checks if there is one, else any.
    """
    return whom_to_ask_of_each(db, [code], on).get(code)


def whom_to_ask_of_each(db: Session, codes: Iterable[str], on: date) -> dict[str, OrganisationContact]:
    """The same for several at once; those of whom nobody is known are left out."""
    lines = service.lines(db, codes, on)
    wanted = {code for line in lines.values() for code in line}
    held: dict[str, list[OrganisationContact]] = {}
    for one in db.exec(select(OrganisationContact).where(among(db, OrganisationContact.organisation_code, wanted))):
        held.setdefault(one.organisation_code, []).append(one)
    first = {code: sorted(found, key=_urgent_first)[0] for code, found in held.items()}
    found = {
        code: next((first[each] for each in reversed(line) if each in first), None) for code, line in lines.items()
    }
    return {code: one for code, one in found.items() if one is not None}


def _urgent_first(one: OrganisationContact) -> tuple[bool, str, str]:
    return one.purpose != ContactPurpose.URGENT_CHECKS, one.office, one.id


def contact(db: Session, code: str, contact_id: str) -> OrganisationContact:
    """Raises NotFound (404) for one that is not there or another organisation's."""
    found = db.get(OrganisationContact, contact_id)
    if found is None or found.organisation_code != code:
        raise NotFound
    return found


def add(db: Session, code: str, details: Details) -> OrganisationContact:
    """Raises NotKept (422)."""
    if len(contacts_of(db, code)) >= MOST:
        raise NotKept([("office", f"There are {MOST} contacts already. Change or remove one of them")])
    wanted = _kept(details)
    made = OrganisationContact(organisation_code=code, office="", purpose="", changed_at=clock.real_now())
    return _set(db, made, wanted)


def change(db: Session, kept: OrganisationContact, details: Details) -> list[str]:
    """Gives the names of the fields that differ from before; none is not a change. Raises NotKept (422)."""
    wanted = _kept(details)
    differing = [name for name, value in wanted.items() if getattr(kept, name) != value]
    if differing:
        kept.changed_at = clock.real_now()
        _set(db, kept, wanted)
    return differing


def remove(db: Session, kept: OrganisationContact) -> None:
    db.delete(kept)
    db.flush()


def _set(db: Session, one: OrganisationContact, values: dict[str, str | None]) -> OrganisationContact:
    for name, value in values.items():
        setattr(one, name, value)
    db.add(one)
    db.flush()
    return one


def _kept(details: Details) -> dict[str, str | None]:
    """The details as they are kept: trimmed, nothing for what is empty. Raises NotKept (422) for all faults at once."""
    texts = {name: " ".join(text.split()) for name, text in asdict(details).items()}
    if faults := list(_faults(texts)):
        raise NotKept(faults)
    return {name: text or None for name, text in texts.items()} | {"email": texts["email"].lower() or None}


def _faults(texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    if not texts["office"]:
        yield "office", "Enter the name of the office, for example Overseas visitors office"
    if texts["purpose"] not in set(ContactPurpose):
        yield "purpose", "Choose what the contact is for"
    for name, most in LONGEST.items():
        if len(texts[name]) > most:
            yield name, f"Shorten this to {most} characters or fewer"
        elif not texts[name].isprintable():
            yield name, "This holds characters that cannot be seen. Type it anew"
    if not texts["phone"] and not texts["email"]:
        yield "phone", "Enter a phone number or an e-mail address, so that somebody can be reached"
    elif texts["phone"] and len(texts["phone"]) <= LONGEST["phone"] and not is_phone(texts["phone"]):
        yield "phone", "That is not a phone number. Write it with its area code, for example 020 7946 0123"
    if texts["email"] and not _is_email(texts["email"]):
        yield "email", "That is not an e-mail address. Write it like office@hospital.example"


def _is_email(text: str) -> bool:
    try:
        return bool(email_address(text))
    except Refused:
        return False
