"""A manager's month: which organisations of the portfolio have not sent, which never do, and what there is to do next."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from app.accounts.access import Actor
from app.contact_log import queries as contact_log
from app.contact_log.models import ContactEntry
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.submissions import home
from app.submissions.home import MonthInNumbers, RuleUse
from app.submissions.rows_to_mend import rows_to_mend_once
from app.submissions.rules.due import in_words
from app.submissions.rules.silence import months_of_silence
from app.submissions.rules.state import State
from app.submissions.service import Concern, concerns
from app.submissions.standings import Submission, standings

MONTHS_BACK, MONTHS_OF_RULES, RULES_SHOWN, LAST_CONTACTS = 24, 3, 10, 5


@dataclass(frozen=True)
class Waiting:
    """An organisation whose return is not in; `due` says in words since or until when. `contact` is the newest."""

    cell: Submission
    due: str
    contact: ContactEntry | None


@dataclass(frozen=True)
class Silent:
    """An organisation from which nothing has come in its last owed months, `owed` of them."""

    code: str
    name: str
    owed: int
    contact: ContactEntry | None


@dataclass(frozen=True)
class ToMend:
    """How many rows wait at an organisation to be mended."""

    code: str
    name: str
    rows: int


@dataclass(frozen=True)
class Step:
    """A next step that is not done. `due` says by when, in words; empty without a date."""

    entry: ContactEntry
    due: str
    is_overdue: bool


@dataclass(frozen=True)
class MyMonth:
    """Everything at once, of `number` organisations with their `names` by code."""

    month: Period
    number: int
    names: Mapping[str, str]
    numbers: MonthInNumbers
    waiting: Sequence[Waiting]
    silent: Sequence[Silent]
    contacts: Sequence[ContactEntry]
    steps: Sequence[Step]
    concerns: Sequence[Concern]
    to_mend: Sequence[ToMend]
    rules: Sequence[RuleUse]

    @property
    def overdue(self) -> int:
        return sum(step.is_overdue for step in self.steps)

    @property
    def missing(self) -> int:
        """Whose return is late; the others that wait are not due yet."""
        return sum(one.cell.state is State.MISSING for one in self.waiting)

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.to_mend)


def my_month(db: Session, actor: Actor, codes: frozenset[str], today: date) -> MyMonth:
    """Of the month that ended last, for these organisations. A constant number of queries, however many they are."""
    month = Period.containing(today).previous()
    cells = standings(db, codes, list(Period.span(month.plus(1 - MONTHS_BACK), month.next()))) if codes else []
    of_month, concerned = [cell for cell in cells if cell.period == month], concerns(db, codes, month)
    last, names = contact_log.last_of(db, actor, codes), organisations.names(db, codes)
    return MyMonth(
        month=month,
        number=len(codes),
        names=names,
        numbers=home.month_in_numbers(month, of_month, concerned),
        waiting=_waiting(of_month, last, today),
        silent=_silent(cells, month, last),
        contacts=contact_log.newest(db, actor, codes, LAST_CONTACTS),
        steps=open_steps(db, actor, codes, today),
        concerns=concerned,
        to_mend=_to_mend(db, codes, names, today),
        rules=home.rule_counts(db, codes, list(Period.span(month.plus(1 - MONTHS_OF_RULES), month)))[:RULES_SHOWN],
    )


def open_steps(db: Session, actor: Actor, codes: frozenset[str], today: date) -> list[Step]:
    """Of these organisations, as far as this person may read their logs; overdue first."""
    return [
        Step(one, in_words(one.due_on, today) if one.due_on else "", contact_log.is_overdue(one, today))
        for one in contact_log.open_steps(db, actor, codes, today)
    ]


def _waiting(cells: Sequence[Submission], last: Mapping[str, ContactEntry], today: date) -> list[Waiting]:
    """Late ones first, then by name."""
    found = [cell for cell in cells if cell.state in (State.MISSING, State.NOT_DUE)]
    found.sort(key=lambda cell: (cell.state is not State.MISSING, cell.name))
    return [Waiting(cell, in_words(cell.due_on, today), last.get(cell.organisation)) for cell in found]


def _silent(cells: Sequence[Submission], until: Period, last: Mapping[str, ContactEntry]) -> list[Silent]:
    states: dict[tuple[str, str], list[State]] = defaultdict(list)
    for cell in sorted(cells, key=lambda cell: (cell.name, cell.period)):
        if cell.period <= until:
            states[cell.organisation, cell.name].append(cell.state)
    found = [(code, name, months_of_silence(of_months)) for (code, name), of_months in states.items()]
    return [Silent(code, name, owed, last.get(code)) for code, name, owed in found if owed]


def _to_mend(db: Session, codes: frozenset[str], names: Mapping[str, str], today: date) -> list[ToMend]:
    """Most rows first."""
    rows = rows_to_mend_once(db, codes, today)
    found = [ToMend(code, names[code], number) for code, number in rows.items() if number]
    return sorted(found, key=lambda one: (-one.rows, one.name))
