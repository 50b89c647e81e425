"""Prepares a release: freezes what the register says for one recipient in lines, and draws the sample of them."""

import secrets
from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import insert_rows, take_turns
from app.core.errors import Conflict
from app.debts import register
from app.disclosures.service import key_of
from app.organisations.models import Organisation
from app.releases import queries, sampling, soundness
from app.releases.counts import Tally
from app.releases.lines import Line, in_parts, pack
from app.releases.live import said
from app.releases.models import Release, ReleaseLine, ReleasePart
from app.releases.rules.words import Scope, State
from app.releases.selecting import Selected, Selection
from app.return_template.choices import OPEN_STATUSES

GoneOn = Callable[[int], object]
_LINES: Any = ReleaseLine.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_PARTS: Any = ReleasePart.__table__  # type: ignore[attr-defined]


def _silent(_lines: int) -> None:
    """Nobody watches."""


class AnotherIsOpen(Conflict):
    def __init__(self, release: Release) -> None:
        super().__init__(
            f"Release {release.number} for {release.recipient} is {_STANDS[State(release.state)]}. "
            "Finish it or abandon it first: two open releases could tell a recipient the same thing twice, or not at all."
        )


_STANDS = {
    State.DRAFT: "still a draft",
    State.CHECKING: "still being checked",
    State.APPROVED: "approved and not released yet",
}


def prepare(
    db: Session, actor: Actor, scope: Scope, recipient: str, purpose: str, gone_on: GoneOn = _silent
) -> Release:
    """One release, whole and in state `checking`, or none. The register waits meanwhile, so that the lines are the
    register at `as_at` and know every event up to `seen`. `gone_on` hears of each part's number of lines.

    Raises Refused (422) without a recipient or purpose, Conflict (409) while another is open or the register contradicts itself.
    """
    said(purpose, "purpose", "what this release is for")
    said(recipient, "recipient", "who this release is for")
    wanted = Scope(scope)
    take_turns(db, ["register", "releases"])
    if (other := queries.open_release(db)) is not None:
        raise AnotherIsOpen(other)
    soundness.check(db)
    release = Release(
        number=_next_number(db), scope=wanted, recipient=recipient.strip(), recipient_key=key_of(recipient),
        purpose=purpose.strip(), state=State.DRAFT, as_at=clock.now(), seen=register.last_event_id(db),
        seed=secrets.token_hex(16), prepared_by=actor.id,
    )  # fmt: skip
    db.add(release)
    db.flush()
    _write_lines(db, release, gone_on)
    sampling.draw(db, release)
    release.state = State.CHECKING
    db.flush()
    record(
        db, actor, AuditAction.RELEASE_PREPARED, "release", release.id,
        number=release.number, scope=release.scope, lines=release.lines, held=release.held,
    )  # fmt: skip
    return release


def _next_number(db: Session) -> int:
    return int(db.execute(select(func.max(col(Release.number)))).scalar() or 0) + 1


def _write_lines(db: Session, release: Release, gone_on: GoneOn) -> None:
    selection, tally = Selection(db, Scope(release.scope), release.recipient_key, release.seen), Tally()
    nations = {code: nation for code, nation in db.execute(select(col(Organisation.code), col(Organisation.nation)))}
    for part in in_parts(selection):
        insert_rows(db, _LINES, [_numbers(release.id, each) for each in part])
        lines = [each.line for each in part]
        insert_rows(db, _PARTS, [{"release_id": release.id, "first_line": lines[0].line, "content": pack(lines)}])
        for line in lines:
            tally.add(line, nations[line.organisation], _owed(line))
        gone_on(len(lines))
    release.lines, release.held, release.counts = tally.lines, selection.held, tally.told()


def _numbers(release_id: str, selected: Selected) -> dict[str, Any]:
    line = selected.line
    return {
        "release_id": release_id, "line": line.line, "debt_id": line.debt_id, "reference": line.reference,
        "organisation_code": line.organisation, "change": line.change, "status_digest": selected.digests.status,
        "particulars_digest": selected.digests.particulars,
    }  # fmt: skip


def _owed(line: Line) -> int:
    return int(line.values["amount_outstanding"]) if line.values["status"] in OPEN_STATUSES else 0
