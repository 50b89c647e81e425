"""What became of a release's lines: sent, loaded, rejected, mended or not, sent again; for the whole and for each organisation."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.core.errors import NotFound
from app.releases import mended
from app.releases.answer_reading import Result
from app.releases.mended import Fate
from app.releases.models import Release, ReleaseLine, State


@dataclass
class Funnel:
    """Numbers of lines. lines = taken_out + sent; sent = loaded + rejected + unanswered; rejected = mended + to_mend +
    ended. Of the mended, `sent_again` were carried by a later release to the same recipient; `sent_unmended` are rejected
    lines whose debt a later release carried without their having been mended by then: something else of it had changed,
    or that release was full.
    """

    lines: int = 0
    taken_out: int = 0
    loaded: int = 0
    rejected: int = 0
    mended: int = 0
    to_mend: int = 0
    ended: int = 0
    sent_again: int = 0
    sent_unmended: int = 0

    @property
    def sent(self) -> int:
        return self.lines - self.taken_out

    @property
    def unanswered(self) -> int:
        return self.sent - self.loaded - self.rejected

    def add(self, other: "Funnel") -> None:
        for name in self.__dataclass_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


_ONE = {Fate.MENDED: Funnel(mended=1), Fate.TO_MEND: Funnel(to_mend=1), Fate.ENDED: Funnel(ended=1)}


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
    later = _carried_later(db, release) if rejected else {}
    for one in mended.fates(db, [(line, release.released_at) for line in rejected]):
        of_organisation = found[one.line.organisation_code]
        of_organisation.add(_ONE[one.fate])
        if (again := later.get(one.line.debt_id)) is not None:
            of_organisation.add(
                Funnel(sent_again=1) if one.at is not None and one.at <= again else Funnel(sent_unmended=1)
            )
    funnels = Funnels(release, by_organisation=dict(sorted(found.items())))
    for each in found.values():
        funnels.whole.add(each)
    return funnels


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


def _carried_later(db: Session, release: Release) -> dict[str, datetime]:
    """Rejected debts that later releases to the same recipient carried, each with the instant of which the last spoke."""
    rejected = select(col(ReleaseLine.debt_id)).where(
        col(ReleaseLine.release_id) == release.id, col(ReleaseLine.result) == Result.REJECTED
    )
    query = (
        select(col(ReleaseLine.debt_id), col(Release.as_at))
        .join(Release, col(Release.id) == col(ReleaseLine.release_id))
        .where(
            col(Release.recipient_key) == release.recipient_key,
            col(Release.number) > release.number,
            col(Release.state) == State.RELEASED,
            col(ReleaseLine.taken_out).is_(None),
            col(ReleaseLine.debt_id).in_(rejected),
        )
    )
    return {debt_id: as_at for debt_id, as_at in db.execute(query.order_by(col(Release.number)))}
