"""Rates over months: how many returns came of those owed, how right they were at first, how long mending took.

`DEFINITIONS` says what each figure counts, once for page, API and documents.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from statistics import median

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core.errors import Forbidden, Refused
from app.periods.calendar import Period
from app.submissions.first_tries import FirstFile, days_to_mend, first_files, refused_files
from app.submissions.obligations import obligations
from app.submissions.rules.state import ON_TIME, RECEIVED, State
from app.submissions.standings import Submission, standings

LONGEST_SPAN = 120  # months that one question about rates may cover


class By(StrEnum):
    """What rates are added up by."""

    ORGANISATION = "organisation"
    REGION = "region"
    NATION = "nation"
    LPM = "lpm"


NAMING = frozenset({By.ORGANISATION, By.LPM})  # these tell of single organisations, or of whose they are


@dataclass(frozen=True)
class Definition:
    """One figure: its key in the API, its heading, and exactly what is counted."""

    key: str
    name: str
    words: str


DEFINITIONS = (
    Definition("owed", "Owed", "Months of organisations for which a return was due: the due date has passed, or a return has "
               "arrived before it. Months that were excused, and months not yet due, are left out."),
    Definition("received", "Received", "Of the months owed, those with a return that counts: a nil return, or a file of which "
               "at least one row was taken. A file that was refused, or of which every row went back, never counts."),
    Definition("rate", "Received, share", "Received ÷ owed."),
    Definition("on_time", "On time", "Of the months owed, those whose return arrived by the end of the due date, UK time."),
    Definition("on_time_rate", "On time, share", "On time ÷ owed."),
    Definition("rows_read", "Rows at first try", "The rows of the first file that was submitted for each month owed. A check "
               "is not a submission, and a nil return has no rows. A file that was withdrawn later was still the first."),
    Definition("first_time_right", "First time right", "Of the rows at first try, the share that was taken or was unchanged. "
               "A file of which every row went back does not count as received, but its rows count here: they are what this "
               "figure is about. The rows of a refused file cannot be counted, because nothing of it is kept: see files refused."),
    Definition("refused_files", "Files refused", "Files for the months owed that were refused whole, each time."),
    Definition("days_to_mend", "Days to mend", "The median number of days from when a row of these months first went back to "
               "when it was accepted. A row that went back again keeps its first day. Rows that were closed with a reason, or "
               "because their time was over, are left out."),
    Definition("rows_mended", "Rows mended", "Rows of these months that went back and have been accepted since: those of which "
               "the days to mend speak."),
    Definition("still_open", "Still to mend", "Rows of these months that went back and are still to be mended today. They are "
               "not in the days to mend, so read the two together."),
)  # fmt: skip
OF_ROWS = frozenset(
    {"rows_read", "first_time_right", "days_to_mend", "rows_mended", "still_open"}
)  # a row is a person's
WORDS: Mapping[str, str] = {one.key: one.words for one in DEFINITIONS}


@dataclass(frozen=True)
class Month:
    """One month that an organisation owed, with all that rates are made of. `mended`: the days that each mended row took."""

    cell: Submission
    first: FirstFile
    refused: int
    mended: Sequence[int]


@dataclass(frozen=True)
class Rate:
    """The figures of one organisation, region, nation, LPM or month. Shares lie between 0 and 1; None: of nothing."""

    key: str
    name: str
    owed: int
    received: int
    on_time: int
    rows_read: int
    rows_right: int
    refused_files: int
    days_to_mend: float | None
    still_open: int
    rows_mended: int

    @property
    def rate(self) -> float:
        return round(self.received / self.owed, 4) if self.owed else 0.0

    @property
    def on_time_rate(self) -> float:
        return round(self.on_time / self.owed, 4) if self.owed else 0.0

    @property
    def first_time_right(self) -> float | None:
        return round(self.rows_right / self.rows_read, 4) if self.rows_read else None


def reach(actor: Actor, by: By) -> frozenset[str] | None:
    """The organisations whose rates this person may read so added up. Raises Forbidden (403): a board sees no single one."""
    if by not in NAMING:
        return actor.scope(Permission.SUBMISSION_READ_RATES)
    if not actor.may(Permission.SUBMISSION_READ):
        raise Forbidden("Your role reads rates of many organisations together. Add them up by nation or by region.")
    return actor.scope(Permission.SUBMISSION_READ)


def readable(actor: Actor) -> tuple[Definition, ...]:
    """The figures that this person may read here. A board reads those of rows in the reports, where few are hidden."""
    sees_rows = actor.may(Permission.SUBMISSION_READ)
    return tuple(one for one in DEFINITIONS if sees_rows or one.key not in OF_ROWS)


def rates(db: Session, scope: frozenset[str] | None, from_: Period, to: Period, by: str) -> list[Rate]:
    """By key. Raises Refused (422) for a span that is none, or an unknown word to add up by."""
    chosen = known_by(by)
    return added_up(counted(db, scope, from_, to), chosen)


def known_by(text: str) -> By:
    """Raises Refused (422) for a word that is nothing to add up by."""
    if text not in list(By):
        raise Refused(f"“{text[:30]}” is not something to add up by. Choose one: {', '.join(By)}.")
    return By(text)


def counted(db: Session, scope: frozenset[str] | None, from_: Period, to: Period) -> list[Month]:
    """The months that rates are made of, of every organisation in scope. Raises Refused (422) for a span that is none."""
    if to < from_:
        raise Refused(f"{to} is before {from_}. Swap the two months.")
    if from_.plus(LONGEST_SPAN) <= to:
        raise Refused(f"From {from_} to {to} is too long. Ask for at most {LONGEST_SPAN} months.")
    owing = frozenset(one.organisation_code for one in obligations(db, scope))
    cells = standings(db, owing, list(Period.span(from_, to)))
    files, mended = first_files(db, owing, from_, to), days_to_mend(db, owing, from_, to)
    refused = refused_files(db, owing, from_, to)
    none = FirstFile(0, 0)
    return [
        Month(cell, files.get(key, none), refused.get(key, 0), mended.get(key, ()))
        for cell in cells
        if (cell.state in RECEIVED or cell.state is State.MISSING) and (key := (cell.organisation, str(cell.period)))
    ]


def added_up(months: Iterable[Month], by: By) -> list[Rate]:
    return _grouped(months, _KEYS[by])


def by_month(months: Iterable[Month]) -> list[Rate]:
    """The trend: the figures of all organisations together, month by month."""
    groups: dict[Period, list[Month]] = defaultdict(list)
    for month in months:
        groups[month.cell.period].append(month)
    return [_rate(str(period), period.label, there) for period, there in sorted(groups.items())]


def altogether(months: Iterable[Month]) -> Rate:
    return _rate("", "All", list(months))


_Keys = Callable[[Month], list[tuple[str, str]]]
_KEYS: dict[By, _Keys] = {
    By.ORGANISATION: lambda month: [(month.cell.organisation, month.cell.name)],
    By.REGION: lambda month: [(month.cell.region, month.cell.region)],
    By.NATION: lambda month: [(month.cell.nation, month.cell.nation)],
    By.LPM: lambda month: [(lpm.email, lpm.name or lpm.email) for lpm in month.cell.lpms] or [("", "No LPM")],
}


def _grouped(months: Iterable[Month], keys: _Keys) -> list[Rate]:
    groups: dict[tuple[str, str], list[Month]] = defaultdict(list)
    for month in months:
        for key in keys(month):
            groups[key].append(month)
    return [_rate(key, name, there) for (key, name), there in sorted(groups.items(), key=lambda group: group[0])]


def _rate(key: str, name: str, months: Sequence[Month]) -> Rate:
    states = Counter(month.cell.state for month in months)
    days = list(chain.from_iterable(month.mended for month in months))
    return Rate(
        key=key,
        name=name,
        owed=len(months),
        received=sum(states[state] for state in RECEIVED),
        on_time=sum(states[state] for state in ON_TIME),
        rows_read=sum(month.first.read for month in months),
        rows_right=sum(month.first.right for month in months),
        refused_files=sum(month.refused for month in months),
        days_to_mend=float(median(days)) if days else None,
        still_open=sum(month.cell.open_rows for month in months),
        rows_mended=len(days),
    )
