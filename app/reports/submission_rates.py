"""How many returns arrive, how many in time, and how right their rows are at the first try. Counted as /submissions/rates."""

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import Session

from app.reports.report import Asked, Reader, Report
from app.reports.table import Across, Chart, Column, Row, Shape, Table, Unit, Value
from app.submissions.rates import WORDS, By, Month, Rate, added_up, altogether, by_month, counted

_RETURNS = (
    Column("owed", "Owed", definition=WORDS["owed"]),
    Column("received", "Received", definition=WORDS["received"]),
    Column("rate", "Received, %", Unit.SHARE, WORDS["rate"]),
    Column("on_time", "On time", definition=WORDS["on_time"]),
    Column("on_time_rate", "On time, %", Unit.SHARE, WORDS["on_time_rate"]),
    Column("refused_files", "Files refused", definition=WORDS["refused_files"]),
)
_ROWS = (  # a row is about a person
    Column("rows_read", "Rows at first try", definition=WORDS["rows_read"], behind="rows_read"),
    Column(
        "rows_right", "Right", definition="Of these, the rows that were taken or were unchanged.", behind="rows_right"
    ),
    Column(
        "rows_wrong", "Sent back", definition="Of these, the rows that went back to be mended.", behind="rows_wrong"
    ),
    Column("first_time_right", "First time right, %", Unit.SHARE, WORDS["first_time_right"], "rows_wrong"),
    Column("days_to_mend", "Days to mend", Unit.DAYS, WORDS["days_to_mend"], "rows_mended"),
    Column("still_open", "Still to mend", definition=WORDS["still_open"], behind="still_open"),
)
_ACROSS = (Across(("rows_right", "rows_wrong"), "rows_read"),)
_BY = {By.NATION: "nation", By.REGION: "region", By.LPM: "Local Partnership Manager", By.ORGANISATION: "organisation"}
_NAMING = {By.LPM, By.ORGANISATION}
_TREND = Chart(Shape.LINES, ("rate", "on_time_rate"), "Returns received and received on time, of those owed, by month")
_RIGHT = Chart(Shape.LINES, ("first_time_right",), "Rows that were right at the first try, by month")


def build(db: Session, reader: Reader, asked: Asked) -> list[Table]:
    """Returns by month and by whose they are, then their rows likewise. Single organisations for those who may see them."""
    months = counted(db, frozenset(reader.codes), asked.first, asked.last)
    groups = _groups(reader)
    right = [Row(one.name, _rows(one), "All") for one in by_month(months)]
    return [
        returns_by_month(months),
        *(_table(by, months, "Returns", _RETURNS) for by in groups if not _is_one(months, by)),
        Table("rows_by_month", "Rows at the first try, by month", "Month", _ROWS, tuple(right), across=_ACROSS, chart=_RIGHT),
        *(_table(by, months, "Rows at the first try", _ROWS) for by in groups if by is not By.LPM and not _is_one(months, by)),
    ]  # fmt: skip


def returns_by_month(months: Iterable[Month]) -> Table:
    rows = [Row(one.name, _returns(one)) for one in by_month(months)]
    return Table("months", "Returns by month", "Month", _RETURNS, tuple(rows), chart=_TREND)


def _groups(reader: Reader) -> Sequence[By]:
    return [by for by in _BY if reader.names_senders or by not in _NAMING]


def _is_one(months: Iterable[Month], by: By) -> bool:
    """A single nation or region says nothing that the months have not said."""
    return by in (By.NATION, By.REGION) and len(added_up(months, by)) < 2


def _table(by: By, months: Sequence[Month], what: str, columns: tuple[Column, ...]) -> Table:
    values, across = (_returns, ()) if columns is _RETURNS else (_rows, _ACROSS)
    of = {month.cell.organisation: month.cell for month in months}
    rows = []
    for one in sorted(added_up(months, by), key=lambda one: one.name):
        group = {By.ORGANISATION: of[one.key].region if one.key in of else "", By.REGION: _nation(months, one.key)}
        rows.append(Row(one.name, values(one), group.get(by, ""), one.key if by is By.ORGANISATION else ""))
    total = (
        Row("All", values(altogether(months))) if rows and by is not By.LPM else None
    )  # an organisation may have two LPMs
    key = f"{'rows_' if columns is _ROWS else ''}by_{by.value}"
    return Table(key, f"{what} by {_BY[by]}", _BY[by][0].upper() + _BY[by][1:], columns, tuple(rows), total, across)


def _nation(months: Iterable[Month], region: str) -> str:
    """The nation that the figures of a region are part of; none for a region that is its nation."""
    nation = next((month.cell.nation for month in months if month.cell.region == region), "")
    return nation if nation != region else ""


def _returns(one: Rate) -> Mapping[str, Value]:
    owes = one.owed > 0
    return {
        "owed": one.owed, "received": one.received, "rate": one.rate if owes else None,
        "on_time": one.on_time, "on_time_rate": one.on_time_rate if owes else None, "refused_files": one.refused_files,
    }  # fmt: skip


def _rows(one: Rate) -> Mapping[str, Value]:
    return {
        "rows_read": one.rows_read, "rows_right": one.rows_right, "rows_wrong": one.rows_read - one.rows_right,
        "first_time_right": one.first_time_right, "days_to_mend": one.days_to_mend,
        "rows_mended": one.rows_mended, "still_open": one.still_open,
    }  # fmt: skip


SUBMISSION_RATES = Report(
    "submission-rates",
    "Submission rates",
    "How many of the returns that are owed arrive, in time, and with rows that are right?",
    build,
    tells_of_nobody=True,
)
