"""Prepares a release: freezes what the register says for one recipient in lines, and draws the sample of them."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exists, func, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import Database, take_turns
from app.core.errors import Conflict
from app.debts import register
from app.debts.models import Debt
from app.disclosures.service import key_of
from app.releases import queries, sampling, soundness
from app.releases.gathering import Gathered, GoneOn, gathered
from app.releases.live import said
from app.releases.models import Release, ReleaseLine
from app.releases.rules.words import Scope, State
from app.releases.selecting import Selection


def _silent(_lines: int) -> None:
    """Nobody watches."""


class AnotherIsOpen(Conflict):
    def __init__(self, release: Release) -> None:
        super().__init__(
            f"Release {release.number} for {release.recipient} is {_STANDS[State(release.state)]}. "
            "Finish it or abandon it first: two open releases could tell a recipient the same thing twice, or not at all."
        )


class AnotherCameBetween(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "Somebody else prepared a release in the meantime, so this one was not made. Prepare it again."
        )


class DebtsWentBetween(Conflict):
    def __init__(self) -> None:
        super().__init__(
            "Debts whose time was over were deleted while this release was prepared, so it was not made. Prepare it again."
        )


_STANDS = {
    State.DRAFT: "still a draft",
    State.CHECKING: "still being checked",
    State.APPROVED: "approved and not released yet",
}


def prepare(
    store: Database, actor: Actor, scope: Scope, recipient: str, purpose: str, gone_on: GoneOn = _silent
) -> Release:
    """One release, whole and in state `checking`, or none. `gone_on` hears of each part's number of lines.

    Its lines are the register at `as_at` and know every event up to `seen`: they are gathered in a view that begins
    between two changes, and nobody waits for that. Whatever changes later has an event after `seen`, so releasing takes it
    out or the next release tells it.

    Raises Refused (422) without a recipient or purpose, Conflict (409) while another is open or the register contradicts itself.
    """
    said(purpose, "purpose", "what this release is for")
    said(recipient, "recipient", "who this release is for")
    release = Release(
        number=0, scope=Scope(scope), recipient=recipient.strip(), recipient_key=key_of(recipient),
        purpose=purpose.strip(), state=State.DRAFT, as_at=clock.now(), seen=0, seed=secrets.token_hex(16),
        prepared_by=actor.id,
    )  # fmt: skip
    with _at_one_instant(store, release) as view:
        soundness.check(view)
        selection = Selection(view, Scope(scope), release.recipient_key, release.seen)
        with gathered(view, selection, gone_on) as found:
            release.lines, release.held, release.counts = found.tally.lines, selection.held, found.tally.told()
            with store.writing() as db:
                return _keep(db, actor, release, found)


@contextmanager
def _at_one_instant(store: Database, release: Release) -> Iterator[Session]:
    """A view of the register that begins while nobody changes it, and speaks of that instant however long it is read."""
    with store.reading() as view:
        with store.writing() as db:
            take_turns(db, ["register", "releases"])
            _check_alone(db)
            release.number = _next_number(db)
            release.as_at, release.seen = clock.now(), register.last_event_id(view)
        yield view


def _keep(db: Session, actor: Actor, release: Release, found: Gathered) -> Release:
    """Stores it, unless another release came between, since this one may tell of what that one has told, or a purge: what
    is deleted must not come back.
    """
    take_turns(db, ["register", "releases"])
    _check_alone(db)
    if _next_number(db) != release.number:
        raise AnotherCameBetween
    db.add(release)
    db.flush()
    found.keep(db, release.id)
    if _tells_of_what_is_gone(db, release.id):
        raise DebtsWentBetween
    sampling.draw(db, release, found.lines_of)
    release.state = State.CHECKING
    db.flush()
    record(
        db, actor, AuditAction.RELEASE_PREPARED, "release", release.id,
        number=release.number, scope=release.scope, lines=release.lines, held=release.held,
    )  # fmt: skip
    return release


def _check_alone(db: Session) -> None:
    if (other := queries.open_release(db)) is not None:
        raise AnotherIsOpen(other)


def _tells_of_what_is_gone(db: Session, release_id: str) -> bool:
    is_there = exists().where(col(Debt.id) == col(ReleaseLine.debt_id))
    gone = select(col(ReleaseLine.line)).where(col(ReleaseLine.release_id) == release_id, ~is_there).limit(1)
    return db.execute(gone).scalar() is not None


def _next_number(db: Session) -> int:
    return int(db.execute(select(func.max(col(Release.number)))).scalar() or 0) + 1
