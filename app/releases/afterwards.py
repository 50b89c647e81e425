"""What became of a released release: who took a file of it, and what was answered."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.releases.models import Acknowledgement, Handover


def handovers(db: Session, release_id: str, limit: int) -> tuple[Sequence[Handover], int]:
    """The newest first, and how many there are."""
    mine = col(Handover.release_id) == release_id
    total = db.execute(select(func.count()).select_from(Handover).where(mine)).scalar_one()
    newest = select(Handover).where(mine).order_by(col(Handover.at).desc(), col(Handover.id).desc())
    return db.execute(newest.limit(limit)).scalars().all(), int(total)


def acknowledgements(db: Session, release_id: str) -> Sequence[Acknowledgement]:
    """In the order in which they came."""
    query = select(Acknowledgement).where(col(Acknowledgement.release_id) == release_id)
    return db.execute(query.order_by(col(Acknowledgement.at), col(Acknowledgement.id))).scalars().all()
