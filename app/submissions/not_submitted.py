"""Who owes a month's return and has not sent it, with what somebody needs who rings them up. No personal data of debtors."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.accounts import people
from app.accounts.people import Contact
from app.accounts.permissions import Role
from app.core import clock
from app.core.db import among
from app.organisations import contacts
from app.organisations import service as organisations
from app.organisations.models import OrganisationContact
from app.periods.calendar import Period
from app.returns.models import Lifecycle, Return
from app.submissions.obligations import obligations
from app.submissions.rows_to_mend import rows_to_mend
from app.submissions.rules.due import ago
from app.submissions.rules.state import State
from app.submissions.standings import Submission, standings

MONTHS = 12  # how far back lateness is counted, with the month that is asked about
WAITING = frozenset({State.MISSING, State.NOT_DUE})
LATE = frozenset({State.SUBMITTED_LATE, State.NIL_LATE})


class Sort(StrEnum):
    """In which order the list is shown; what is equal, by name."""

    NAME = "name"
    SILENCE = "silence"
    LATENESS = "lateness"
    ROWS = "rows"


@dataclass(frozen=True)
class LastReturn:
    """The newest return that counted: of which month, and when it arrived."""

    period: Period
    at: datetime

    def ago(self, today: date) -> str:
        return ago(clock.uk_date(self.at), today)


@dataclass(frozen=True)
class Line:
    """One organisation. Of the last `MONTHS`: how many it owed, how many came late, how many are missing.

    `last` is None where no return ever counted. `rows` are those still to be mended, its predecessors' too.
    """

    cell: Submission
    officers: Sequence[Contact]
    office: OrganisationContact | None
    last: LastReturn | None
    owed: int
    late: int
    missing: int
    rows: int

    @property
    def code(self) -> str:
        return self.cell.organisation

    @property
    def addresses(self) -> list[str]:
        """Where to write: to its officers; where there are none, to the office."""
        officers = [one.email for one in self.officers]
        return officers or ([self.office.email] if self.office and self.office.email else [])


def not_submitted(db: Session, scope: frozenset[str] | None, month: Period) -> list[Line]:
    """By name. A constant number of queries, however many organisations there are."""
    today = clock.today()
    owing = frozenset(one.organisation_code for one in obligations(db, scope))
    year: dict[str, list[Submission]] = defaultdict(list)
    for cell in standings(db, owing, list(Period.span(month.plus(1 - MONTHS), month))):
        year[cell.organisation].append(cell)
    waiting = {code: cells[-1] for code, cells in year.items() if _is_waiting(cells[-1], month)}
    facts = _Facts(db, frozenset(waiting), today)
    lines = [_line(cell, year[code], facts) for code, cell in waiting.items()]
    return sorted(lines, key=_by_name)


def ordered(lines: Iterable[Line], sort: Sort) -> list[Line]:
    return sorted(lines, key=_ORDERS[sort])


def addresses(lines: Iterable[Line]) -> list[str]:
    """Each address once, in the order of the list."""
    return list(dict.fromkeys(address for line in lines for address in line.addresses))


def _is_waiting(cell: Submission, month: Period) -> bool:
    return cell.period == month and cell.state in WAITING


class _Facts:
    """What is known of the organisations that are waited for, each kind read once."""

    def __init__(self, db: Session, codes: frozenset[str], today: date) -> None:
        self.last = _last_returns(db, codes)
        self.offices = contacts.whom_to_ask_of_each(db, codes, today)
        self._lines = organisations.lines(db, codes, today)
        self._people = people.contacts_of_each(db, {each for line in self._lines.values() for each in line})
        self.rows = rows_to_mend(db, codes, today)

    def officers(self, code: str) -> list[Contact]:
        """Of the organisation itself, and of whoever took it over and answers for it now."""
        found = {
            one.id: one for each in self._lines[code] for one in self._people.get(each, ()) if one.role is Role.TRUST
        }
        return list(found.values())


def _line(cell: Submission, year: Sequence[Submission], facts: _Facts) -> Line:
    states = Counter(one.state for one in year)
    late = sum(states[state] for state in LATE)
    owed = late + states[State.SUBMITTED] + states[State.NIL] + states[State.MISSING]
    code = cell.organisation
    return Line(
        cell=cell, officers=facts.officers(code), office=facts.offices.get(code), last=facts.last.get(code),
        owed=owed, late=late, missing=states[State.MISSING], rows=facts.rows[code],
    )  # fmt: skip


def _last_returns(db: Session, codes: Collection[str]) -> dict[str, LastReturn]:
    order = func.row_number().over(
        partition_by=col(Return.organisation_code), order_by=(col(Return.submitted_at).desc(), col(Return.id).desc())
    )
    counting = (
        select(col(Return.organisation_code), col(Return.period), col(Return.submitted_at), order.label("place"))
        .where(
            col(Return.qualifies), col(Return.lifecycle) == Lifecycle.SUBMITTED, col(Return.submitted_at).is_not(None)
        )
        .where(among(db, col(Return.organisation_code), codes))
        .subquery()
    )
    query = select(counting.c.organisation_code, counting.c.period, counting.c.submitted_at).where(
        counting.c.place == 1
    )
    return {code: LastReturn(Period.parse(period), at) for code, period, at in db.execute(query)}


def _by_name(line: Line) -> tuple[str, str]:
    return line.cell.name.casefold(), line.code


_LONG_AGO = datetime.fromisoformat("0001-01-02T00:00:00+00:00")
_ORDERS: dict[Sort, Callable[[Line], tuple[Any, ...]]] = {
    Sort.NAME: _by_name,
    Sort.SILENCE: lambda line: (line.last.at if line.last else _LONG_AGO, *_by_name(line)),
    Sort.LATENESS: lambda line: (-line.missing - line.late, -line.missing, *_by_name(line)),
    Sort.ROWS: lambda line: (-line.rows, *_by_name(line)),
}
