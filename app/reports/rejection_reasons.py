"""Why rows go back: how often each rule marked a row, of how many rows read, and which files were refused whole."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from app.core.db import among
from app.periods.calendar import Period
from app.reports.report import Asked, Body, Reader, Report
from app.reports.table import Across, Chart, Column, Row, Shape, Table, Unit, Value
from app.returns.models import Lifecycle, Outcome, RefusedUpload, Return, RuleCount
from app.returns.rules.engine import RULES, Severity

_READ = (  # a row is about a person
    Column("read", "Rows read", definition="Rows of files that were submitted and not withdrawn since. A row that is sent "
           "again counts again.", behind="read"),
    Column("taken", "Taken or unchanged", definition="Of these, the rows that stood.", behind="taken"),
    Column("rejected", "Sent back", definition="Of these, the rows that went back to be mended.", behind="rejected"),
    Column("share", "Sent back, %", Unit.SHARE, "Sent back ÷ rows read.", "rejected"),
)  # fmt: skip
_ACROSS = (Across(("taken", "rejected"), "read"),)
_RULES = (
    Column("rows", "Rows", definition="Rows that went back because of this rule. A row that fails several rules counts at each, "
           "so the rows of all rules come to more than the rows sent back.", behind="rows"),
    Column("share", "Share of rows read", Unit.SHARE, "Rows ÷ rows read in these months.", "rows"),
    Column("files", "Files", definition="Files in which the rule sent at least one row back.", behind="rows"),
)  # fmt: skip
_FILES = (
    Column(
        "files", "Files refused", definition="Files of which nothing was read or kept, each time that one was sent."
    ),
)


OFTEN = 5  # rules that are followed month by month


@dataclass(frozen=True)
class Marked:
    """How many rows a rule marked in a month, in how many files."""

    code: str
    month: str
    rows: int
    files: int


@dataclass
class Counts:
    """Rows of one month, organisation or all."""

    read: int = 0
    taken: int = 0
    rejected: int = 0

    def values(self) -> Mapping[str, Value]:
        share = self.rejected / self.read if self.read else None
        return {"read": self.read, "taken": self.taken, "rejected": self.rejected, "share": share}


@dataclass
class _Rows:
    """The rows read in these months, cut in the ways that are asked for."""

    by_month: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    by_code: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counts))
    all: Counts = field(default_factory=Counts)


def build(db: Session, reader: Reader, asked: Asked) -> list[Table]:
    """By rule, by month, by organisation for those who may see which sends what, and the refused files by reason."""
    rows, marked = _rows_read(db, reader, asked.months), _marked(db, reader, asked.months)
    tables = [_by_rule(marked, rows.all.read), _often(marked, asked.months), _by_month(asked.months, rows)]
    if reader.names_senders:
        tables.append(_by_organisation(reader.organisations, rows))
    return [*tables, _refused(db, reader, asked.months)]


def _rows_read(db: Session, reader: Reader, months: Sequence[Period]) -> _Rows:
    found = _Rows()
    where = col(Return.organisation_code), col(Return.period)
    query = select(*where, func.sum(col(Return.read)), func.sum(col(Return.rejected))).group_by(*where)
    for code, month, read, rejected in db.execute(query.where(*_standing(db, reader, months))):
        for counts in (found.by_month[month], found.by_code[code], found.all):
            counts.read += int(read)
            counts.rejected += int(rejected)
            counts.taken += int(read) - int(rejected)
    return found


def _standing(db: Session, reader: Reader, months: Iterable[Period]) -> Sequence[ColumnElement[bool]]:
    """The files that stand, of these organisations and months."""
    return (
        col(Return.lifecycle) == Lifecycle.SUBMITTED,
        col(Return.outcome) != Outcome.NIL,
        col(Return.period).in_([str(month) for month in months]),
        among(db, col(Return.organisation_code), reader.codes),
    )


def _by_rule(marked: Iterable[Marked], read: int) -> Table:
    """The rules that sent rows back, the most frequent first."""
    rows, files = Counter[str](), Counter[str]()
    for one in marked:
        rows[one.code] += one.rows
        files[one.code] += one.files
    ranked = sorted(rows, key=lambda code: (-rows[code], code))
    found = [
        Row(_named(code), {"rows": rows[code], "share": rows[code] / read if read else None, "files": files[code]})
        for code in ranked
    ]
    chart = Chart(Shape.BARS, ("rows",), "Rows that went back, by rule")
    return Table("by_rule", "Rows sent back, by rule", "Rule", _RULES, tuple(found), chart=chart, ranked=True)


def _often(marked: Sequence[Marked], months: Sequence[Period]) -> Table:
    """The most frequent rules of all months, month by month."""
    rows: dict[tuple[str, str], int] = {(one.code, one.month): one.rows for one in marked}
    every = Counter[str]()
    for one in marked:
        every[one.code] += one.rows
    codes = sorted(code for code, _ in every.most_common(OFTEN))
    columns = tuple(Column(code, code, definition=RULES[code].summary, behind=code) for code in codes)
    found = [
        Row(month.label, {code: rows.get((code, str(month)), 0) for code in codes})
        for month in (months if codes else ())
    ]
    chart = (
        Chart(Shape.LINES, tuple(codes), "Rows that went back for the most frequent reasons, by month")
        if codes
        else None
    )
    total = Row("All", {code: every[code] for code in codes}) if codes else None
    return Table("often", "The most frequent rules, by month", "Month", columns, tuple(found), total, chart=chart)


def _marked(db: Session, reader: Reader, months: Iterable[Period]) -> list[Marked]:
    query = (
        select(col(RuleCount.code), col(Return.period), func.sum(col(RuleCount.rows)), func.count())
        .join(Return, col(Return.id) == col(RuleCount.return_id))
        .where(*_standing(db, reader, months))
        .group_by(col(RuleCount.code), col(Return.period))
        .order_by(col(RuleCount.code), col(Return.period))
    )
    found = [Marked(code, month, int(rows), files) for code, month, rows, files in db.execute(query)]
    return [one for one in found if RULES[one.code].severity is Severity.REJECTED]


def _by_month(months: Iterable[Period], rows: _Rows) -> Table:
    found = [Row(month.label, rows.by_month[str(month)].values()) for month in months]
    total = Row("All", rows.all.values())
    chart = Chart(Shape.LINES, ("share",), "Rows sent back, of those read, by month")
    return Table("by_month", "Rows read and sent back, by month", "Month", _READ, tuple(found), total, _ACROSS, chart)


def _by_organisation(organisations: Iterable[Body], rows: _Rows) -> Table:
    found = [
        Row(one.name, rows.by_code[one.code].values(), code=one.code)
        for one in organisations
        if one.code in rows.by_code
    ]
    total = Row("All", rows.all.values()) if found else None
    return Table(
        "by_organisation",
        "Rows read and sent back, by organisation",
        "Organisation",
        _READ,
        tuple(found),
        total,
        _ACROSS,
    )


def _refused(db: Session, reader: Reader, months: Iterable[Period]) -> Table:
    query = (
        select(col(RefusedUpload.code), func.count())
        .where(
            col(RefusedUpload.period).in_([str(month) for month in months]),
            among(db, col(RefusedUpload.organisation_code), reader.codes),
        )
        .group_by(col(RefusedUpload.code))
        .order_by(col(RefusedUpload.code))
    )
    found = [Row(_named(code), {"files": number}) for code, number in db.execute(query)]
    total = Row("All", {"files": sum(int(str(row.values["files"])) for row in found)}) if found else None
    return Table("refused_files", "Files refused whole", "Reason", _FILES, tuple(found), total)


def _named(code: str) -> str:
    return f"{code}: {RULES[code].summary.rstrip('.')}" if code in RULES else code


REJECTION_REASONS = Report(
    "rejection-reasons",
    "Why rows go back",
    "Which rules send rows back, how often, and which files are refused whole?",
    build,
    notes=("A month is the month that a return is about, not the month in which it arrived.",),
    tells_of_nobody=True,
)
