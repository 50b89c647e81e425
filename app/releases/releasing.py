"""Releases an approved release: takes out what moved on since, freezes the files, and tells the Warnings Index, all at once.

Files are written while nobody waits; then one transaction looks again and does the rest. Whatever stops it, the release
is approved as before and can be released again, or it is released whole.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock, scratch
from app.core.db import Database, among
from app.core.errors import NotFound, Unavailable
from app.debts import warnings_index
from app.debts.models import Debt
from app.disclosures.lines import Lines
from app.releases import flags_before, freezing, given, moved_on, told_before
from app.releases.freezing import POLITE, Files
from app.releases.models import CarriedDebt, Release, ReleaseLine
from app.releases.moved_on import MovedOn
from app.releases.rules.sign_off import check_move
from app.releases.rules.taking_out import TakenOut
from app.releases.rules.words import Change, State
from app.releases.turns import locked

TRIES = 3  # writings while the register goes on
MOST_IN_TURN = 50_000  # lines; after that the register waits for the last writing of so many, which takes some seconds
KEEPS_CHANGING = (
    "While the files of this release were written, debts in it were repaid, held or corrected each time, so that the files "
    "had to be written again. Nothing was released: try again when fewer returns arrive."
)
_AT_ONCE = 5_000  # debts


@dataclass(frozen=True)
class Ready:
    """Files as they would leave without the lines of `without`, and which debts are on the lines that do."""

    without: frozenset[int]
    files: Files
    debts: Lines


def release(store: Database, actor: Actor, release_id: str) -> Release:
    """Raises NotFound (404), Conflict (409) unless it is approved, Unavailable (503) for a large one while the register keeps
    changing what has to be taken out of it. Of two at once the first one wins.
    """
    with TemporaryDirectory(prefix="release-", dir=scratch.home()) as folder:
        for attempt in range(TRIES):
            ready = write(store, release_id, Path(folder, str(attempt)))
            with store.writing() as db:
                if (done := conclude(db, actor, release_id, ready)) is not None:
                    return done
        with store.writing() as db:
            found, moved = _look(db, release_id)
            if found.lines > MOST_IN_TURN:
                raise Unavailable(KEEPS_CHANGING)
            last = write(store, release_id, Path(folder, "last"), behind=0)  # nobody gets on before this has
            return _finish(db, actor, found, moved, last)


def conclude(db: Session, actor: Actor, release_id: str, ready: Ready) -> Release | None:
    """Releases what was written, in one transaction; None when other lines have to be taken out by now: write again."""
    found, moved = _look(db, release_id)
    return _finish(db, actor, found, moved, ready) if moved.numbers == ready.without else None


def write(store: Database, release_id: str, folder: Path, behind: int = POLITE) -> Ready:
    """Writes the files as they would leave now, so many steps behind the processes that answer people. Raises NotFound
    (404), Conflict (409).
    """
    with store.reading() as db:
        if (found := db.get(Release, release_id)) is None:
            raise NotFound
        check_move(found.number, State(found.state), State.RELEASED)
        without = moved_on.look(db, found).numbers
        debts = _debts(db, release_id, without)
    folder.mkdir()
    return Ready(without, freezing.write(store, release_id, without, folder, behind), debts)


def _look(db: Session, release_id: str) -> tuple[Release, MovedOn]:
    """The release, while nobody else changes the register, and what does not leave of it."""
    found = locked(db, release_id, "register")
    check_move(found.number, State(found.state), State.RELEASED)
    return found, moved_on.look(db, found)


def _finish(db: Session, actor: Actor, found: Release, moved: MovedOn, ready: Ready) -> Release:
    now = clock.now()
    _mark(db, found.id, moved)
    freezing.keep(db, found.id, ready.files.written)
    told_before.note_ended(db, found, ready.files.ended)
    flags_before.note_ended(db, found, ready.files.ended_before)
    _carry(db, found)
    flags = _flag(db, now, found, moved)
    given.note(db, actor, found, ready.debts, ready.files)
    found.state, found.released_by, found.released_at = State.RELEASED, actor.id, now
    db.add(found)
    record(
        db, actor, AuditAction.RELEASE_RELEASED, "release", found.id, lines=ready.debts.count, flags=flags,
        taken_out=dict(Counter(reason.value for reason in moved.out.values())),
    )  # fmt: skip
    return found


def _debts(db: Session, release_id: str, without: frozenset[int]) -> Lines:
    gathered = Lines()
    query = select(col(ReleaseLine.line), col(ReleaseLine.debt_id)).where(col(ReleaseLine.release_id) == release_id)
    for line, debt_id in db.execute(query, execution_options={"yield_per": _AT_ONCE}):
        if line not in without:
            gathered.add(debt_id)
    return gathered


def _mark(db: Session, release_id: str, moved: MovedOn) -> None:
    by_reason: dict[TakenOut, list[int]] = defaultdict(list)
    for line, reason in moved.out.items():
        by_reason[reason].append(line)
    for reason, lines in by_reason.items():
        db.execute(
            update(ReleaseLine)
            .where(col(ReleaseLine.release_id) == release_id, among(db, col(ReleaseLine.line), lines))
            .values(taken_out=reason.value),
            execution_options={"synchronize_session": False},
        )


def _carry(db: Session, found: Release) -> None:
    """Notes of every debt whose line leaves what this recipient was told of it last: one statement for any number."""
    line, keys = ReleaseLine, ("debt_id", "release_id", "line", "status_digest", "particulars_digest")
    left = select(
        literal(found.recipient_key),
        *(getattr(line, key) for key in keys),
        col(line.change) == Change.REMOVED.value,
        literal(False),
    ).where(col(line.release_id) == found.id, col(line.taken_out).is_(None))
    kind = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    table: Any = CarriedDebt.__table__  # type: ignore[attr-defined]  # SQLModel adds it
    statement = kind.insert(table).from_select(["recipient_key", *keys, "removed", "flag_ended"], left)
    told = {key: statement.excluded[key] for key in (*keys[1:], "removed", "flag_ended")}
    db.execute(statement.on_conflict_do_update(index_elements=["recipient_key", "debt_id"], set_=told))


def _flag(db: Session, now: datetime, found: Release, moved: MovedOn) -> int:
    """Adds the flags that waited for a release to carry their debts. How many."""
    line = ReleaseLine
    query = (
        select(col(line.debt_id))
        .join(Debt, col(Debt.id) == col(line.debt_id))
        .where(
            col(line.release_id) == found.id, col(line.taken_out).is_(None), col(line.change) != Change.REMOVED.value
        )
        .where(warnings_index.belongs(), col(Debt.flagged).is_(False))
        .order_by(col(line.line))
    )
    waiting = [debt_id for debt_id in db.execute(query).scalars() if debt_id not in moved.hidden]
    starts = range(0, len(waiting), _AT_ONCE)
    return sum(warnings_index.carried(db, now, waiting[start : start + _AT_ONCE]) for start in starts)
