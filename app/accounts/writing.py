"""Mails about an organisation's business: to whom they go, and how they end. Their words stand in each room's letters.py."""

from collections.abc import Iterator

from sqlmodel import Session

from app.accounts import cover
from app.accounts.letters import Letter
from app.accounts.people import Contact, contacts
from app.accounts.permissions import Role
from app.core import clock, outbox
from app.core.mail.channel import SERVICE
from app.organisations import nations
from app.organisations import service as organisations
from app.settings import get_settings


def write_to_officers(db: Session, code: str, letter: Letter, kind: str, reason: str) -> None:
    """Writes to every officer of an organisation whose account is not disabled, once for this reason."""
    for officer in officers(db, code):
        once = f"{kind}:{reason}:{officer.id}"
        outbox.put(db, officer.email, letter.subject, letter.body, kind, once=once, about=code)


def officers(db: Session, code: str) -> list[Contact]:
    """Who reports for an organisation today: its own people and those of whoever took it over, each once."""
    found = {one.id: one for each in _responsible(db, code) for one in contacts(db, each) if one.role is Role.TRUST}
    return list(found.values())


def link(path: str) -> str:
    """A page of this service as a mail names it."""
    return get_settings().base_url.rstrip("/") + path


def sign_off(db: Session, code: str) -> str:
    """The last lines of a mail about an organisation: the service, and whom to ask."""
    covers = cover.on_day(db, clock.today())
    managers = {
        one.email: _reached(one.name, one.email, covers.get(one.id))
        for each in _responsible(db, code)
        for one in contacts(db, each)
        if one.role is Role.LPM
    }
    named = "; ".join(managers.values())
    desk = get_settings().contact
    lines = [
        SERVICE,
        f"Your Local Partnership Manager: {named or 'nobody is named yet. Ask the NHS Debtors Team.'}",
        *([f"Your return is passed on to the Home Office by {body}."] if (body := _passed_on_by(db, code)) else []),
        *([f"If something of the service does not work: {desk}"] if desk else []),
    ]
    return "\n".join(lines) + "\n"


def _passed_on_by(db: Session, code: str) -> str | None:
    one = organisations.organisation(db, code)
    return nations.passing_body(one.nation) if one else None


def _reached(name: str, email: str, covered: cover.Cover | None) -> str:
    """A manager by name and address; of one who is away, whoever covers as well."""
    called = email if name in {"", email} else f"{name}, {email}"
    if covered is None:
        return called
    instead, until = covered.covering, covered.last_day
    return f"{called} (away until {until.day} {until:%B %Y}; {_reached(instead.name, instead.email, None)} covers)"


def _responsible(db: Session, code: str) -> Iterator[str]:
    """The organisation, and one after the other those that took it over."""
    today = clock.today()
    after: str | None = code
    while after is not None:
        yield after
        after = organisations.successor(db, after, today)
