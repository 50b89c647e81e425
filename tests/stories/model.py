"""The register as a few lines of Python: what the stories compare the real one with."""

from dataclasses import dataclass, field, replace
from datetime import date

from app.debts.rules.status import MOVES
from app.return_template.choices import OPEN_STATUSES, Status

SHOWN = {Status.OUTSTANDING, Status.DEFAULTED}


@dataclass
class Known:
    """One debt. `flag` is the family name under which the Warnings Index shows it, if it does."""

    number: str
    trust: str
    family_name: str
    status: Status = Status.OUTSTANDING
    since: date | None = None
    amount: int = 255000
    holds: frozenset[str] = frozenset()
    flag: str | None = None
    ended_on: date | None = None

    @property
    def belongs(self) -> bool:
        return self.status in SHOWN and not self.holds

    def settle(self) -> None:
        """A removal never waits; a flag under another name does not hold."""
        if not self.belongs or self.flag != self.family_name:
            self.flag = None

    def may_become(self, wanted: Status) -> bool:
        return wanted in MOVES[self.status]

    def become(self, wanted: Status, on: date) -> None:
        self.status, self.since = wanted, on
        self.amount = 0 if wanted is Status.REPAID else self.amount
        self.ended_on = on if wanted not in OPEN_STATUSES else None


@dataclass
class Register:
    debts: dict[str, Known] = field(default_factory=dict)

    def as_it_is(self, number: str) -> Known | None:
        return replace(self.debts[number]) if number in self.debts else None

    def go_back(self, before: dict[str, Known | None], today: date) -> None:
        """A return is withdrawn: what it reported first becomes withdrawn, all else as it was; no flag comes back."""
        for number, was in before.items():
            known = self.debts[number]
            if was is not None:
                self.debts[number] = known = replace(was, flag=known.flag)
            else:
                known.become(Status.WITHDRAWN, today)
            known.settle()

    def release(self) -> None:
        for known in self.debts.values():
            if known.belongs:
                known.flag = known.family_name

    def shown(self) -> dict[str, str]:
        return {number: known.flag for number, known in self.debts.items() if known.flag}


@dataclass
class People:
    """Who is one person by somebody's decision: pairs of debts, each of a person of its own to begin with."""

    same: set[frozenset[str]] = field(default_factory=set)
    different: set[frozenset[str]] = field(default_factory=set)

    def person(self, number: str) -> frozenset[str]:
        found, fresh = set[str](), {number}
        while fresh:
            found |= fresh
            fresh = {each for pair in self.same if pair & fresh for each in pair} - found
        return frozenset(found)

    def may_join(self, pair: frozenset[str]) -> bool:
        one, other = (self.person(number) for number in pair)
        return not any(told & one and told & other for told in self.different - {pair})

    def forget(self, kept: set[str]) -> None:
        """The decisions about a person end with the last of that person's debts."""
        pairs = self.same | self.different
        gone = {number for pair in pairs for number in pair if not self.person(number) & kept}
        self.same = {pair for pair in self.same if not pair & gone}
        self.different = {pair for pair in self.different if not pair & gone}
