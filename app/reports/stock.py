"""The register as it stood at the end of months: how many debts of which status, of how many people, and what was owed."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.debts.models import Debt, DebtEvent
from app.debts.register import from_json
from app.periods.calendar import Period
from app.reports.lives import Life, of_reader
from app.reports.month_ends import end_of
from app.reports.report import Reader
from app.reports.tally import Figures, Tally, together
from app.return_template.choices import OPEN_STATUSES

_Key = tuple[str, str]  # organisation and status


@dataclass(frozen=True)
class Stock:
    """One moment, by organisation and status."""

    tallies: Mapping[_Key, Tally]

    def of(self, codes: Iterable[str], statuses: Collection[str] = OPEN_STATUSES) -> Figures:
        keys = ((code, status) for code in codes for status in statuses)
        return together(self.tallies[key] for key in keys if key in self.tallies)

    def is_of_one(self, codes: Collection[str]) -> bool:
        """Whether all open debts of these organisations are one organisation's."""
        return len({code for (code, _), tally in self._open() if tally.debts and code in codes}) == 1

    def _open(self) -> Iterator[tuple[_Key, Tally]]:
        return ((key, tally) for key, tally in self.tallies.items() if key[1] in OPEN_STATUSES)


class MonthEnds:
    """Point 0 is the beginning of a span, point 1 the end of its first month and so on.

    Of each person a number keeps at which points there was a debt: a bit for each.
    """

    def __init__(self, lives: Iterable[Life], months: int) -> None:
        self.points = months + 1
        self._stood: dict[_Key, dict[tuple[int, int], list[int]]] = defaultdict(dict)
        self._people: dict[_Key, dict[str, int]] = defaultdict(dict)
        for life in lives:
            self.add(life)

    def add(self, life: Life) -> None:
        last = life.steps[-1]
        for before, after in zip(life.steps, life.steps[1:], strict=False):
            self._note(life, before.status, before.pence, before.month, after.month)
        self._note(life, last.status, last.pence, last.month, self.points)

    def _note(self, life: Life, status: str, pence: int, since: int, until: int) -> None:
        until = min(until, self.points)
        if since >= until:
            return
        key = life.code, status
        stood = self._stood[key].setdefault((since, until), [0, 0])
        stood[0] += 1
        stood[1] += pence
        people = self._people[key]
        people[life.person] = people.get(life.person, 0) | (1 << until) - (1 << since)

    def over(self, codes: Collection[str], statuses: Collection[str] = OPEN_STATUSES) -> list[Figures]:
        """At every point, for debts of these statuses at these organisations."""
        debts, pence = self.sums(codes, statuses)
        people = [0] * self.points
        for at, number in Counter(self._persons(codes, statuses).values()).items():
            for point in range(self.points):
                people[point] += number if at >> point & 1 else 0
        return [Figures(*each) for each in zip(debts, pence, people, strict=True)]

    def sums(self, codes: Collection[str], statuses: Collection[str] = OPEN_STATUSES) -> tuple[list[int], list[int]]:
        """The same without the people: debts and pence, at every point."""
        debts, pence = [0] * self.points, [0] * self.points
        for key in self._keys(codes, statuses):
            for (since, until), (count, owed) in self._stood[key].items():
                for point in range(since, until):
                    debts[point] += count
                    pence[point] += owed
        return debts, pence

    def at(self, point: int) -> Stock:
        return Stock({key: self._tally(key, point) for key in self._stood})

    def _tally(self, key: _Key, point: int) -> Tally:
        stood = [each for (since, until), each in self._stood[key].items() if since <= point < until]
        people = {person for person, at in self._people[key].items() if at >> point & 1}
        return Tally(sum(count for count, _ in stood), sum(pence for _, pence in stood), people)

    def at_end(self) -> Stock:
        """At the end of the span's last month."""
        return self.at(self.points - 1)

    def _keys(self, codes: Collection[str], statuses: Collection[str]) -> Iterator[_Key]:
        return ((code, status) for code in codes for status in statuses if (code, status) in self._stood)

    def _persons(self, codes: Collection[str], statuses: Collection[str]) -> dict[str, int]:
        keys = list(self._keys(codes, statuses))
        if len(keys) == 1:
            return self._people[keys[0]]
        persons: dict[str, int] = {}
        for key in keys:
            for person, at in self._people[key].items():
                persons[person] = persons.get(person, 0) | at
        return persons


def standing(db: Session, reader: Reader, month: Period, *more: Any) -> Iterable[Any]:
    """Each debt at the end of one month: organisation, debtor, status, pence outstanding, and the columns asked for.

    Of the present month that is the debt itself, of an earlier one the newest status event recorded until then.
    """
    if month >= Period.containing(reader.today):
        now = (col(Debt.organisation_code), col(Debt.debtor_id), col(Debt.status), col(Debt.amount_outstanding))
        return db.connection().execute(select(*now, *more).where(of_reader(reader)))
    newest = (
        select(func.max(DebtEvent.id))
        .where(col(DebtEvent.debt_id) == col(Debt.id), col(DebtEvent.status).is_not(None))
        .where(col(DebtEvent.at) < end_of(month))
    )
    then = (col(Debt.organisation_code), col(Debt.debtor_id), col(DebtEvent.status), col(DebtEvent.amount_outstanding))
    query = select(*then, *more).join(DebtEvent, col(DebtEvent.id) == newest.correlate(Debt).scalar_subquery())
    return db.connection().execute(query.where(of_reader(reader)))


def details_then(db: Session, reader: Reader, month: Period) -> dict[str, dict[str, Any]]:
    """By debt what its details were at the end of the month, of those that were put right afterwards."""
    query = (
        select(col(DebtEvent.debt_id), col(DebtEvent.particulars))
        .join(Debt, col(Debt.id) == col(DebtEvent.debt_id))
        .where(col(DebtEvent.at) >= end_of(month), col(DebtEvent.particulars).is_not(None), of_reader(reader))
        .order_by(col(DebtEvent.id))
    )
    found: dict[str, dict[str, Any]] = {}
    for debt_id, particulars in db.connection().execute(query):
        were = {key: from_json(key, was) for key, (was, _) in particulars.items()}
        found[debt_id] = were | found.get(debt_id, {})  # the first change since tells it
    return found
