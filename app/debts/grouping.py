"""Puts debts of exactly the same person under one debtor; every other likeness is for a person to decide."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from app.core.db import among, insert_rows
from app.core.ids import new_id
from app.debts.models import Debt, Debtor
from app.debts.rules.matching import passports_contradict

_DEBTORS: Any = Debtor.__table__  # type: ignore[attr-defined]


@dataclass(slots=True)
class Person:
    """A debt's person while it looks for its debtor; `debtor_id` is set for one that has a debtor already."""

    name_match: str | None
    passport_match: str | None
    debtor_id: str | None = None


class _Known:
    """Who is in the register, by digest; grows while a file's persons are placed."""

    def __init__(self) -> None:
        self.by_passport: dict[str, str] = {}
        self.by_name: dict[str, dict[str, set[str | None]]] = defaultdict(lambda: defaultdict(set))

    def add(self, name: str | None, passport: str | None, debtor_id: str) -> None:
        if passport:
            self.by_passport[passport] = debtor_id
        if name:
            self.by_name[name][debtor_id].add(passport)

    def same_person(self, person: Person) -> set[str]:
        found = {self.by_passport[person.passport_match]} if person.passport_match in self.by_passport else set()
        if person.name_match in self.by_name:
            for debtor_id, passports in self.by_name[person.name_match].items():
                if not any(passports_contradict(person.passport_match, other) for other in passports):
                    found.add(debtor_id)
        return found

    def join(self, older: str, younger: str) -> None:
        self.by_passport = {key: older if who == younger else who for key, who in self.by_passport.items()}
        for debtors in self.by_name.values():
            if younger in debtors:
                debtors[older] |= debtors.pop(younger)


def place(db: Session, persons: Sequence[Person], now: datetime) -> None:
    """Gives every person a debtor: the one they exactly match, else a new one. Two that prove to be one are joined."""
    known = _load(db, persons)
    fresh: list[dict[str, object]] = []
    for person in persons:
        found = known.same_person(person) | ({person.debtor_id} if person.debtor_id else set())
        if not found:
            person.debtor_id = new_id()
            fresh.append({"id": person.debtor_id, "created_at": now, "joined_into": None})
        else:
            person.debtor_id, *younger = sorted(found)
            for other in younger:
                _join(db, person.debtor_id, other, fresh)
                known.join(person.debtor_id, other)
                for earlier in persons:
                    if earlier.debtor_id == other:
                        earlier.debtor_id = person.debtor_id
        known.add(person.name_match, person.passport_match, person.debtor_id)
    if fresh:
        insert_rows(db, _DEBTORS, fresh)


def _load(db: Session, persons: Iterable[Person]) -> _Known:
    known = _Known()
    names = {person.name_match for person in persons if person.name_match}
    passports = {person.passport_match for person in persons if person.passport_match}
    what = (col(Debt.name_match), col(Debt.passport_match), col(Debt.debtor_id))
    for column, digests in ((col(Debt.name_match), names), (col(Debt.passport_match), passports)):
        for name, passport, debtor_id in db.execute(select(*what).where(among(db, column, digests))):
            known.add(name, passport, debtor_id)
    return known


def _join(db: Session, older: str, younger: str, fresh: list[dict[str, object]]) -> None:
    if any(debtor["id"] == younger for debtor in fresh):
        fresh[:] = [debtor for debtor in fresh if debtor["id"] != younger]
        return
    if any(debtor["id"] == older for debtor in fresh):
        db.execute(insert(_DEBTORS), [debtor for debtor in fresh if debtor["id"] == older])
        fresh[:] = [debtor for debtor in fresh if debtor["id"] != older]
    db.execute(update(Debt).where(col(Debt.debtor_id) == younger).values(debtor_id=older))
    db.execute(update(Debtor).where(col(Debtor.id) == younger).values(joined_into=older))
