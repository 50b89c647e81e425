"""What a release tells its recipient that the last one did not: by change, and line by line with what differs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from app.core.db import among
from app.core.paging import Page, cut
from app.releases import lines
from app.releases.lines import Line
from app.releases.loaded import as_loaded
from app.releases.models import Release, ReleaseLine
from app.releases.queries import number_of
from app.releases.rules.selection import differing
from app.releases.rules.words import Change, State
from app.return_template.columns import BY_KEY


@dataclass(frozen=True)
class Difference:
    """One column that the recipient was told otherwise. Values as the columns are: pence, dates, choices as stored."""

    key: str
    was: Any
    now: Any

    @property
    def heading(self) -> str:
        return BY_KEY[self.key].heading


@dataclass(frozen=True)
class Told:
    """One line and what differs from what was said before: nothing for a new debt, and for one that is merely said again.

    `before` names the release that carried the debt last; None for a new debt and for one that was only imported.
    """

    line: Line
    before: int | None
    differences: Sequence[Difference]


def changes(db: Session, release: Release, change: Change | None, limit: int, cursor: str | None) -> Page[Told]:
    """The lines of one change, or all, in their order. Raises Refused (422) for a cursor that is none."""
    query = select(col(ReleaseLine.line)).where(col(ReleaseLine.release_id) == release.id)
    if change is not None:
        query = query.where(col(ReleaseLine.change) == change.value)
    query = query.where(col(ReleaseLine.line) > (number_of(cursor) or 0)).order_by(col(ReleaseLine.line))
    found = cut(db.execute(query.limit(limit + 1)).scalars().all(), limit, str)
    held = lines.several(db, release.id, set(found.items))
    before = _before(db, release, [held[number] for number in found.items])
    return Page([_told(held[number], before) for number in found.items], found.next)


@dataclass(frozen=True)
class _Before:
    release: int | None
    values: Mapping[str, Any]


def _told(line: Line, before: Mapping[str, _Before]) -> Told:
    if (was := before.get(line.debt_id)) is None:
        return Told(line, None, ())
    keys = differing(was.values, line.values)
    return Told(line, was.release, [Difference(key, was.values.get(key), line.values.get(key)) for key in keys])


def _before(db: Session, release: Release, now: Sequence[Line]) -> dict[str, _Before]:
    """What the recipient had been told of these debts when the release was prepared."""
    carried = _carried(db, release, [line.debt_id for line in now])
    by_release: dict[str, dict[int, str]] = {}
    for debt_id, (release_id, _, number) in carried.items():
        by_release.setdefault(release_id, {})[number] = debt_id
    told: dict[str, _Before] = {}
    for release_id, wanted in by_release.items():
        for number, line in lines.several(db, release_id, wanted).items():
            told[wanted[number]] = _Before(carried[line.debt_id][1], line.values)
    loaded = {line.debt_id: line.values for line in now if line.debt_id not in told and line.change != Change.NEW}
    return told | {id_: _Before(None, values) for id_, values in as_loaded(db, loaded, release.seen).items()}


def _carried(db: Session, release: Release, debt_ids: Collection[str]) -> dict[str, tuple[str, int, int]]:
    """By debt the last released release that carried it before this one: its id, its number and the line."""
    if not debt_ids:
        return {}
    what = (col(ReleaseLine.debt_id), col(ReleaseLine.release_id), col(Release.number), col(ReleaseLine.line))
    query = (
        select(*what)
        .join(Release, col(Release.id) == col(ReleaseLine.release_id))
        .where(
            among(db, col(ReleaseLine.debt_id), debt_ids), col(ReleaseLine.taken_out).is_(None),
            col(Release.recipient_key) == release.recipient_key, col(Release.state) == State.RELEASED.value,
            col(Release.number) < release.number,
        )
        .order_by(col(Release.number))
    )  # fmt: skip
    return {debt_id: (release_id, number, line) for debt_id, release_id, number, line in db.execute(query)}
