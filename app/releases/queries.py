"""Reads releases for those who may: the list, one, its sample beside the sources, what was taken out of it, its files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.errors import NotFound, Refused
from app.core.paging import NO_CURSOR, Page, cut, from_cursor
from app.releases import lines
from app.releases.lines import Line
from app.releases.models import Release, ReleaseFile, ReleaseLine, SampleLine
from app.releases.rules.words import State
from app.releases.sources import Source, sources

OPEN_STATES = (State.DRAFT, State.CHECKING, State.APPROVED)


@dataclass(frozen=True)
class Sampled:
    """A line of the sample: what it says, how it was judged, and the source's cells where they are still kept.

    `forgotten_at`: since then nothing is kept of what it said.
    """

    line: Line
    judged: SampleLine
    source: Source | None
    forgotten_at: datetime | None


@dataclass(frozen=True)
class TakenOut:
    """A line that did not leave, and why."""

    line: int
    debt_id: str
    reference: str
    organisation: str
    change: str
    reason: str
    forgotten_at: datetime | None = None


def get(db: Session, actor: Actor, release_id: str) -> Release:
    """Raises NotFound (404) for a release that is not there or not this person's to see."""
    found = db.get(Release, release_id)
    if found is None or not _sees(actor):
        raise NotFound
    return found


def numbered(db: Session, actor: Actor, number: int) -> Release:
    """Raises NotFound (404)."""
    found: Release | None = db.execute(select(Release).where(col(Release.number) == number)).scalar_one_or_none()
    if found is None or not _sees(actor):
        raise NotFound
    return found


def listed(db: Session, actor: Actor, limit: int, cursor: str | None) -> Page[Release]:
    """Newest first."""
    query = select(Release).order_by(col(Release.number).desc()).limit(limit + 1)
    if (last := number_of(cursor, "releases")) is not None:
        query = query.where(col(Release.number) < last)
    found = db.execute(query).scalars().all() if _sees(actor) else []
    return cut(found, limit, lambda release: str(release.number), "releases")


def open_release(db: Session) -> Release | None:
    """The release that is being worked on; there is one at most, over all recipients."""
    query = select(Release).where(col(Release.state).in_([state.value for state in OPEN_STATES]))
    return db.execute(query.order_by(col(Release.number)).limit(1)).scalar_one_or_none()


def released_before(db: Session, release: Release) -> Release | None:
    """The last released release to the same recipient before this one."""
    query = select(Release).where(
        col(Release.recipient_key) == release.recipient_key, col(Release.state) == State.RELEASED.value,
        col(Release.number) < release.number,
    )  # fmt: skip
    return db.execute(query.order_by(col(Release.number).desc()).limit(1)).scalar_one_or_none()


def sample_of(db: Session, release: Release) -> list[Sampled]:
    """The lines of the sample in their order."""
    same = (col(ReleaseLine.release_id) == col(SampleLine.release_id)) & (col(ReleaseLine.line) == col(SampleLine.line))
    query = select(SampleLine, ReleaseLine).join(ReleaseLine, same).where(col(SampleLine.release_id) == release.id)
    judged = db.execute(query.order_by(col(SampleLine.line))).all()
    found = lines.several(db, release.id, {one.line for _, one in judged})
    origins = sources(db, found.values())
    return [
        Sampled(found.get(one.line) or lines.in_numbers(one), sample, origins.get(one.line), one.forgotten_at)
        for sample, one in judged
    ]


def taken_out_of(db: Session, release: Release) -> list[TakenOut]:
    query = select(ReleaseLine).where(
        col(ReleaseLine.release_id) == release.id, col(ReleaseLine.taken_out).is_not(None)
    )
    return [
        TakenOut(
            one.line,
            one.debt_id,
            one.reference,
            one.organisation_code,
            one.change,
            str(one.taken_out),
            one.forgotten_at,
        )
        for one in db.execute(query.order_by(col(ReleaseLine.line))).scalars()
    ]


def files_of(db: Session, release: Release) -> Sequence[ReleaseFile]:
    query = select(ReleaseFile).where(col(ReleaseFile.release_id) == release.id).order_by(col(ReleaseFile.name))
    return db.execute(query).scalars().all()


def number_of(cursor: str | None, of: str) -> int | None:
    """The number that a cursor of a list holds, None at the start. Raises Refused (422) for one that we never gave."""
    last = from_cursor(cursor, of)
    if not last:
        return None
    if not (last.isascii() and last.isdigit() and len(last) < 10):
        raise Refused(NO_CURSOR)
    return int(last)


def _sees(actor: Actor) -> bool:
    """Releases hold the debts of every organisation: for those whose role reaches everywhere."""
    return actor.scope(Permission.RELEASE_READ) is None
