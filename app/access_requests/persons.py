"""Whose debts a request for access is about: a person's everywhere, or a trust's own, which tell of no other."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.db import among
from app.core.errors import NotFound, Refused
from app.debts import debtors, queries
from app.debts.models import Debt
from app.debts.rules.persons import clusters

OWN = Permission.ACCESS_REQUEST_ANSWER_OWN


def of_debtor(db: Session, actor: Actor, debtor_id: str) -> Sequence[Debt]:
    """Raises NotFound (404) unless this person may look across organisations."""
    if actor.scope(Permission.ACCESS_REQUEST_ANSWER) is not None:
        raise NotFound
    return debtors.debtor(db, actor, debtor_id).debts


def of_references(db: Session, actor: Actor, references: Collection[str]) -> Sequence[Debt]:
    """All debts of every person who has one of these. Raises Refused (422) naming those that are not there."""
    wanted = {reference.strip().upper() for reference in references}
    query = select(col(Debt.reference), col(Debt.debtor_id)).where(col(Debt.reference).in_(wanted))
    found = {reference: debtor_id for reference, debtor_id in db.execute(query)}
    if missing := sorted(wanted - set(found)):
        raise Refused(f"There is no debt {' or '.join(missing)}. Check the reference; it looks like ND-7Q2M-XK4A-9BTC.")
    persons = dict.fromkeys(debt for each in sorted(found.values()) for debt in _ids(of_debtor(db, actor, each)))
    return [debt for debt_id in persons if (debt := db.get(Debt, debt_id)) is not None]


def _ids(debts: Sequence[Debt]) -> list[str]:
    return [debt.id for debt in debts]


def own(db: Session, actor: Actor, debt_id: str) -> tuple[Sequence[Debt], frozenset[str]]:
    """The debts of exactly this person at the trust that answers, and its codes. Raises NotFound (404).

    Never by debtor: that two debts are one person's may be known only from a third, elsewhere. As in the register, a debt
    without a passport number that fits two people with different ones is the older's alone.
    """
    debt = queries.get_debt(db, actor, debt_id, OWN)
    reach = [grant.codes for grant in actor.grants if grant.gives(OWN) and debt.organisation_code in grant.codes]
    codes = reach[0] if reach else frozenset({debt.organisation_code})
    found = _within_reach(db, debt, codes)
    found.sort(key=lambda one: one.id)  # the oldest first, as the register places them
    (same,) = (
        cluster
        for cluster in clusters([(one.name_match, one.passport_match) for one in found])
        if any(found[place].id == debt.id for place in cluster)
    )
    return sorted((found[place] for place in same), key=lambda one: (one.invoice_date, one.id)), codes


def _within_reach(db: Session, debt: Debt, codes: Collection[str]) -> list[Debt]:
    """The trust's debts that can be reached from this one by names and passports, whether or not they contradict."""
    found = {debt.id: debt}
    names, passports = _digests([debt])
    asked: set[str] = set()
    while (names | passports) - asked:
        either = among(db, col(Debt.name_match), names - asked) | among(db, col(Debt.passport_match), passports - asked)
        query = select(Debt).where(either, col(Debt.organisation_code).in_(codes))
        found |= {one.id: one for one in db.execute(query).scalars()}
        asked |= names | passports
        names, passports = _digests(found.values())
    return list(found.values())


def _digests(debts: Collection[Debt]) -> tuple[set[str], set[str]]:
    names = {one.name_match for one in debts if one.name_match}
    return names, {one.passport_match for one in debts if one.passport_match}
