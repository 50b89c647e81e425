"""Whoever moves a release or judges a line of it takes turns, so that each sees what the one before left."""

from sqlmodel import Session

from app.core.db import take_turns
from app.core.errors import NotFound
from app.releases.models import Release


def locked(db: Session, release_id: str, *more: str) -> Release:
    """The release as it is now, while nobody else moves it. `more` are turns that are taken with it. Raises NotFound (404)."""
    take_turns(db, [*more, f"release {release_id}"])
    release = db.get(Release, release_id, populate_existing=True)
    if release is None:
        raise NotFound
    return release
