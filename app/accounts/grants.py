"""Roles as they are held: what a role must be tied to, giving it to a person, and the actor that follows from it."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.accounts import cover
from app.accounts.access import Actor, Grant
from app.accounts.models import RoleGrant, User
from app.accounts.permissions import REACH, Reach, Role, are_kept_apart
from app.core import clock
from app.core.db import take_turns
from app.core.errors import Conflict, Refused
from app.organisations import service as organisations
from app.organisations.models import Organisation


def actor_of(db: Session, user: User, grants: Sequence[RoleGrant]) -> Actor:
    """The person with the organisations that each grant reaches today; a manager's also those covered for another."""
    today = clock.today()
    named = [grant.organisation_code for grant in grants if grant.organisation_code]
    covered = cover.covered_by(db, user.id, today) if any(grant.role == Role.LPM for grant in grants) else {}
    families = organisations.families(db, [*named, *covered], today)

    def codes(grant: RoleGrant) -> frozenset[str]:
        if grant.nation is not None:
            return frozenset(db.exec(select(Organisation.code).where(Organisation.nation == grant.nation)).all())
        return families.get(grant.organisation_code or "", frozenset())

    held = (Grant(Role(grant.role), grant.organisation_code, codes(grant)) for grant in grants)
    for_others = (Grant(Role.LPM, code, families[code], away) for code, away in covered.items())
    return Actor(user.id, user.name, (*held, *for_others))


def of_user(db: Session, user_id: str) -> Sequence[RoleGrant]:
    """The person's grants, in one order always."""
    query = select(RoleGrant).where(RoleGrant.user_id == user_id)
    return db.exec(query.order_by(RoleGrant.role, col(RoleGrant.organisation_code), col(RoleGrant.id))).all()


def wanted(db: Session, role: str, organisation: str | None) -> RoleGrant:
    """A grant for nobody yet. `organisation` is a code for a trust or a portfolio, a nation for a health department.

    Raises Refused (422) for what does not go together.
    """
    if role not in set(Role):
        raise Refused(f'There is no role "{role}". The roles are {", ".join(Role)}.')
    known, code, nation = Role(role), organisation, None
    if REACH[known] is Reach.NATION:
        nations = db.exec(select(Organisation.nation).distinct().order_by(Organisation.nation)).all()
        if organisation not in nations:
            raise Refused(f"A {role} needs its nation as the organisation: one of {', '.join(nations) or 'none yet'}.")
        code, nation = None, organisation
    elif organisation is None:
        if REACH[known] is Reach.ORGANISATION:
            raise Refused(f"The role {role} needs an organisation. Name its code, for example --organisation RJ1.")
    elif known not in {Role.TRUST, Role.LPM}:
        raise Refused(f"The role {role} is not tied to one organisation. Leave the organisation out.")
    elif not organisation.isprintable() or organisations.organisation(db, organisation) is None:
        raise Refused(f'There is no organisation "{organisation}". Check the code: upper and lower case matter.')
    return RoleGrant(user_id="", role=known, organisation_code=code, nation=nation, granted_at=clock.real_now())


def give(db: Session, user: User, grant: RoleGrant) -> bool:
    """Gives the person what `wanted` found; False when they hold it already.

    Raises Conflict (409) for a role that is kept apart from one that the person holds.
    """
    take_turns(db, [f"roles:{user.id}"])
    holding = of_user(db, user.id)
    if any(_same(held, grant) for held in holding):
        return False
    for held in holding:
        if are_kept_apart(Role(held.role), Role(grant.role)):
            raise Conflict(
                f"Whoever manages users sees no personal data, so the role {Role(grant.role)} does not go together with "
                f"the role {held.role}. Use an account of its own for it."
            )
    grant.user_id = user.id
    db.add(grant)
    db.flush()
    return True


def _same(one: RoleGrant, other: RoleGrant) -> bool:
    return (one.role, one.organisation_code, one.nation) == (other.role, other.organisation_code, other.nation)
