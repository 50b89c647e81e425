"""What would be taken out of an approved release if it were released now, for whoever is about to."""

from sqlalchemy import select
from sqlmodel import Session, col

from app.core.db import among
from app.releases import moved_on
from app.releases.models import Release, ReleaseLine
from app.releases.queries import TakenOut


def taken_out_now(db: Session, release: Release) -> list[TakenOut]:
    """In the order of the lines."""
    out = moved_on.look(db, release).out
    if not out:
        return []
    query = select(ReleaseLine).where(
        col(ReleaseLine.release_id) == release.id, among(db, col(ReleaseLine.line), set(out))
    )
    return [
        TakenOut(one.line, one.debt_id, one.reference, one.organisation_code, one.change, out[one.line].value)
        for one in db.execute(query.order_by(col(ReleaseLine.line))).scalars()
    ]
