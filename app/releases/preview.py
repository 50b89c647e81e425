"""What a release tells its recipient that the last one did not: by change, and line by line with what differs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
    `forgotten_at` and `before_forgotten_at`: since then nothing is kept of what the line said, or the one before it, so
    that nothing is compared.
    """

    line: Line
    before: int | None
    differences: Sequence[Difference]
    forgotten_at: datetime | None = None
    before_forgotten_at: datetime | None = None


def changes(db: Session, release: Release, change: Change | None, limit: int, cursor: str | None) -> Page[Told]:
    """The lines of one change, or all, in their order. Raises Refused (422) for a cursor that is none."""
    of = f"release/{release.id}"
    query = select(ReleaseLine).where(col(ReleaseLine.release_id) == release.id)
    if change is not None:
        query = query.where(col(ReleaseLine.change) == change.value)
    query = query.where(col(ReleaseLine.line) > (number_of(cursor, of) or 0)).order_by(col(ReleaseLine.line))
    found = cut(db.execute(query.limit(limit + 1)).scalars().all(), limit, lambda one: str(one.line), of)
    held = lines.several(db, release.id, {one.line for one in found.items})
    before = _before(db, release, [held[one.line] for one in found.items if one.line in held])
    return Page([_told(one, held.get(one.line), before) for one in found.items], found.next)


@dataclass(frozen=True)
class _Before:
    """`values` are None when they are forgotten."""

    release: int | None
    values: Mapping[str, Any] | None
    forgotten_at: datetime | None = None


def _told(one: ReleaseLine, line: Line | None, before: Mapping[str, _Before]) -> Told:
    if line is None:
        return Told(lines.in_numbers(one), None, (), one.forgotten_at)
    if (was := before.get(line.debt_id)) is None:
        return Told(line, None, ())
    if was.values is None:
        return Told(line, was.release, (), before_forgotten_at=was.forgotten_at)
    values, keys = was.values, differing(was.values, line.values)
    return Told(line, was.release, [Difference(key, values.get(key), line.values.get(key)) for key in keys])


def _before(db: Session, release: Release, now: Sequence[Line]) -> dict[str, _Before]:
    """What the recipient had been told of these debts when the release was prepared."""
    carried = _carried(db, release, [line.debt_id for line in now])
    by_release: dict[str, dict[int, str]] = {}
    for debt_id, was in carried.items():
        by_release.setdefault(was.release_id, {})[was.line] = debt_id
    told = {id_: _Before(was.number, None, was.forgotten_at) for id_, was in carried.items()}
    for release_id, wanted in by_release.items():
        for number, line in lines.several(db, release_id, wanted).items():
            told[wanted[number]] = _Before(carried[line.debt_id].number, line.values)
    loaded = {line.debt_id: line.values for line in now if line.debt_id not in told and line.change != Change.NEW}
    return told | {id_: _Before(None, values) for id_, values in as_loaded(db, loaded, release.seen).items()}


def _carried(db: Session, release: Release, debt_ids: Collection[str]) -> dict[str, Any]:
    """By debt the last released release that carried it before this one: its `release_id`, its `number` and the `line`."""
    if not debt_ids:
        return {}
    own = ("debt_id", "release_id", "line", "forgotten_at")
    what = (*(getattr(ReleaseLine, key) for key in own), col(Release.number))
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
    return {was.debt_id: was for was in db.execute(query)}
