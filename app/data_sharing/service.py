"""The register of data sharing: each outgoing flow with its terms today and when it was last used. Nobody's data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction, AuditEvent
from app.core.errors import Forbidden
from app.data_sharing.flows import FLOWS, Outgoing
from app.debts.models import WarningsIndexEvent
from app.disclosures import service as disclosures
from app.disclosures.models import Disclosure
from app.organisations import service as organisations
from app.organisations.nations import NATIONS, Nation
from app.policy.in_force import policy_in_force
from app.policy.sharing import Flow, Terms, terms_on
from app.releases.models import Handover, Release, State
from app.status_checks.models import StatusCheck


@dataclass(frozen=True)
class Last:
    """The last time that something left by a flow, and what that was."""

    at: datetime
    words: str


@dataclass(frozen=True)
class Entry:
    """One flow as it stands today. `waiting`: what could leave by it, and nobody has taken."""

    outgoing: Outgoing
    terms: Terms
    overdue: bool
    last: Last | None
    waiting: str | None = None

    @property
    def words(self) -> str:
        """What left last, or that nothing has; and what waits."""
        nothing = _NOTHING.get(self.outgoing.flow, "Nothing has left this way yet")
        return "; ".join(filter(None, (self.last.words if self.last else nothing, self.waiting)))


def register(db: Session, actor: Actor, today: date) -> list[Entry]:
    """Every flow, in the order of the list. Raises Forbidden (403)."""
    _allow(actor)
    sharing = policy_in_force().sharing
    found = []
    for outgoing in FLOWS:
        terms = terms_on(sharing, outgoing.flow, today)
        waiting = _not_taken(db, outgoing.file) if outgoing.file is not None else None
        found.append(Entry(outgoing, terms, terms.is_overdue(today), _last(db, outgoing), waiting))
    return found


def nations_of(db: Session, actor: Actor) -> list[Nation]:
    """Whose returns this person answers for or reads about: all nations, or a health department's own."""
    _allow(actor)
    codes = actor.scope(Permission.SHARING_READ)
    if codes is None:
        return list(NATIONS)
    there = {one.nation for one in organisations.everyone(db, codes)}
    return [nation for nation in NATIONS if nation.name in there]


def _allow(actor: Actor) -> None:
    if not actor.may(Permission.SHARING_READ):
        raise Forbidden


def _last(db: Session, outgoing: Outgoing) -> Last | None:
    if outgoing.file is not None:
        return _last_release(db, outgoing.file)
    return _LAST[outgoing.flow](db)


def _last_release(db: Session, file: str) -> Last | None:
    """A file leaves when somebody takes it or it is delivered, not when it is released."""
    query = (
        select(col(Handover.at), col(Release.number), col(Release.recipient))
        .join(Release, col(Release.id) == col(Handover.release_id))
        .where(col(Handover.name) == file)
        .order_by(col(Handover.at).desc(), col(Handover.id).desc())
        .limit(1)
    )
    found = db.execute(query).one_or_none()
    return Last(found.at, f"Release {found.number} for {found.recipient}") if found is not None else None


def _not_taken(db: Session, file: str) -> str | None:
    """The newest release, where nobody has taken this file of it."""
    query = select(Release).where(col(Release.state) == State.RELEASED.value).order_by(col(Release.number).desc())
    newest = db.execute(query.limit(1)).scalar_one_or_none()
    if newest is None:
        return None
    taken = select(col(Handover.id)).where(col(Handover.release_id) == newest.id, col(Handover.name) == file).limit(1)
    if db.execute(taken).first() is not None:
        return None
    return f"Release {newest.number} for {newest.recipient} is released and not taken yet"


def _last_event(db: Session) -> Last | None:
    query = select(func.max(WarningsIndexEvent.acknowledged_at)).where(
        col(WarningsIndexEvent.acknowledged_at).is_not(None)
    )
    return _at(db.execute(query).scalar(), "An event was acknowledged")


def _last_extract(db: Session) -> Last | None:
    query = select(Disclosure).where(col(Disclosure.kind) == disclosures.LIVE)
    found = db.execute(query.order_by(col(Disclosure.at).desc()).limit(1)).scalar_one_or_none()
    return Last(found.at, f"An extract for {found.recipient}") if found is not None else None


def _last_check(db: Session) -> Last | None:
    return _at(db.execute(select(func.max(StatusCheck.at))).scalar(), "A check was answered")


def _last_answer(db: Session) -> Last | None:
    query = select(func.max(AuditEvent.at)).where(col(AuditEvent.action) == AuditAction.ACCESS_REQUEST_ANSWERED)
    return _at(db.execute(query).scalar(), "A request was answered")


def _at(found: datetime | None, words: str) -> Last | None:
    return Last(found, words) if found is not None else None


_NOTHING = {Flow.FEED: "No event is acknowledged yet"}  # what was read of it and not acknowledged, nobody knows
_LAST: dict[Flow, Callable[[Session], Last | None]] = {
    Flow.FEED: _last_event,
    Flow.EXTRACTS: _last_extract,
    Flow.STATUS_CHECKS: _last_check,
    Flow.ACCESS_REQUESTS: _last_answer,
}
