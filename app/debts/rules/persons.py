"""Who hangs together: from joins between two debtors to persons, and from exact agreement between debts to debtors."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from app.debts.rules.matching import passports_contradict


def settled(debtors: Iterable[str], joins: Iterable[tuple[str, str]]) -> dict[str, tuple[str, str | None]]:
    """For each debtor the root of its person, which is the oldest of all that hang together, and its neighbour on the
    way there. Ids sort by age.
    """
    near: dict[str, set[str]] = defaultdict(set)
    for one, other in joins:
        near[one].add(other)
        near[other].add(one)
    found: dict[str, tuple[str, str | None]] = {}
    for root in sorted(debtors):
        if root in found:
            continue
        found[root] = (root, None)
        reached = [root]
        for here in reached:
            for neighbour in sorted(near[here]):
                if neighbour not in found:
                    found[neighbour] = (root, here)
                    reached.append(neighbour)
    return found


class Known:
    """Debtors by the digests of their debts: whom does a person exactly match? Grows while persons are placed."""

    def __init__(self) -> None:
        self._by_passport: dict[str, set[str]] = {}
        self._by_name: dict[str, dict[str, set[str | None]]] = {}

    def add(self, name: str | None, passport: str | None, debtor_id: str) -> None:
        if passport:
            self._by_passport.setdefault(passport, set()).add(debtor_id)
        if name:
            self._by_name.setdefault(name, {}).setdefault(debtor_id, set()).add(passport)

    def has(self, name: str | None, passport: str | None, debtor_id: str) -> bool:
        """Whether this debtor has a debt with both of these digests already."""
        if name:
            return passport in self._by_name.get(name, {}).get(debtor_id, ())
        return bool(passport) and debtor_id in self._by_passport.get(passport or "", ())

    def same_person(self, name: str | None, passport: str | None) -> list[str]:
        """The debtors whom a person matches exactly, the oldest first."""
        found = set(self._by_passport.get(passport, ())) if passport else set()
        if name in self._by_name:
            for debtor_id, passports in self._by_name[name].items():
                if not any(passports_contradict(passport, other) for other in passports):
                    found.add(debtor_id)
        return sorted(found)

    def bridged(self, name: str | None, passport: str | None, own: str, found: Sequence[str]) -> list[tuple[str, str]]:
        """The debtors whom this person proves to be one with its own. A person without a passport number matches two who
        have different ones, and proves nothing of them.
        """
        others = [other for other in found if other != own]
        if not passport and name:
            known = self._by_name.get(name, {})
            mine = known.get(own, set())
            others = [
                other
                for other in others
                if not any(passports_contradict(one, two) for one in mine for two in known.get(other, ()))
            ]
        return [(own, other) for other in others]


def agree(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> bool:
    """Whether two pairs of digests (name, passport) are exactly one person's."""
    if one[1] and one[1] == other[1]:
        return True
    return bool(one[0]) and one[0] == other[0] and not passports_contradict(one[1], other[1])


def clusters(digests: Sequence[tuple[str | None, str | None]]) -> list[list[int]]:
    """Which of these debts still hang together by exact agreement, by their places; placed in the given order."""
    alike: dict[object, list[int]] = {}  # a person may have thousands of invoices, all with the same digests
    for place, pair in enumerate(digests):
        alike.setdefault(pair if any(pair) else place, []).append(place)
    groups = list(alike.values())
    members: dict[str, list[int]] = {}
    for number, group in enumerate(groups):
        known = Known()
        for label, numbers in members.items():
            for earlier in numbers:
                known.add(*digests[groups[earlier][0]], label)
        name, passport = digests[group[0]]
        found = known.same_person(name, passport)
        own = found[0] if found else f"{number:06d}"
        members.setdefault(own, []).append(number)
        known.add(name, passport, own)
        for _, other in known.bridged(name, passport, own, found):
            members[own] += members.pop(other)
    return [[place for number in members[label] for place in groups[number]] for label in sorted(members)]
