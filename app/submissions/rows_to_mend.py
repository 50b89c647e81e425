"""How many rows wait to be mended at organisations: their own, and those of whom they took over."""

from collections import Counter
from collections.abc import Collection
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.core.db import among
from app.organisations import service as organisations
from app.returns.models import OpenRow


def rows_to_mend(db: Session, codes: Collection[str], today: date) -> dict[str, int]:
    """By organisation, however long ago their months were."""
    families = organisations.families(db, codes, today)
    query = (
        select(col(OpenRow.organisation_code), func.count())
        .where(col(OpenRow.closed_at).is_(None), col(OpenRow.expires_on) >= today)
        .where(among(db, col(OpenRow.organisation_code), frozenset[str]().union(*families.values())))
        .group_by(col(OpenRow.organisation_code))
    )
    rows = Counter({code: number for code, number in db.execute(query)})
    return {code: sum(rows[each] for each in family) for code, family in families.items()}


def rows_to_mend_once(db: Session, codes: Collection[str], today: date) -> dict[str, int]:
    """The same for a portfolio, each row counted once: at whoever took over where both are in it."""
    families = organisations.families(db, codes, today)
    taken_over = {each for code, family in families.items() for each in family if each != code}
    return {code: number for code, number in rows_to_mend(db, codes, today).items() if code not in taken_over}
