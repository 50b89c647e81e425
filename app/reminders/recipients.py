"""Whom to write to about an organisation's return: its officers, else its office, after a merger those of the successor."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.models import RoleGrant, User
from app.accounts.permissions import Role
from app.organisations.models import ContactPurpose, Organisation, OrganisationContact


@dataclass(frozen=True)
class Recipient:
    """A person with an account, or an office. `id` is the user's or the contact's."""

    id: str
    email: str


def recipients(db: Session, codes: Collection[str], today: date) -> dict[str, tuple[Recipient, ...]]:
    """For each organisation whoever looks after its returns today; nobody is an empty tuple. A few questions in all."""
    lines = {code: _line(code, _successors(db, today)) for code in codes} if codes else {}
    everybody = {code for line in lines.values() for code in line}
    officers, offices = _officers(db, everybody), _offices(db, everybody)
    return {code: _first(line, officers) or _first(line, offices) for code, line in lines.items()}


def _line(code: str, after: Mapping[str, str]) -> list[str]:
    """The body that came last after this one first, then back to the organisation itself."""
    line = [code]
    while (later := after.get(line[-1])) is not None and later not in line:
        line.append(later)
    return line[::-1]


def _first(line: Iterable[str], found: Mapping[str, tuple[Recipient, ...]]) -> tuple[Recipient, ...]:
    return next((found[code] for code in line if code in found), ())


def _successors(db: Session, today: date) -> dict[str, str]:
    query = select(col(Organisation.code), col(Organisation.successor_code)).where(
        col(Organisation.successor_code).is_not(None), col(Organisation.successor_from) <= today
    )
    return {code: after for code, after in db.execute(query) if after is not None}


def _officers(db: Session, codes: Collection[str]) -> dict[str, tuple[Recipient, ...]]:
    """Whoever holds the trust's role and whose account is not disabled."""
    query = (
        select(col(RoleGrant.organisation_code), col(User.id), col(User.email))
        .join(User, col(User.id) == col(RoleGrant.user_id))
        .where(
            col(RoleGrant.role) == Role.TRUST,
            col(RoleGrant.organisation_code).in_(codes),
            col(User.disabled_at).is_(None),
        )
        .order_by(col(User.email))
    )
    found: dict[str, tuple[Recipient, ...]] = defaultdict(tuple)
    for code, id_, email in db.execute(query):
        found[code or ""] += (Recipient(id_, email),)
    return dict(found)


def _offices(db: Session, codes: Collection[str]) -> dict[str, tuple[Recipient, ...]]:
    """One office of each that has an e-mail address: the one for debts before the one for urgent checks."""
    query = select(OrganisationContact).where(
        col(OrganisationContact.organisation_code).in_(codes), col(OrganisationContact.email).is_not(None)
    )
    contacts = sorted(
        db.execute(query).scalars(), key=lambda one: (one.purpose != ContactPurpose.DEBTS, one.office, one.id)
    )
    found: dict[str, tuple[Recipient, ...]] = {}
    for one in contacts:
        found.setdefault(one.organisation_code, (Recipient(one.id, one.email or ""),))
    return found
