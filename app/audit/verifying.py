"""Proves that the audit is as it was sealed, seal by seal: names each event that was changed, is missing or was put in."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.audit import digests
from app.audit.models import AuditEvent, AuditSeal

SHOWN = 20  # of what is wrong; the rest is counted
SOON = timedelta(minutes=10)  # within which whatever happens is sealed while the service or the worker runs
_SEALS_AT_ONCE, _ROWS_AT_ONCE = 10, 2_000


@dataclass
class Proof:
    """What came out. `wrong` counts, `sentences` name the first; `noted` tells whether a noted head was met.

    `late` are seals that were made long after their first event, `oldest` is when the oldest event without a seal was: before
    its seal nothing shows whether an event was changed, and whoever took seals away leaves such events behind.
    """

    sealed: int = 0
    unsealed: int = 0
    seals: int = 0
    head: str = digests.START
    wrong: int = 0
    sentences: list[str] = field(default_factory=list)
    noted: bool = False
    late: list[int] = field(default_factory=list)
    oldest: datetime | None = None

    def waits_long(self, now: datetime) -> bool:
        """Whether events lie unsealed for longer than they do while anything runs."""
        return self.oldest is not None and self.oldest < now - SOON

    def add(self, sentence: str) -> None:
        self.wrong += 1
        if len(self.sentences) < SHOWN:
            self.sentences.append(sentence)


@dataclass
class _Where:
    """How far the chain has been followed."""

    seal: int = 0
    event: int = -(2**31)  # an id below the first could be put in too
    digest: str = digests.START


def verify(
    db: Session, secret_keys: Sequence[str], noted: str | None = None, tell: Callable[[int], object] = lambda _: None
) -> Proof:
    """Follows the chain in one view of the database, in little memory. `secret_keys`: today's, then former ones;
    `noted` is a head that somebody wrote down; `tell` hears after each seal how many events it held.
    """
    proof, where = Proof(), _Where()
    seals = db.execute(select(AuditSeal).order_by(col(AuditSeal.id)).execution_options(yield_per=_SEALS_AT_ONCE))
    for seal in seals.scalars():
        _follow(db, proof, where, seal, secret_keys)
        proof.noted = proof.noted or seal.digest == noted
        where.seal, where.event, where.digest = seal.id, max(where.event, seal.last_id), seal.digest
        proof.seals, proof.head = proof.seals + 1, seal.digest
        db.expunge(seal)
        tell(seal.number)
    if noted is not None and not proof.noted:
        proof.add("The head that was noted is not in the chain: what was sealed up to it was made anew or cut off.")
    unsealed = select(func.count(), func.min(col(AuditEvent.at))).where(col(AuditEvent.id) > where.event)
    proof.unsealed, proof.oldest = db.execute(unsealed).one()
    return proof


def number_of_sealed(db: Session) -> int:
    """How many events the seals say they hold: for a progress bar."""
    return int(db.execute(select(func.coalesce(func.sum(col(AuditSeal.number)), 0))).scalar_one())


def _follow(db: Session, proof: Proof, where: _Where, seal: AuditSeal, secret_keys: Sequence[str]) -> None:
    """One seal: its place in the chain, its events, its digest and its signature. What only follows is not told twice."""
    before = proof.wrong
    if seal.id != where.seal + 1:
        proof.add(f"Seal {where.seal + 1} is missing.")
        where.event = max(where.event, seal.first_id - 1)
    elif seal.previous != where.digest or seal.last_id <= where.event:
        proof.add(f"Seal {seal.id} does not follow from seal {where.seal}.")
    found: list[tuple[int, bytes]] = []
    events = _noting_late(proof, seal, _events(db, where.event, seal.last_id))
    for sentence in _differences(seal, events, found):
        proof.add(sentence)
    proof.sealed += len(found)
    if proof.wrong > before:
        return
    if digests.of_seal(seal.id, seal.at, seal.previous, found) != seal.digest:
        proof.add(f"Seal {seal.id} was changed: it is not the digest of its events {seal.first_id} to {seal.last_id}.")
    elif seal.signature not in {digests.signature(key, seal.digest) for key in secret_keys}:
        proof.add(
            f"Seal {seal.id} was not made by this service: its signature is by another key. If "
            "DEBTOR_RETURNS_SECRET_KEY was changed, give the former key in DEBTOR_RETURNS_FORMER_SECRET_KEYS."
        )


def _noting_late(proof: Proof, seal: AuditSeal, events: Iterator[Any]) -> Iterator[Any]:
    for event in events:
        if event.at < seal.at - SOON and proof.late[-1:] != [seal.id]:
            proof.late.append(seal.id)
        yield event


def _events(db: Session, after: int, through: int) -> Iterator[Any]:
    query = (
        select(*AuditEvent.__table__.columns)  # type: ignore[attr-defined]
        .where(col(AuditEvent.id) > after, col(AuditEvent.id) <= through)
        .order_by(col(AuditEvent.id))
    )
    return iter(db.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)))


def _differences(seal: AuditSeal, events: Iterator[Any], found: list[tuple[int, bytes]]) -> Iterator[str]:
    """Sealed marks beside the rows that are there, in the order of their ids. Fills `found`."""
    expected = digests.read_marks(seal.marks)
    mark = next(expected, None)
    for event in events:
        while mark is not None and mark[0] < event.id:
            yield f"Event {mark[0]} is missing (seal {seal.id})."
            mark = next(expected, None)
        digest = digests.of_event(event)
        found.append((event.id, digest))
        if mark is None or mark[0] != event.id:
            yield f"Event {event.id} was put in after seal {seal.id} was made."
            continue
        if mark[1] != digest[:8]:
            yield f"Event {event.id} was changed (seal {seal.id})."
        mark = next(expected, None)
    while mark is not None:
        yield f"Event {mark[0]} is missing (seal {seal.id})."
        mark = next(expected, None)
