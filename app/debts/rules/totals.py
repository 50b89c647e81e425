"""What one person owes one trust: the sum that the threshold is held against (contract 4, R09)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Owed:
    """One open debt as the sum sees it: whose it is by the two digests, and what is outstanding in pence."""

    key: str
    name_match: str | None
    passport_match: str | None
    amount_outstanding: int


class PersonTotals:
    """Open debts of one trust, looked up by exactly matching person."""

    def __init__(self, debts: Iterable[Owed]) -> None:
        self._by_name: dict[str, list[Owed]] = defaultdict(list)
        self._by_passport: dict[str, list[Owed]] = defaultdict(list)
        for debt in debts:
            if debt.name_match:
                self._by_name[debt.name_match].append(debt)
            if debt.passport_match:
                self._by_passport[debt.passport_match].append(debt)

    def total_with(self, debt: Owed) -> int:
        """Pence outstanding on this debt and on all others of exactly the same person."""
        others = {
            other.key: other.amount_outstanding
            for other in self._by_name.get(debt.name_match or "", ())
            if not (debt.passport_match and other.passport_match and debt.passport_match != other.passport_match)
        }
        others |= {
            other.key: other.amount_outstanding for other in self._by_passport.get(debt.passport_match or "", ())
        }
        others[debt.key] = debt.amount_outstanding
        return sum(others.values())
