"""Releases for tests of what they hold: prepared as the service does, and sent off without a sample or files."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlmodel import Session, col, select

from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.core import clock
from app.debts import warnings_index
from app.releases import lines, preparing
from app.releases.lines import Line
from app.releases.models import CarriedDebt, Release, ReleaseLine
from app.releases.rules.words import Change, Scope, State
from tests.returns.conftest import Trust, at

TEAM = Actor("team", "The Debtors Team", (Grant(Role.DEBTORS_TEAM),))


def prepared(trust: Trust, scope: str = "full", recipient: str = "MIDAS", on: str = "2026-11-22") -> Release:
    with at(on):
        return preparing.prepare(trust.database, TEAM, Scope(scope), recipient, "Monthly load")


def lines_of(trust: Trust, release: Release) -> list[Line]:
    with trust.database.reading() as db:
        return list(lines.stream(db, release.id))


def sent(trust: Trust, scope: str = "full", recipient: str = "MIDAS", without: Sequence[str] = (),
         on: str = "2026-11-22") -> list[tuple[str, str]]:  # fmt: skip
    """Prepares one and lets it leave, but the lines of these invoices: each line's invoice number and what it says."""
    release = prepared(trust, scope, recipient, on)
    with at(on), trust.database.writing() as db:
        _leave(db, release, without)
    return told(trust, release)


def told(trust: Trust, release: Release) -> list[tuple[str, str]]:
    return [(line.values["invoice_number"], line.change) for line in lines_of(trust, release)]


def _leave(db: Session, release: Release, without: Sequence[str]) -> None:
    numbers = {line.line for line in lines.stream(db, release.id) if line.values["invoice_number"] in without}
    gone = []
    for line in db.exec(select(ReleaseLine).where(ReleaseLine.release_id == release.id)).all():
        if line.line in numbers:
            line.taken_out = "wrong"
            db.add(line)
            continue
        gone.append(line.debt_id)
        key = {"recipient_key": release.recipient_key, "debt_id": line.debt_id}
        db.execute(delete(CarriedDebt).filter_by(**key))
        db.add(
            CarriedDebt(
                **key, release_id=release.id, line=line.line, removed=line.change == Change.REMOVED,
                status_digest=line.status_digest, particulars_digest=line.particulars_digest,
            )
        )  # fmt: skip
    warnings_index.carried(db, clock.now(), gone)
    release.state, release.released_at = State.RELEASED, clock.now()
    db.add(release)


def abandoned(trust: Trust, release: Release) -> None:
    with trust.database.writing() as db:
        db.exec(select(Release).where(col(Release.id) == release.id)).one().state = State.ABANDONED
