"""The grid: where each organisation stood in each of some months, one row an organisation, added up by row and by month."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.core.errors import Refused
from app.periods.calendar import Period
from app.submissions.rules.state import ON_TIME, RECEIVED, State
from app.submissions.standings import Lpm, Submission, named, standings

MONTHS, MOST_MONTHS = 12, 24
# What stands in a cell. Short, because a row holds up to 24 of them.
WORDS: Mapping[State, str] = {
    State.SUBMITTED: "On time",
    State.SUBMITTED_LATE: "Late",
    State.NIL: "Nil",
    State.NIL_LATE: "Nil late",
    State.MISSING: "Missing",
    State.EXCUSED: "Excused",
    State.NOT_DUE: "Not due",
    State.NOT_OWED: "Not owed",
}


@dataclass(frozen=True)
class Count:
    """Owed are the months whose due date has passed or whose return has arrived, less those excused."""

    owed: int = 0
    received: int = 0
    on_time: int = 0

    @property
    def rate(self) -> float | None:
        """Received ÷ owed, between 0 and 1; None where nothing is owed."""
        return round(self.received / self.owed, 4) if self.owed else None


@dataclass(frozen=True)
class Row:
    """One organisation. A cell is None for a month in which it was closed and of which nothing is recorded."""

    code: str
    name: str
    nation: str
    region: str
    lpms: tuple[Lpm, ...]
    cells: tuple[Submission | None, ...]
    count: Count

    @property
    def lpm(self) -> str | None:
        return named(self.lpms)

    @property
    def is_concerned(self) -> bool:
        """Whether it owed or sent anything."""
        return any(cell and (cell.state is not State.NOT_OWED or cell.submitted_at) for cell in self.cells)

    def stood(self, state: State) -> bool:
        return any(cell is not None and cell.state is state for cell in self.cells)


@dataclass(frozen=True)
class Narrowing:
    """Which organisations; what is empty asks for all. `search` looks into name and code, `state` into any shown month."""

    nation: str = ""
    region: str = ""
    lpm: str = ""
    state: State | None = None
    gaps: bool = False
    search: str = ""

    def takes(self, row: Row) -> bool:
        sought = " ".join(self.search.casefold().split())
        return (
            self.nation in ("", row.nation)
            and self.region in ("", row.region)
            and (self.lpm in ("", "all") or any(lpm.is_called(self.lpm) for lpm in row.lpms))
            and (self.state is None or row.stood(self.state))
            and (not self.gaps or row.stood(State.MISSING))
            and (sought in row.name.casefold() or sought in row.code.casefold())
        )


def months(first: str, last: str, today: date) -> list[Period]:
    """The months from one to another, both included. Without words: the 12 up to the last that has ended.

    Raises Refused (422) for words that are no months, for an end before the beginning, and for more than 24 months.
    """
    end = Period.parse(last) if last else Period.containing(today).previous()
    begin = Period.parse(first) if first else end.plus(1 - MONTHS)
    if first and not last:
        end = max(begin, min(end, begin.plus(MOST_MONTHS - 1)))
    if end < begin:
        raise Refused(f"{end.label} is before {begin.label}. Swap the two months.", field="from")
    if begin.plus(MOST_MONTHS) <= end:
        raise Refused(f"{begin.label} to {end.label} is too long. Choose at most {MOST_MONTHS} months.", field="from")
    return list(Period.span(begin, end))


def rows(db: Session, scope: frozenset[str] | None, shown: Sequence[Period]) -> list[Row]:
    """By name: of all organisations those that owed or sent anything; of a smaller scope every one."""
    found: dict[str, list[Submission]] = defaultdict(list)
    for cell in standings(db, scope, shown):
        found[cell.organisation].append(cell)
    everyone = [_row(cells, shown) for cells in found.values()]
    concerned = [row for row in everyone if scope is not None or row.is_concerned]
    return sorted(concerned, key=lambda row: (row.name.casefold(), row.code))


def by_month(shown: Sequence[Row], number: int) -> list[Count]:
    """Each of so many months over these rows."""
    return [_count(cell.state for row in shown if (cell := row.cells[place])) for place in range(number)]


def in_all(counts: Iterable[Count]) -> Count:
    every = list(counts)
    return Count(sum(one.owed for one in every), sum(one.received for one in every), sum(one.on_time for one in every))


def _row(cells: Sequence[Submission], shown: Sequence[Period]) -> Row:
    one, placed = cells[0], {cell.period: cell for cell in cells}
    count = _count(cell.state for cell in cells)
    return Row(one.organisation, one.name, one.nation, one.region, one.lpms, tuple(map(placed.get, shown)), count)


def _count(states: Iterable[State]) -> Count:
    found = Counter(states)
    received = sum(found[state] for state in RECEIVED)
    return Count(received + found[State.MISSING], received, sum(found[state] for state in ON_TIME))
