"""What became of a release's lines: sent, loaded, rejected, mended, sent again; for the whole and for each organisation."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.core.errors import NotFound
from app.releases import mended
from app.releases.answer_reading import Result
from app.releases.models import Release, ReleaseLine, State


@dataclass
class Funnel:
    """Numbers of lines. lines = taken_out + sent; sent = loaded + rejected + unanswered; mended and sent_again are of the
    rejected: a line is sent again when a later release to the same recipient carried its debt.
    """

    lines: int = 0
    taken_out: int = 0
    loaded: int = 0
    rejected: int = 0
    mended: int = 0
    sent_again: int = 0

    @property
    def sent(self) -> int:
        return self.lines - self.taken_out

    @property
    def unanswered(self) -> int:
        return self.sent - self.loaded - self.rejected

    def add(self, other: "Funnel") -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Funnels:
    """Of one release: `whole`, and by organisation's code."""

    release: Release
    whole: Funnel = field(default_factory=Funnel)
    by_organisation: dict[str, Funnel] = field(default_factory=dict)


def funnel(db: Session, release_id: str) -> Funnels:
    """Raises NotFound (404)."""
    release = db.get(Release, release_id)
    if release is None:
        raise NotFound
    found = _counted(db, release_id)
    rejected = _rejected(db, release_id)
    mended_lines = mended.among_rejected(db, [(line, release.released_at) for line in rejected])
    _count(found, "mended", (line.organisation_code for line in mended_lines))
    _count(found, "sent_again", _sent_again(db, release))
    funnels = Funnels(release, by_organisation=dict(sorted(found.items())))
    for one in found.values():
        funnels.whole.add(one)
    return funnels


def _count(found: dict[str, Funnel], name: str, codes: Iterable[str]) -> None:
    for code in codes:
        setattr(found[code], name, getattr(found[code], name) + 1)


def _counted(db: Session, release_id: str) -> dict[str, Funnel]:
    out = col(ReleaseLine.taken_out).is_not(None)
    what = (col(ReleaseLine.organisation_code), out, col(ReleaseLine.result))
    query = select(*what, func.count()).where(col(ReleaseLine.release_id) == release_id).group_by(*what)
    found: dict[str, Funnel] = defaultdict(Funnel)
    for code, is_out, result, number in db.execute(query):
        found[code].add(
            Funnel(
                lines=number,
                taken_out=number if is_out else 0,
                loaded=number if result == Result.LOADED else 0,
                rejected=number if result == Result.REJECTED else 0,
            )
        )
    return found


def _rejected(db: Session, release_id: str) -> list[ReleaseLine]:
    query = select(ReleaseLine).where(
        col(ReleaseLine.release_id) == release_id, col(ReleaseLine.result) == Result.REJECTED
    )
    return list(db.execute(query).scalars())


def _sent_again(db: Session, release: Release) -> list[str]:
    """The organisations of rejected lines whose debts a later release to the same recipient carried, one for each line."""
    later = (
        select(col(ReleaseLine.debt_id))
        .join(Release, col(Release.id) == col(ReleaseLine.release_id))
        .where(
            col(Release.recipient_key) == release.recipient_key,
            col(Release.number) > release.number,
            col(Release.state) == State.RELEASED,
            col(ReleaseLine.taken_out).is_(None),
        )
    )
    query = select(col(ReleaseLine.organisation_code)).where(
        col(ReleaseLine.release_id) == release.id,
        col(ReleaseLine.result) == Result.REJECTED,
        col(ReleaseLine.debt_id).in_(later),
    )
    return list(db.execute(query).scalars())
