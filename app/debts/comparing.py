"""Compares the people of new and corrected debts with everybody who may be the same person, and proposes who is alike.

It runs after a posting, in short transactions of its own: a debt waits for it by its mark `to_compare`, so that nothing is
lost when a process dies in between.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlmodel import Session

from app.core import clock
from app.core.cycles import not_searched
from app.core.db import Database, among, insert_rows, take_turns
from app.core.errors import ServiceError
from app.core.logs import describe
from app.debts import proposals
from app.debts.models import Debt, LikenessKey
from app.debts.proposals import COMPARED, WITHDRAWN, Pair
from app.debts.rules import likeness
from app.debts.rules.likeness import THRESHOLD, Likeness, Traits

BATCH = 2_500
log = structlog.get_logger(__name__)
_DEBTS: Any = Debt.__table__  # type: ignore[attr-defined]
_KEYS: Any = LikenessKey.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _Person:
    """One way in which a debtor is described by its debts, with the keys by which it is found."""

    debtor_id: str
    traits: Traits
    keys: frozenset[int]


def compare_waiting(store: Database) -> int:
    """Compares whoever waits, in parts, and gives how many debts those were. Call it after whatever posts has committed."""
    compared = 0
    while part := _compare_some(store):
        compared += part
    return compared


def compare_afterwards(store: Database) -> None:
    """The same, for when the answer has gone: what goes wrong is logged, and whoever waits is compared after the next."""
    try:
        compare_waiting(store)
    except ServiceError as error:  # the database is busy or away
        log.warning("comparing persons is put off", **describe(error))
    except Exception as error:
        log.error("comparing persons failed", **describe(error))


def _compare_some(store: Database) -> int:
    with store.reading() as db:  # most calls find nobody, and take no lock for it
        if db.execute(select(_DEBTS.c.id).where(_DEBTS.c.to_compare).limit(1)).first() is None:
            return 0
    with store.writing() as db, not_searched():
        take_turns(db, ["likeness"])  # two at once would not see each other's people
        waiting = _take(db)
        persons = _described(row for row in waiting if row.status != WITHDRAWN)
        found = _alike(db, persons, _under_their_keys(db, persons))
        proposals.look_again(db, {row.debtor_id for row in waiting})
        proposals.propose(db, found, clock.now())
    return len(waiting)


def _take(db: Session) -> Sequence[Any]:
    """Some of the debts that wait. Those that a posting holds at this moment are left for its own call."""
    query = select(_DEBTS.c.id, _DEBTS.c.debtor_id, _DEBTS.c.status, *COMPARED).where(_DEBTS.c.to_compare)
    query = query.order_by(_DEBTS.c.id).limit(BATCH).with_for_update(skip_locked=True, key_share=True)
    waiting = db.execute(query).all()
    taken = [row.id for row in waiting]
    db.execute(update(_DEBTS).where(among(db, _DEBTS.c.id, taken)).values(to_compare=False))
    return waiting


def _described(rows: Iterable[Any]) -> list[_Person]:
    """Each different description of each debtor once: a person may have hundreds of invoices."""
    found = dict.fromkeys((row.debtor_id, likeness.traits(row)) for row in rows)
    return [_Person(debtor_id, traits, frozenset(likeness.keys_of(traits))) for debtor_id, traits in found]


def _under_their_keys(db: Session, persons: Sequence[_Person]) -> dict[int, set[str]]:
    """The debtors under each key of these persons. They themselves are among them: they are put there now."""
    keys = sorted({key for person in persons for key in person.keys})
    under: dict[int, set[str]] = defaultdict(set)
    query = select(_KEYS.c.key, _KEYS.c.debtor_id).where(among(db, _KEYS.c.key, keys))
    for key, debtor_id in db.execute(query):
        under[key].add(debtor_id)
    new: list[tuple[int, str]] = []
    for person in persons:
        for key in person.keys:
            if person.debtor_id not in under[key]:
                under[key].add(person.debtor_id)
                new.append((key, person.debtor_id))
    if new:
        insert_rows(db, _KEYS, [{"key": key, "debtor_id": debtor_id} for key, debtor_id in sorted(new)])
    return under


def _alike(db: Session, persons: Sequence[_Person], under: Mapping[int, Collection[str]]) -> dict[Pair, Likeness]:
    """The pairs that are alike enough to ask a person about, each as its likest descriptions are."""
    others = {
        person: {debtor_id for key in person.keys for debtor_id in under[key]} - {person.debtor_id}
        for person in persons
    }
    known = proposals.descriptions(db, {debtor_id for found in others.values() for debtor_id in found})
    best: dict[Pair, Likeness] = {}
    for person, found in others.items():
        for debtor_id in found:
            pair = (min(person.debtor_id, debtor_id), max(person.debtor_id, debtor_id))
            for traits in known.get(debtor_id, ()):
                likeness_ = likeness.compare(person.traits, traits)
                if likeness_.score >= THRESHOLD and (pair not in best or likeness_.score > best[pair].score):
                    best[pair] = likeness_
    return best
