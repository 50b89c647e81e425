"""Seals audit events into the chain, a batch at a time, after they were written: writing and reading do not wait for it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.audit import digests
from app.audit.models import AuditEvent, AuditSeal
from app.audit.settled import settled_through
from app.core import clock
from app.core.db import Database
from app.core.errors import ServiceError
from app.core.turns import turn_if_free
from app.settings import get_settings

A_BATCH = 5_000  # events in one seal at most
EVERY_SECONDS = 20  # of whoever seals: the promise is a minute


@dataclass(frozen=True)
class Head:
    """Where the chain stands: the last seal's number, digest and time, the last event that it holds, how many are not sealed."""

    number: int
    digest: str
    at: datetime | None
    last_id: int
    unsealed: int


def head(db: Session) -> Head:
    last = _last(db)
    number, digest, at, last_id = (last.id, last.digest, last.at, last.last_id) if last else (0, "", None, 0)
    unsealed = db.execute(select(func.count()).where(col(AuditEvent.id) > last_id)).scalar_one()
    return Head(number, digest, at, last_id, unsealed)


def seal(store: Database) -> int:
    """Seals whatever is settled and tells how many events. Of several at once one does the work."""
    with store.reading() as db:
        last = _last(db)
        if not db.execute(select(col(AuditEvent.id)).where(col(AuditEvent.id) > _end(last)).limit(1)).first():
            return 0
    through, sealed = settled_through(store), 0
    while through is not None and (number := _seal_batch(store, through)):
        sealed += number
    return sealed


class ChainCut(ServiceError):
    """The chain does not hold a seal any more that this process has seen in it."""

    title = "The audit was tampered with"

    def __init__(self, seal: int) -> None:
        super().__init__(
            f"The audit's seal {seal} is gone or another one: somebody has cut the chain or made it anew. Nothing more is "
            "sealed until the service has been started again. Look first: debtor-returns verify-audit, with the heads in "
            "the log."
        )


class Chain:
    """The chain as one process sees it. It is not continued where it was cut off or made anew behind the process's back."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._seen: Head | None = None

    def seal(self) -> int:
        """Seals whatever is settled and tells how many events. Raises ChainCut."""
        with self._store.reading() as db:
            if self._seen is not None and _digest(db, self._seen.number) != self._seen.digest:
                raise ChainCut(self._seen.number)
        number = seal(self._store)
        with self._store.reading() as db:
            found = head(db)
        self._seen = found if found.number else None
        return number

    @property
    def head(self) -> Head | None:
        return self._seen


def _seal_batch(store: Database, through: int) -> int:
    """Made while nobody waits, then put in place if nobody else did so meanwhile."""
    with store.reading() as db:
        last = _last(db)
        made = _made(db, last, through)
    if made is None:
        return 0
    with store.writing() as db:
        if not turn_if_free(db, "audit seals"):
            return 0
        if db.execute(select(func.max(col(AuditSeal.id)))).scalar_one() != (last.id if last else None):
            return 0
        db.add(made)
        db.flush()
        return made.number


def _made(db: Session, last: AuditSeal | None, through: int) -> AuditSeal | None:
    rows = db.execute(
        select(*AuditEvent.__table__.columns)  # type: ignore[attr-defined]
        .where(col(AuditEvent.id) > _end(last), col(AuditEvent.id) <= through)
        .order_by(col(AuditEvent.id))
        .limit(A_BATCH)
    )
    found = [(row.id, digests.of_event(row)) for row in rows]
    if not found:
        return None
    number, at, previous = (last.id if last else 0) + 1, clock.real_now(), last.digest if last else digests.START
    digest = digests.of_seal(number, at, previous, found)
    return AuditSeal(
        id=number, at=at, first_id=found[0][0], last_id=found[-1][0], number=len(found), marks=digests.marks(found),
        previous=previous, digest=digest, signature=digests.signature(get_settings().secret_keys[0], digest),
    )  # fmt: skip


def _digest(db: Session, seal: int) -> str | None:
    return db.execute(select(col(AuditSeal.digest)).where(col(AuditSeal.id) == seal)).scalar()


def _last(db: Session) -> AuditSeal | None:
    return db.execute(select(AuditSeal).order_by(col(AuditSeal.id).desc()).limit(1)).scalars().first()


def _end(last: AuditSeal | None) -> int:
    return last.last_id if last else 0
