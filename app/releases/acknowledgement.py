"""What the recipient answered to a release: lines loaded, and lines rejected, which go back to the trusts they came from."""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select, update
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.csv_list import Faults
from app.core.db import among, take_turns
from app.core.errors import Conflict, NotFound
from app.releases import answer_reading, mended, sent_back
from app.releases.answer_reading import Answer, Result
from app.releases.models import Acknowledgement, CarriedDebt, Release, ReleaseLine, State


class _Line(NamedTuple):
    """A line as far as an answer touches it: a release may have a hundred thousand."""

    line: int
    reference: str
    debt_id: str
    taken_out: str | None
    result: str | None
    reason: str | None


_WHAT = [getattr(ReleaseLine, key) for key in _Line._fields]


def take(db: Session, actor: Actor, release_id: str, filename: str, data: bytes) -> Acknowledgement:
    """Marks the lines that the file names, and opens a row of the trust for each that was rejected.

    All or nothing. The same file again changes nothing. Raises NotFound (404), Conflict (409) for a release that did not
    leave, TooLarge (413), Refused (422) with every fault by its line.
    """
    answers, faults = answer_reading.read(data)  # before the first statement, so that nobody waits for it
    take_turns(db, ["register"])
    release = _released(db, release_id)
    sha256 = hashlib.sha256(data).hexdigest()
    if (known := _known(db, release, sha256)) is not None:
        return known
    new = _new(db, release, answers, faults)
    faults.raise_any()
    rejected = {line.debt_id: answer.reason or "" for line, answer in new if answer.result is Result.REJECTED}
    _mark(db, release, new)
    taken = Acknowledgement(
        release_id=release.id,
        filename="".join(filter(str.isprintable, filename))[:255],
        sha256=sha256,
        loaded=len(new) - len(rejected),
        rejected=len(rejected),
        at=clock.now(),
        by=actor.id,
    )
    db.add(taken)
    opened = sent_back.open_rows(db, actor, release, taken, rejected)
    record(
        db, actor, AuditAction.RELEASE_ACKNOWLEDGED, "release", release.id,
        number=release.number, loaded=taken.loaded, rejected=taken.rejected, rows_opened=opened,
    )  # fmt: skip
    db.flush()
    return taken


def mended_since(db: Session, recipient_key: str) -> set[str]:
    """Debts whose last line to this recipient was rejected by it, and which their trust has mended since."""
    query = (
        select(ReleaseLine, col(Release.released_at))
        .join(
            CarriedDebt,
            (col(CarriedDebt.release_id) == col(ReleaseLine.release_id))
            & (col(CarriedDebt.line) == col(ReleaseLine.line)),
        )
        .join(Release, col(Release.id) == col(ReleaseLine.release_id))
        .where(col(CarriedDebt.recipient_key) == recipient_key, col(ReleaseLine.result) == Result.REJECTED)
    )
    return {line.debt_id for line in mended.among_rejected(db, [(line, at) for line, at in db.execute(query)])}


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


def _mark(db: Session, release: Release, new: Sequence[tuple[_Line, Answer]]) -> None:
    """Loaded lines at once, however many; rejected ones each with its reason."""
    loaded = [line.line for line, answer in new if answer.result is Result.LOADED]
    if loaded:
        those = (col(ReleaseLine.release_id) == release.id, among(db, col(ReleaseLine.line), loaded))
        said = update(ReleaseLine).where(*those).values(result=Result.LOADED.value)
        db.execute(said, execution_options={"synchronize_session": False})
    marks = [
        {"release_id": release.id, "line": line.line, "result": answer.result.value, "reason": answer.reason}
        for line, answer in new
        if answer.result is Result.REJECTED
    ]
    if marks:
        db.execute(update(ReleaseLine), marks)


def _new(db: Session, release: Release, answers: Sequence[Answer], faults: Faults) -> list[tuple[_Line, Answer]]:
    """The lines that were not answered yet, each with its answer; every answer that cannot be is a fault."""
    references = {answer.reference for answer in answers}
    query = select(*_WHAT).where(
        col(ReleaseLine.release_id) == release.id, among(db, col(ReleaseLine.reference), references)
    )
    lines = {row.reference: _Line(*row) for row in db.execute(query)} if references else {}
    elsewhere = _elsewhere(db, references - lines.keys())
    new: list[tuple[_Line, Answer]] = []
    for answer in answers:
        line = lines.get(answer.reference)
        if line is None:
            faults.add(answer.line, _not_here(release, is_elsewhere=answer.reference in elsewhere))
        elif line.taken_out is not None:
            faults.add(answer.line, "this debt was taken out of the release before it left. Take the line away.")
        elif line.result is None:
            new.append((line, answer))
        elif (line.result, line.reason) != (answer.result, answer.reason):
            faults.add(answer.line, f"this debt was answered otherwise before ({line.result}). An answer stands once it is "
                                    "given: take the line away.")  # fmt: skip
    return new


def _elsewhere(db: Session, references: set[str]) -> set[str]:
    if not references:
        return set()
    query = select(col(ReleaseLine.reference)).where(among(db, col(ReleaseLine.reference), references))
    return set(db.execute(query.distinct()).scalars())


def _not_here(release: Release, *, is_elsewhere: bool) -> str:
    if is_elsewhere:
        return f"its debt was not in release {release.number} but in another. Send it as the answer to that release."
    return "no release has given this reference. Compare it with the file that the release gave."
