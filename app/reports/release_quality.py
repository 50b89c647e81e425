"""What the samples of releases found: lines compared with their source, how many were wrong and why, by month and trust."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from app.core import clock
from app.core.db import among
from app.periods.calendar import Period
from app.releases.models import ReleaseLine, SampleLine
from app.releases.rules.sampling import Wrong
from app.reports.report import Asked, Reader, Report
from app.reports.table import Across, Chart, Column, Row, Shape, Table, Unit, Value

_CHECKED = (  # a line is about a person
    Column("checked", "Lines checked", definition="Lines of samples that somebody compared with their source and judged in "
           "these months.", behind="checked"),
    Column("right", "Right", definition="Of these, the lines that say what their source says.", behind="right"),
    Column("wrong", "Wrong", definition="Of these, the lines that do not. Their debts are held until it is mended.",
           behind="wrong"),
    Column("share", "Wrong, %", Unit.SHARE, "Wrong ÷ lines checked.", "wrong", "checked"),
)  # fmt: skip
_HEADINGS = {
    Wrong.NAME: "Name", Wrong.BIRTH: "Date of birth", Wrong.AMOUNT: "Amount", Wrong.STATUS: "Status",
    Wrong.NOT_IN_SOURCE: "Not in the source", Wrong.OTHER: "Something else",
}  # fmt: skip
_REASONS = tuple(
    Column(why.value, _HEADINGS[why], definition=f"Of those wrong: {why.label}.", behind=why.value) for why in Wrong
)
_BY_REASON = (Column("wrong", "Lines", definition="Lines that were marked wrong for this reason.", behind="wrong"),)
_ACROSS = (Across(("right", "wrong"), "checked"),)
_ACROSS_REASONS = (*_ACROSS, Across(tuple(why.value for why in Wrong), "wrong"))


@dataclass
class _Counts:
    """Lines that were judged, and of the wrong ones how many for which reason."""

    checked: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def values(self) -> dict[str, Value]:
        wrong = self.reasons.total()
        return {
            "checked": self.checked, "right": self.checked - wrong, "wrong": wrong,
            "share": wrong / self.checked if self.checked else None, **{why.value: self.reasons[why] for why in Wrong},
        }  # fmt: skip


def build(db: Session, reader: Reader, asked: Asked) -> list[Table]:
    """By month, by organisation for those who may see how well which of them reports, and by reason."""
    by_month: dict[str, _Counts] = defaultdict(_Counts)
    by_code: dict[str, _Counts] = defaultdict(_Counts)
    whole = _Counts()
    for code, month, reason in _judged(db, reader, asked):
        for counts in (by_month[month], by_code[code], whole):
            counts.checked += 1
            if reason is not None:
                counts.reasons[reason] += 1
    total = Row("All", whole.values())
    months = tuple(Row(month.label, by_month[str(month)].values()) for month in asked.months)
    chart = Chart(Shape.LINES, ("share",), "Lines that were wrong, of those checked, by month")
    tables = [Table("by_month", "Lines checked, by month", "Month", _CHECKED, months, total, _ACROSS, chart)]
    if reader.names_senders:
        tables.append(_by_organisation(reader, by_code, total))
    reasons = tuple(_reasons(whole))
    return [*tables, Table("by_reason", "What was wrong", "Reason", _BY_REASON, reasons, total if reasons else None)]


def _by_organisation(reader: Reader, by_code: Mapping[str, _Counts], total: Row) -> Table:
    found = [one for one in reader.organisations if one.code in by_code]
    rows = tuple(Row(one.name, by_code[one.code].values(), code=one.code) for one in found)
    columns = _CHECKED + _REASONS
    return Table(
        "by_organisation", "Lines checked, by organisation", "Organisation", columns, rows, total if rows else None,
        _ACROSS_REASONS,
    )  # fmt: skip


def _reasons(whole: _Counts) -> Iterator[Row]:
    """Those that were found, in the order of the list. Each is the same figure as in the sums of all organisations."""
    for why in Wrong:
        if number := whole.reasons[why]:
            words = why.label[0].upper() + why.label[1:]
            yield Row(words, {"wrong": number}, same={"wrong": ("All", why.value)})


def _judged(db: Session, reader: Reader, asked: Asked) -> Iterable[tuple[str, str, str | None]]:
    """Of each line that was judged in these months: its organisation, the month in the UK, and what is wrong with it."""
    since = datetime.combine(asked.first.first_day, time(), clock.UK)
    until = datetime.combine(asked.last.last_day + timedelta(days=1), time(), clock.UK)
    sample, line = SampleLine, ReleaseLine
    query = (
        select(col(line.organisation_code), col(sample.judged_at), col(sample.reason))
        .join(line, (col(line.release_id) == col(sample.release_id)) & (col(line.line) == col(sample.line)))
        .where(
            col(sample.judged_at) >= since,
            col(sample.judged_at) < until,
            among(db, col(line.organisation_code), reader.codes),
        )
    )
    for code, at, reason in db.execute(query):
        yield code, str(Period.containing(clock.uk_date(at))), reason


RELEASE_QUALITY = Report(
    "release-quality",
    "The quality of releases",
    "How many of the lines that were compared with their source before a release were wrong, where and why?",
    build,
    notes=(
        "A month is the month in which a line was judged. A line that was judged again counts as it was judged last.",
        "Each release is checked by a random sample, so the figures speak of what was looked at, not of the whole register.",
    ),
)
