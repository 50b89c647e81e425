"""Adding up debts, money and people: a person counts once, however many debts are put together."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple


class Figures(NamedTuple):
    """How many debts, how much money in pence, and of how many different people."""

    debts: int = 0
    pence: int = 0
    people: int = 0


@dataclass(slots=True)
class Tally:
    """Figures while they are added up, with who the people are."""

    debts: int = 0
    pence: int = 0
    people: set[str] = field(default_factory=set)

    def add(self, person: str, pence: int, debts: int = 1) -> None:
        self.debts += debts
        self.pence += pence
        self.people.add(person)


def together(tallies: Iterable[Tally]) -> Figures:
    found = list(tallies)
    people = set().union(*(each.people for each in found)) if len(found) != 1 else found[0].people
    return Figures(sum(each.debts for each in found), sum(each.pence for each in found), len(people))
