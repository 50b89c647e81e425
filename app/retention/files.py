"""What is kept of the files of returns: originals, and what rows said that went back."""

from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlmodel import Session, col

from app.policy.retention import Kept
from app.retention.limits import Limits
from app.retention.open_rows import will_be_over
from app.retention.stage import BATCH, Due, Stage, counted
from app.returns import parts
from app.returns.models import Lifecycle, OpenRow, Return, ReturnPart
from app.returns.queries import without_values
from app.returns.rules.engine import Finding

_PARTS: Any = ReturnPart.__table__  # type: ignore[attr-defined]  # SQLModel adds it


def unquoted(findings: list[Finding], rows: set[int]) -> list[Finding]:
    """The findings, of which those of these rows keep their codes and places but no value of the file."""
    return [without_values(finding) if finding.row in rows else finding for finding in findings]


def _original_is_over(limits: Limits) -> ColumnElement[bool]:
    return and_(
        col(ReturnPart.part) == parts.ORIGINAL,
        col(ReturnPart.return_id) == col(Return.id),
        col(Return.submitted_at) < limits.instant(Kept.ORIGINAL),
    )


def _look_at_originals(db: Session, limits: Limits) -> Due:
    return counted(db, col(Return.submitted_at), _original_is_over(limits))


def _delete_originals(db: Session, limits: Limits) -> int:
    some = select(col(ReturnPart.id)).where(_original_is_over(limits)).limit(BATCH)
    return int(db.connection().execute(delete(_PARTS).where(_PARTS.c.id.in_(some))).rowcount)


def _words_are_over(limits: Limits) -> ColumnElement[bool]:
    """A file's name and why a return was taken back are people's own words, and may name somebody."""
    before = limits.instant(Kept.ORIGINAL)
    return or_(
        and_(col(Return.filename).is_not(None), col(Return.submitted_at) < before),
        and_(col(Return.withdrawn_reason).is_not(None), col(Return.withdrawn_at) < before),
    )


def _look_at_words(db: Session, limits: Limits) -> Due:
    return counted(db, col(Return.submitted_at), _words_are_over(limits))


def _forget_words(db: Session, limits: Limits) -> int:
    before = limits.instant(Kept.ORIGINAL)
    due = db.execute(select(Return).where(_words_are_over(limits)).limit(BATCH)).scalars().all()
    for found in due:
        found.filename = None
        if found.withdrawn_at is not None and found.withdrawn_at < before:
            found.withdrawn_reason = None
        db.add(found)
    db.flush()
    return len(due)


def _rejected_is_over(limits: Limits, still_said: ColumnElement[bool]) -> ColumnElement[bool]:
    """Of no row that it left open is kept what it said; the others are over from the day it was submitted."""
    of_its_rows = exists().where(col(OpenRow.return_id) == col(Return.id), still_said)
    return and_(
        col(ReturnPart.part) == parts.REJECTED,
        col(ReturnPart.return_id) == col(Return.id),
        col(Return.lifecycle) != Lifecycle.CHECKED,
        col(Return.rejected) > 0,
        col(Return.submitted_at) < limits.instant(Kept.REJECTED_ROW),
        ~of_its_rows,
    )


def _look_at_rejected(db: Session, limits: Limits) -> Due:
    still_said = and_(col(OpenRow.emptied_at).is_(None), ~will_be_over(limits))
    return counted(db, col(Return.submitted_at), _rejected_is_over(limits, still_said))


def _forget_rejected(db: Session, limits: Limits) -> int:
    """A few at a time: each is read, for the numbers of its rows."""
    still_said = col(OpenRow.emptied_at).is_(None)
    due = list(
        db.execute(select(col(Return.id)).where(_rejected_is_over(limits, still_said)).limit(BATCH // 10)).scalars()
    )
    for return_id in due:
        rows = {row.number for row in parts.rows(db, return_id, parts.REJECTED).rows}
        if rows:
            blanked = unquoted(parts.findings(db, return_id), rows)
            parts.store(db, return_id, {parts.FINDINGS: parts.pack_findings(blanked)})
    gone = (_PARTS.c.return_id.in_(due), _PARTS.c.part == parts.REJECTED)
    db.connection().execute(delete(_PARTS).where(*gone))
    return len(due)


ORIGINALS = Stage("originals", "files as they were sent", (), _look_at_originals, _delete_originals)
WORDS = Stage(
    "words-about-returns",
    "returns, of their file's name and why they were taken back",
    (),
    _look_at_words,
    _forget_words,
)
REJECTED = Stage(
    "rejected-rows", "returns whose rejected rows are kept long enough", (), _look_at_rejected, _forget_rejected
)
