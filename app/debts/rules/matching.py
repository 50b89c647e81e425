"""Who is exactly the same person: the only two tests on which the service joins without asking a human.

Why no others: docs/decisions/0008-grouped-by-exact-match-only.md.
"""

import unicodedata
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Protocol

from rapidfuzz import fuzz


class Particulars(Protocol):
    """What says who a person is."""

    @property
    def family_name(self) -> str | None: ...
    @property
    def given_names(self) -> str | None: ...
    @property
    def date_of_birth(self) -> date | None: ...
    @property
    def nationality(self) -> str | None: ...
    @property
    def passport_number(self) -> str | None: ...


@lru_cache(maxsize=50_000)
def fold_name(text: str) -> str:
    """A name for comparing: NFC, without case and extra spaces. Names are stored as typed."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def fold_passport(text: str) -> str:
    """A number for comparing: its letters and digits, in capitals."""
    capitals = text.upper()
    return capitals if capitals.isalnum() else "".join(filter(str.isalnum, capitals))


def full_name(person: Particulars) -> str:
    return f"{fold_name(person.family_name or '')}|{fold_name(person.given_names or '')}"


def name_match(person: Particulars) -> str | None:
    """A digest that is equal for equal full name, date of birth and nationality; None where that says too little.

    Many people whose birthday is not known are given 1 January, so that day proves nothing.
    """
    born = person.date_of_birth
    if born is None or not person.nationality or not person.family_name or (born.month, born.day) == (1, 1):
        return None
    return _digest(f"name|{born.isoformat()}|{person.nationality}|{full_name(person)}")


def passport_match(person: Particulars) -> str | None:
    """A digest that is equal for equal passport number, date of birth and nationality."""
    if person.date_of_birth is None or not person.nationality or not person.passport_number:
        return None
    return _digest(f"passport|{person.date_of_birth.isoformat()}|{person.nationality}|"
                   f"{fold_passport(person.passport_number)}")  # fmt: skip


def passports_contradict(one: str | None, other: str | None) -> bool:
    """Two passport digests that are both there and differ."""
    return one is not None and other is not None and one != other


def same_invoice_same_person(held: Particulars, stated: Particulars, alike_percent: int) -> bool:
    """Whether new particulars for a known invoice correct the same person's, rather than name someone else.

    Full name or passport agrees, or date of birth agrees and the names are alike enough. A hyphen may be left out.
    """
    if full_name(held) == full_name(stated):
        return True
    passports = [fold_passport(person.passport_number or "") for person in (held, stated)]
    if passports[0] and passports[0] == passports[1]:
        return True
    if held.date_of_birth is not None and held.date_of_birth != stated.date_of_birth:
        return False
    names = (full_name(person).replace("|", " ").replace("-", " ") for person in (held, stated))
    return fuzz.token_sort_ratio(*names) >= alike_percent


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
