"""Compares the people of new and corrected debts with everybody who may be the same person, and proposes who is alike.

It runs after a posting, a part at a time: a debt waits for it by its mark `to_compare`, so that nothing is lost when a
process dies in between. Persons are scored while nobody waits for them, and only what came out is written: a debt that was
changed meanwhile keeps its mark, and with it whatever was found of it is looked at again.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import select, update
from sqlmodel import Session, col

from app.core import clock, stopping
from app.core.cycles import not_searched
from app.core.db import Database, among, take_turns
from app.core.errors import ServiceError
from app.core.logs import describe
from app.core.many_rows import insert_rows
from app.core.turns import alone
from app.debts import proposals
from app.debts.match_models import LikenessKey
from app.debts.models import Debt
from app.debts.proposals import COMPARED, WITHDRAWN, Pair
from app.debts.rules import likeness
from app.debts.rules.keys import CROWD, Keys, day_of, keys_of, may_be_one_day
from app.debts.rules.likeness import THRESHOLD, Likeness, Traits

# What one part takes on, in debts and in pairs of persons: on SQLite whoever writes waits while its outcome is put down.
BATCH, PAIRS = 2_000, 20_000
log = structlog.get_logger(__name__)
_KEYS: Any = LikenessKey.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True, eq=False)
class _Person:
    """One way in which a debtor is described by its debts, with the keys by which it is found."""

    debtor_id: str
    traits: Traits
    keys: Keys
    born: int


_Found = tuple[str, int]  # a debtor, and the birthday with which it stands under a key


def compare_waiting(store: Database, is_stopping: Callable[[], bool] = stopping.has_begun) -> int:
    """Compares whoever waits, in parts, and gives how many debts those were. Call it after whatever posts has committed.

    While another process does so on PostgreSQL, whoever waits is left to it: it looks again after each part.
    """
    compared = 0
    while not is_stopping() and (part := _compare_some(store)):
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
    with store.reading() as db:  # most calls find nobody, and take no turn for it
        if db.execute(select(col(Debt.id)).where(col(Debt.to_compare)).limit(1)).first() is None:
            return 0
    with alone(store, "likeness") as is_alone:
        return _compare_part(store) if is_alone else 0


def _compare_part(store: Database) -> int:
    with not_searched():
        with store.reading() as db:
            waiting = _waiting(db)
        described = _described(row for row in waiting if row.status != WITHDRAWN)
        others = _others(described, _placed(store, described))
        done = [row for row in waiting if row.status == WITHDRAWN]
        done += [row for person in others for row in described[person]]
        with store.reading() as db:
            found = _alike(db, others)
            again = proposals.look_again(db, {row.debtor_id for row in done})
        with store.writing() as db:
            take_turns(db, ["register"])
            _done_with(db, done)
            proposals.put_down(db, again)
            proposals.propose(db, found, clock.now())
    return len(done)


def _waiting(db: Session) -> Sequence[Any]:
    what = (col(Debt.id), col(Debt.debtor_id), col(Debt.status), col(Debt.changed_at), *COMPARED)
    return db.execute(select(*what).where(col(Debt.to_compare)).order_by(col(Debt.id)).limit(BATCH)).all()


def _done_with(db: Session, waiting: Sequence[Any]) -> None:
    """Takes the mark from those that are as they were when they were compared."""
    seen = {row.id: row.changed_at for row in waiting}
    query = select(col(Debt.id), col(Debt.changed_at)).where(among(db, col(Debt.id), seen))
    unchanged = [debt_id for debt_id, changed_at in db.execute(query).all() if changed_at == seen[debt_id]]
    compared = update(Debt).where(among(db, col(Debt.id), unchanged)).values(to_compare=False)
    db.execute(compared, execution_options={"synchronize_session": False})


def _described(rows: Iterable[Any]) -> dict[_Person, list[Any]]:
    """Each different description of each debtor once, with its debts: a person may have hundreds of invoices."""
    found: dict[tuple[str, Traits], list[Any]] = defaultdict(list)
    for row in rows:
        found[row.debtor_id, likeness.traits(row)].append(row)
    return {
        _Person(debtor_id, traits, keys_of(traits), day_of(traits.born)): debts
        for (debtor_id, traits), debts in found.items()
    }


def _placed(store: Database, persons: Collection[_Person]) -> dict[int, set[_Found]]:
    """Who stands under each key of these persons, but for keys with a crowd. They themselves are put there first: of two
    processes that compare at once, one sees the other's people.
    """
    with store.reading() as db:
        under, new = _under_their_keys(db, persons)
    if new:
        with store.writing() as db:
            take_turns(db, ["likeness keys"])
            under, new = _under_their_keys(db, persons)
            if new:
                insert_rows(db, _KEYS, new)
    return {key: found for key, found in under.items() if len(found) <= CROWD}


def _under_their_keys(db: Session, persons: Collection[_Person]) -> tuple[dict[int, set[_Found]], list[dict[str, Any]]]:
    """Who stands under each key, these persons included, and the rows that put them there."""
    keys = sorted({key for person in persons for key in person.keys.all})
    under: dict[int, set[_Found]] = defaultdict(set)
    query = select(_KEYS.c.key, _KEYS.c.debtor_id, _KEYS.c.born).where(among(db, _KEYS.c.key, keys))
    for key, debtor_id, born in db.execute(query).all():
        under[key].add((debtor_id, born))
    new: list[tuple[int, _Found]] = []
    for person in persons:
        own = (person.debtor_id, person.born)
        for key in person.keys.all:
            if own not in under[key] and len(under[key]) <= CROWD:
                under[key].add(own)
                new.append((key, own))
    return under, [{"key": key, "debtor_id": debtor_id, "born": born} for key, (debtor_id, born) in sorted(new)]


def _others(persons: Iterable[_Person], under: Mapping[int, Collection[_Found]]) -> dict[_Person, set[str]]:
    """For each of the first persons, as many as one part takes on, the debtors with whom it is to be compared."""
    found: dict[_Person, set[str]] = {}
    pairs = 0
    for person in persons:
        if pairs >= PAIRS:
            break
        found[person] = _others_of(person, under)
        pairs += len(found[person])
    return found


def _others_of(person: _Person, under: Mapping[int, Collection[_Found]]) -> set[str]:
    found = {debtor_id for key in person.keys.sure for debtor_id, _ in under.get(key, ())}
    for key in person.keys.of_name:
        for debtor_id, born in under.get(key, ()):
            if debtor_id not in found and may_be_one_day(person.born, born):
                found.add(debtor_id)
    return found - {person.debtor_id}


def _alike(db: Session, others: Mapping[_Person, Collection[str]]) -> dict[Pair, Likeness]:
    """The pairs that are alike enough to ask a person about, each as its likest descriptions are."""
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
