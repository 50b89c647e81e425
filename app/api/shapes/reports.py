"""Reports as JSON: tables of named rows; money as text in pounds, shares between 0 and 1, what is hidden in words."""

from pydantic import BaseModel, Field

from app.core.money import to_pounds
from app.reports.service import Read
from app.reports.table import Row, Table, Unit, Value


class ColumnOut(BaseModel):
    key: str
    heading: str
    unit: Unit
    definition: str


class RowOut(BaseModel):
    name: str
    organisation: str | None = Field(description="The code, of a row about one organisation")
    values: dict[str, int | float | str | None]


class TableOut(BaseModel):
    key: str
    caption: str
    columns: list[ColumnOut]
    rows: list[RowOut]
    total: RowOut | None
    notes: list[str]


class ReportOut(BaseModel):
    slug: str
    title: str
    first: str = Field(examples=["2025-11"])
    last: str = Field(examples=["2026-10"])
    exact: bool
    notes: list[str]
    tables: list[TableOut]

    @classmethod
    def of(cls, read: Read) -> "ReportOut":
        report, asked = read.report, read.asked
        return cls(
            slug=report.slug, title=report.title, first=str(asked.first), last=str(asked.last), exact=read.is_exact,
            notes=list(report.notes), tables=[_table(table) for table in read.tables],
        )  # fmt: skip


def _table(table: Table) -> TableOut:
    columns = [
        ColumnOut(key=one.key, heading=one.heading, unit=one.unit, definition=one.definition) for one in table.columns
    ]
    total = _row(table, table.total) if table.total else None
    rows = [_row(table, row) for row in table.rows]
    return TableOut(
        key=table.key, caption=table.caption, columns=columns, rows=rows, total=total, notes=list(table.notes)
    )


def _row(table: Table, row: Row) -> RowOut:
    values = {column.key: _value(row.values.get(column.key), column.unit) for column in table.columns}
    return RowOut(name=row.name, organisation=row.code or None, values=values)


def _value(value: Value, unit: Unit) -> int | float | str | None:
    return to_pounds(value) if unit is Unit.MONEY and isinstance(value, int) else value
