"""Organisations that owe a return while nobody can send it for them."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.models import RoleGrant, User
from app.accounts.permissions import Role
from app.organisations import service as organisations
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.submissions.rules.state import State
from app.submissions.standings import standings


def unstaffed(db: Session, today: date) -> list[Organisation]:
    """Those owing the current month for which no account that is not disabled holds the trust's role, by name."""
    owing = {
        cell.organisation for cell in standings(db, None, [Period.containing(today)]) if cell.state != State.NOT_OWED
    }
    granted = (
        select(col(RoleGrant.organisation_code))
        .join(User, col(User.id) == col(RoleGrant.user_id))
        .where(col(RoleGrant.role) == Role.TRUST, col(User.disabled_at).is_(None))
    )
    codes = {code for code in db.execute(granted).scalars() if code}
    reached = frozenset[str]().union(*organisations.families(db, codes, today).values())
    query = select(Organisation).where(col(Organisation.code).in_(owing - reached)).order_by(col(Organisation.name))
    return list(db.execute(query).scalars())
