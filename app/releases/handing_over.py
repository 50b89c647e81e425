"""A file of a released release leaves: who took it, when and for what is noted before its first byte goes."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import Database
from app.core.errors import Conflict, NotFound
from app.releases import freezing
from app.releases.live import said
from app.releases.models import Handover, Release, ReleaseFile, State


@dataclass(frozen=True)
class Leaving:
    """A file on its way out."""

    release: Release
    file: ReleaseFile
    pieces: Iterator[bytes]


def hand_over(store: Database, actor: Actor, release_id: str, name: str, purpose: str = "") -> Leaving:
    """The file, noted as handed to this person; without a purpose of its own for that of the release.

    Raises NotFound, Conflict (409) before it is released, Gone (410) once its time was over, Refused (422) for a purpose that is none.
    """
    if purpose.strip():
        said(purpose, "purpose", "what this file is for")
    with store.writing() as db:
        release = released(db, actor, release_id)
        file = freezing.kept_file_of(db, release, name)
        reason = purpose.strip() or release.purpose
        db.add(Handover(release_id=release_id, name=name, by=actor.id, at=clock.now(), purpose=reason))
        record(
            db, actor, AuditAction.RELEASE_DOWNLOADED, "release", release_id,
            number=release.number, file=name, purpose=reason,
        )  # fmt: skip
    return Leaving(release, file, _pieces(store, file.id))


def released(db: Session, _actor: Actor, release_id: str) -> Release:
    """A release that has files. Raises NotFound; Conflict (409) before it is released."""
    release = db.get(Release, release_id)
    if release is None:
        raise NotFound
    if release.state == State.ABANDONED:
        raise Conflict(f"Release {release.number} was abandoned, so it has no files. Prepare a new release.")
    if release.state != State.RELEASED:
        raise Conflict(
            f"Release {release.number} has no files yet. They are made when it is released, after its sample is "
            "checked and somebody else approved it."
        )
    return release


def _pieces(store: Database, file_id: str) -> Iterator[bytes]:
    """Each part in a short session of its own: a slow reader holds none."""
    number = 0
    while True:
        with store.reading() as db:
            content = freezing.piece(db, file_id, number)
        if content is None:
            return
        yield content
        number += 1
