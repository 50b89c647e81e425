"""What the recipient answered to a release: lines loaded, and lines rejected, which go back to the trusts they came from."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import among, take_turns
from app.core.errors import Conflict, NotFound
from app.releases import answer_reading, sent_back
from app.releases.answer_reading import Result
from app.releases.answered import Given, matched
from app.releases.models import Acknowledgement, Release, ReleaseLine, ReplacedAnswer, State


def take(
    db: Session, actor: Actor, release_id: str, filename: str, data: bytes, *, replaces: bool = False
) -> Acknowledgement:
    """Marks the lines that the file names, and opens a row of the trust for each that was rejected.

    `replaces`: where a line was answered otherwise before, this answer takes the place of that one. All or nothing. The
    same file again changes nothing. Raises NotFound (404), Conflict (409) for a release that did not leave, TooLarge (413),
    Refused (422) with every fault by its line.
    """
    answers, faults = answer_reading.read(data)  # before the first statement, so that nobody waits for it
    take_turns(db, ["register"])
    release = _released(db, release_id)
    given = matched(db, release, answers, faults, replaces=replaces)
    faults.raise_any()
    sha256 = hashlib.sha256(data).hexdigest()
    if not given and (known := _known(db, release, sha256)) is not None:
        return known
    taken = _taken(actor, release, filename, sha256, given)
    db.add(taken)
    db.flush()
    _mark(db, release, taken, given)
    opened, closed = _send_back(db, actor, release, taken, given)
    record(
        db, actor, AuditAction.RELEASE_ACKNOWLEDGED, "release", release.id, number=release.number, loaded=taken.loaded,
        rejected=taken.rejected, replaced=taken.replaced or None, rows_opened=opened, rows_closed=closed or None,
    )  # fmt: skip
    db.flush()
    return taken


def _taken(actor: Actor, release: Release, filename: str, sha256: str, given: Sequence[Given]) -> Acknowledgement:
    rejected = sum(one.is_rejected for one in given)
    return Acknowledgement(
        release_id=release.id,
        filename="".join(filter(str.isprintable, filename))[:255],
        sha256=sha256,
        loaded=len(given) - rejected,
        rejected=rejected,
        replaced=sum(one.line.result is not None for one in given),
        at=clock.now(),
        by=actor.id,
    )


def _send_back(
    db: Session, actor: Actor, release: Release, taken: Acknowledgement, given: Sequence[Given]
) -> tuple[int, int]:
    """How many rows of trusts were opened, and how many closed, because the recipient loaded after all what it had not: by an
    answer that takes the place of another, or from a later release.
    """
    reasons = {one.line.debt_id: one.answer.reason or "" for one in given if one.is_rejected and not one.was_rejected}
    opened = sent_back.open_rows(db, actor, release, taken, reasons)
    reworded = {one.line.debt_id: one.answer.reason or "" for one in given if one.is_rejected and one.was_rejected}
    sent_back.reword(db, release, reworded)
    loaded = [one.line.debt_id for one in given if not one.is_rejected]
    return opened, sent_back.close_loaded(db, actor, release, loaded)


def _released(db: Session, release_id: str) -> Release:
    release = db.get(Release, release_id, with_for_update=True)
    if release is None:
        raise NotFound
    if release.state != State.RELEASED:
        raise Conflict(
            "This release has not left yet, so nobody can have answered it. Choose the release that was answered."
        )
    return release


def _known(db: Session, release: Release, sha256: str) -> Acknowledgement | None:
    same = (col(Acknowledgement.release_id) == release.id, col(Acknowledgement.sha256) == sha256)
    return db.execute(select(Acknowledgement).where(*same)).scalars().first()


def _mark(db: Session, release: Release, taken: Acknowledgement, given: Sequence[Given]) -> None:
    """Loaded lines at once, however many; rejected ones each with its reason. What stood there before is noted."""
    loaded = [one.line.line for one in given if not one.is_rejected]
    if loaded:
        those = (col(ReleaseLine.release_id) == release.id, among(db, col(ReleaseLine.line), loaded))
        said = update(ReleaseLine).where(*those).values(result=Result.LOADED.value, reason=None, mended_at=None)
        db.execute(said, execution_options={"synchronize_session": False})
    marks = [
        {
            "release_id": release.id,
            "line": one.line.line,
            "result": one.answer.result.value,
            "reason": one.reason,
        }
        for one in given
        if one.is_rejected
    ]
    if marks:
        db.execute(update(ReleaseLine), marks)
    db.add_all(
        ReplacedAnswer(acknowledgement_id=taken.id, line=one.line.line, was=one.line.result)
        for one in given
        if one.line.result is not None
    )
