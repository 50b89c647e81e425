"""How many disputes are opened, how fast trusts answer, how they end, and how many are open."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from statistics import median

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.core import clock
from app.core.db import among
from app.disputes.models import Dispute
from app.disputes.rules.cases import SETTLEMENTS, Outcome
from app.periods.calendar import Period
from app.reports.report import Asked, Reader, Report
from app.reports.table import Across, Chart, Column, Row, Shape, Table, Unit, Value

_ENDED = tuple(each.value for each in SETTLEMENTS)
_COLUMNS = (  # each dispute is one person's
    Column("opened", "Opened", definition="Disputes that the Debtors Team recorded in the month.", behind="opened"),
    Column("answered", "Answered", definition="Disputes that a trust answered in the month.", behind="answered"),
    Column("days", "Days to answer", Unit.DAYS, "The median number of days from recording a dispute to the trust’s answer, of "
           "those answered in the month.", "answered"),
    Column("settled", "Settled", definition="Disputes that the Debtors Team decided in the month.", behind="settled"),
    *(Column(each.value, each.label, definition=f"Settled as “{each.label.lower()}”.", behind=each.value)
      for each in SETTLEMENTS),
    Column("open", "Open at the end", definition="Disputes that were open at the end of the month, or today in a month that "
           "still goes on.", behind="open"),
)  # fmt: skip
_BY_MONTH = (*_COLUMNS[:-1], replace(_COLUMNS[-1], adds_up=False))
_ACROSS = (Across(_ENDED, "settled"),)
_CHART = Chart(
    Shape.LINES, ("opened", "settled", "open"), "Disputes opened and settled in each month, and open at its end"
)


@dataclass
class _Counts:
    """Disputes of some organisations in some months. `open` is as at the end of the last of them."""

    opened: int = 0
    days: list[int] = field(default_factory=list)
    ended: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_ENDED, 0))
    open: int = 0

    def values(self) -> dict[str, Value]:
        return {
            "opened": self.opened, "answered": len(self.days), "days": float(median(self.days)) if self.days else None,
            "settled": sum(self.ended.values()), **self.ended, "open": self.open,
        }  # fmt: skip


@dataclass(frozen=True)
class _Case:
    """One dispute: the UK days on which it was opened, answered and closed, and how it ended."""

    code: str
    opened: date
    answered: date | None
    closed: date | None
    outcome: str | None


def build(db: Session, reader: Reader, asked: Asked) -> list[Table]:
    """By month, and by organisation over the months asked for. Disputes that were opened by mistake count nowhere."""
    cases = _cases(db, reader, asked)
    months = [Row(month.label, _values(cases, [month]), "All") for month in asked.months]
    of: dict[str, list[_Case]] = defaultdict(list)
    for each in cases:
        of[each.code].append(each)
    rows = []
    for one in reader.organisations:
        values = _values(of.get(one.code, ()), asked.months)
        if any(values[key] for key in ("opened", "answered", "settled", "open")):
            rows.append(Row(one.name, values, code=one.code))
    total = Row("All", _values(cases, asked.months)) if rows else None
    return [
        Table("by_month", "Disputes by month", "Month", _BY_MONTH, tuple(months), across=_ACROSS, chart=_CHART),
        Table("by_organisation", "Disputes by organisation", "Organisation", _COLUMNS, tuple(rows), total, _ACROSS),
    ]


def _cases(db: Session, reader: Reader, asked: Asked) -> list[_Case]:
    """Those that were open in one of the months."""
    since = datetime.combine(asked.first.first_day, time(), clock.UK)
    query = select(
        col(Dispute.organisation_code), col(Dispute.opened_at), col(Dispute.answered_at), col(Dispute.closed_at),
        col(Dispute.outcome),
    ).where(
        col(Dispute.outcome).is_distinct_from(Outcome.ABANDONED.value),
        or_(col(Dispute.closed_at).is_(None), col(Dispute.closed_at) >= since),
        among(db, col(Dispute.organisation_code), reader.codes),
    )  # fmt: skip
    return [
        _Case(code, clock.uk_date(opened), _day(answered), _day(closed), outcome)
        for code, opened, answered, closed, outcome in db.execute(query)
    ]


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else clock.uk_date(moment)


def _values(cases: Iterable[_Case], months: Sequence[Period]) -> dict[str, Value]:
    first, last = months[0].first_day, months[-1].last_day
    counts = _Counts()
    for each in cases:
        counts.opened += first <= each.opened <= last
        if each.answered is not None and first <= each.answered <= last:
            counts.days.append((each.answered - each.opened).days)
        if each.closed is not None and first <= each.closed <= last and each.outcome in counts.ended:
            counts.ended[each.outcome] += 1
        counts.open += each.opened <= last and (each.closed is None or each.closed > last)
    return counts.values()


DISPUTES = Report(
    "disputes",
    "Disputes",
    "How many people say that a record is wrong, how fast do trusts answer, and who is right?",
    build,
    notes=("Disputes that were opened by mistake count nowhere.",),
)
