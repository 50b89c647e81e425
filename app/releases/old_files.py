"""Files of releases that were kept long enough: their bytes go, their name, size, rows and digest stay."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlmodel import Session, col

from app.core.db import among
from app.releases import due
from app.releases.models import Release, ReleaseFile, ReleaseFilePart, State

FILES_AT_ONCE, BYTES_AT_ONCE = 50, 64_000_000


def count(db: Session, released_before: datetime) -> tuple[int, datetime | None]:
    """How many files are over, and when the oldest of them was released."""
    query = select(func.count(), func.min(col(Release.released_at))).where(_over(released_before))
    number, oldest = db.execute(query).one()
    return number, oldest


def delete_some(db: Session, released_before: datetime, now: datetime) -> int:
    """Some files, the oldest first. How many; 0 when none is over."""
    query = select(ReleaseFile).where(_over(released_before)).limit(FILES_AT_ONCE)
    found = db.execute(query.order_by(col(Release.number), col(ReleaseFile.name))).scalars().all()
    some = _not_too_large(found)
    if some:
        ids = [file.id for file in some]
        db.connection().execute(delete(ReleaseFilePart).where(among(db, col(ReleaseFilePart.file_id), ids)))
    for file in some:
        file.deleted_at = now
        db.add(file)
    db.flush()
    return len(some)


def _over(released_before: datetime) -> ColumnElement[bool]:
    """Whatever is on its way to somebody has time."""
    return and_(
        col(ReleaseFile.release_id) == col(Release.id),
        col(ReleaseFile.deleted_at).is_(None),
        col(Release.state) == State.RELEASED.value,
        col(Release.released_at) < released_before,
        ~due.is_under_way(),
    )


def _not_too_large(found: Sequence[ReleaseFile]) -> list[ReleaseFile]:
    some: list[ReleaseFile] = []
    for file in found:
        if some and sum(each.size for each in some) + file.size > BYTES_AT_ONCE:
            break
        some.append(file)
    return some
