"""Puts debts of exactly the same person under one debtor, and takes out whom a correction shows to be another; every other
likeness is for a person to decide.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, select, update
from sqlmodel import Session, col

from app.core.db import among
from app.core.ids import new_id
from app.core.many_rows import insert_columns
from app.core.wall import Across, across
from app.debts import exact_joins
from app.debts.models import Debt, Debtor
from app.debts.rules.persons import Known, clusters

_DEBTORS: Any = Debtor.__table__  # type: ignore[attr-defined]
_WHAT = (col(Debt.name_match), col(Debt.passport_match), col(Debt.debtor_id))


class Person(msgspec.Struct):
    """A debt's person: its digests, its debtor where it has one, and whether that debtor had just such a debt before."""

    name_match: str | None
    passport_match: str | None
    debtor_id: str = ""
    debt_id: str = ""
    is_known: bool = False


def place(db: Session, persons: Sequence[Person], now: datetime) -> None:
    """Gives every person of a new debt a debtor: the oldest that they exactly match, else a new one. Two that they prove
    to be one are joined, unless somebody decided otherwise.
    """
    with across(db, Across.SAME_PERSON):
        _place(db, persons, now)


def _place(db: Session, persons: Sequence[Person], now: datetime) -> None:
    known = _load(db, persons)
    fresh: list[str] = []
    bridges: set[tuple[str, str]] = set()
    for person in persons:
        name, passport = person.name_match, person.passport_match
        found = known.same_person(name, passport)
        if found:
            person.debtor_id = found[0]
            person.is_known = known.has(name, passport, found[0])
            if len(found) > 1:
                bridges.update(known.bridged(name, passport, found[0], found))
        else:
            person.debtor_id = new_id()
            fresh.append(person.debtor_id)
        if not person.is_known:
            known.add(name, passport, person.debtor_id)
    _open(db, fresh, now)
    exact_joins.join(db, bridges, now)


def place_corrected(db: Session, corrected: Sequence[Person], now: datetime) -> None:
    """For debts whose digests were changed: who agrees with nobody of their debtor any more leaves it for the one they
    match now, else for a new one; joins that rested on what was said before are parted, and new ones made.
    """
    if corrected:
        with across(db, Across.PARTED_PERSON):
            _place_corrected(db, corrected, now)


def _place_corrected(db: Session, corrected: Sequence[Person], now: datetime) -> None:
    before = {person.debtor_id for person in corrected}
    leaving = _leaving(db, before, {person.debt_id for person in corrected})
    gone = {person.debt_id for cluster in leaving for person in cluster}
    staying = [person for person in corrected if person.debt_id not in gone]
    known = _load(db, [*staying, *(person for cluster in leaving for person in cluster)], gone)
    bridges: set[tuple[str, str]] = set()
    for cluster in leaving:
        matched = {each for one in cluster for each in known.same_person(one.name_match, one.passport_match)}
        debtor_id = min(matched) if matched else new_id()
        _open(db, [] if matched else [debtor_id], now)
        _move(db, cluster, debtor_id)
        for one in cluster:
            known.add(one.name_match, one.passport_match, debtor_id)
    for person in (*staying, *(one for cluster in leaving for one in cluster)):
        name, passport = person.name_match, person.passport_match
        found = known.same_person(name, passport)
        bridges.update(known.bridged(name, passport, person.debtor_id, found))
    exact_joins.part_unsupported(db, before, {person.debt_id for person in corrected}, now)
    exact_joins.join(db, bridges, now)
    if leaving:  # what was found alike because of those who left is to be looked at again
        _change(db, among(db, col(Debt.debtor_id), before), to_compare=True)


def _leaving(db: Session, debtor_ids: Collection[str], corrected: Collection[str]) -> list[list[Person]]:
    """Debts that hang together with their debtor no more. Those that nobody corrected stay."""
    query = select(*_WHAT, col(Debt.id)).where(among(db, col(Debt.debtor_id), debtor_ids))
    debts: dict[str, list[Person]] = defaultdict(list)
    for row in db.execute(query):
        debts[row.debtor_id].append(Person(*row))
    leaving: list[list[Person]] = []
    for members in debts.values():
        if len(members) > 1:
            members.sort(key=lambda one: (one.debt_id in corrected, one.debt_id))
            found = clusters([(one.name_match, one.passport_match) for one in members])
            leaving += [[members[place_] for place_ in cluster] for cluster in found[1:]]
    return leaving


def _load(db: Session, persons: Iterable[Person], without: Collection[str] = ()) -> Known:
    """Everybody in the register who has one of these persons' digests, but for some debts."""
    known = Known()
    names = {person.name_match for person in persons if person.name_match}
    passports = {person.passport_match for person in persons if person.passport_match}
    for column, digests in ((col(Debt.name_match), names), (col(Debt.passport_match), passports)):
        query = select(*_WHAT).where(among(db, column, digests))
        if without:
            query = query.where(~among(db, col(Debt.id), without))
        for name, passport, debtor_id in db.execute(query):
            known.add(name, passport, debtor_id)
    return known


def _open(db: Session, debtor_ids: Sequence[str], now: datetime) -> None:
    if debtor_ids:
        number = len(debtor_ids)
        new = {"id": debtor_ids, "created_at": [now] * number, "joined_into": [None] * number, "root_id": debtor_ids}
        insert_columns(db, _DEBTORS, new)


def _move(db: Session, cluster: Sequence[Person], debtor_id: str) -> None:
    for person in cluster:
        person.debtor_id = debtor_id
    ids = [person.debt_id for person in cluster]
    _change(db, among(db, col(Debt.id), ids), debtor_id=debtor_id, to_compare=True)


def _change(db: Session, where: ColumnElement[bool], **values: Any) -> None:
    db.execute(update(Debt).where(where).values(values), execution_options={"synchronize_session": False})
