"""What one person owes one trust: the sum that the threshold is held against (R09)."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec


class Owed(msgspec.Struct, frozen=True):
    """One open debt as the sum sees it: whose it is by the two digests, and what is outstanding in pence."""

    key: str
    name_match: str | None
    passport_match: str | None
    amount_outstanding: int


class PersonTotals:
    """Open debts of one trust, summed by exactly matching person. Each question costs the same, however many they are."""

    def __init__(self, debts: Iterable[Owed]) -> None:
        self._debts: dict[str, Owed] = {}
        self._by_name: dict[str, int] = defaultdict(int)
        self._by_passport: dict[str, int] = defaultdict(int)
        self._without_passport: dict[str, int] = defaultdict(int)
        for debt in debts:
            self._debts[debt.key] = debt
            if debt.name_match:
                self._by_name[debt.name_match] += debt.amount_outstanding
                if not debt.passport_match:
                    self._without_passport[debt.name_match] += debt.amount_outstanding
            if debt.passport_match:
                self._by_passport[debt.passport_match] += debt.amount_outstanding

    def total_with(self, debt: Owed) -> int:
        """Pence outstanding on this debt and on all others of exactly the same person: passport agrees, or the name
        does and no passport contradicts."""
        if debt.passport_match:
            others = self._by_passport.get(debt.passport_match, 0)
            others += self._without_passport.get(debt.name_match or "", 0)
        else:
            others = self._by_name.get(debt.name_match or "", 0)
        known = self._debts.get(debt.key)
        if known is not None and _counted_for(known, debt):
            others -= known.amount_outstanding
        return others + debt.amount_outstanding


def _counted_for(other: Owed, debt: Owed) -> bool:
    if debt.passport_match and other.passport_match:
        return debt.passport_match == other.passport_match
    return bool(debt.name_match) and debt.name_match == other.name_match
