"""Rows that were sent back to a trust and may be about a person: as they were kept open, else as kept with their returns."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.access_requests.record import Section, Value
from app.core import clock
from app.core.spreadsheet.packing import Packed, as_text
from app.debts.models import Debt
from app.debts.rules import matching
from app.periods.calendar import Period
from app.policy.in_force import policy_in_force
from app.return_template.columns import BY_KEY, KEYS
from app.returns import parts
from app.returns.models import Lifecycle, OpenRow, Return
from app.returns.open_rows import ACKNOWLEDGEMENT
from app.returns.parsing import parse
from app.returns.queries import references
from app.returns.rules.context import Context
from app.returns.rules.row import Row


@dataclass(frozen=True)
class SentBack:
    """One row with what stood in it. Only one that was kept open for the trust to mend has been closed. `answer` tells
    apart those that recipients' answers opened, of which one row may have several.
    """

    return_id: str
    row: int
    at: datetime | None
    cells: Mapping[str, Packed]
    what_to_fix: str = ""
    invoice_number: str | None = None
    closed_at: datetime | None = None
    answer: str = ""

    @property
    def place(self) -> tuple[str, int, str]:
        return self.return_id, self.row, self.answer


def section(db: Session, codes: Collection[str], debts: Sequence[Debt]) -> Section:
    """The trust's rejected rows, also closed ones, for the same invoices or for what may be the same person."""
    rows = _found(db, codes, debts)
    names = references(db, {row.return_id for row in rows})
    columns = (
        ("return", "Return"), ("row", "Row"), ("opened_at", "Sent back"), ("what_to_fix", "What was wrong"),
        ("cells", "What stood in it"), ("closed_at", "Closed"),
    )  # fmt: skip
    told: list[Sequence[Value]] = [
        (names.get(row.return_id), row.row, row.at, row.what_to_fix, _in_words(row.cells), row.closed_at)
        for row in rows
    ]
    return Section("rows_sent_back", "Rows that were sent back", columns, told, "None.")


def _found(db: Session, codes: Collection[str], debts: Sequence[Debt]) -> list[SentBack]:
    """Not every row that was sent back was kept open, and a return may still keep what a closed row says no more."""
    opened = {one.place: one for one in _about(debts, _kept_open(db, codes))}
    kept = {one.place: one for one in _kept_with_returns(db, codes, debts)}
    for place in kept.keys() & opened.keys():
        kept[place] = opened[place] if opened[place].cells else replace(kept[place], closed_at=opened[place].closed_at)
    found = opened | kept
    return [found[place] for place in sorted(found)]


def _kept_open(db: Session, codes: Collection[str]) -> list[SentBack]:
    query = select(OpenRow).where(col(OpenRow.organisation_code).in_(codes)).order_by(col(OpenRow.id))
    return [
        SentBack(row.return_id, row.row, row.opened_at, row.cells,
                 " ".join(finding["message"] for finding in row.findings), row.invoice_number, row.closed_at,
                 row.id if row.origin == ACKNOWLEDGEMENT else "")
        for row in db.execute(query).scalars()
    ]  # fmt: skip


def _kept_with_returns(db: Session, codes: Collection[str], debts: Sequence[Debt]) -> Iterator[SentBack]:
    """A return at a time: its findings are read only where one of its rows is told."""
    query = select(col(Return.id), col(Return.submitted_at)).where(
        col(Return.organisation_code).in_(codes),
        col(Return.lifecycle) != Lifecycle.CHECKED,
        col(Return.rejected) > 0,
    )
    for return_id, at in db.execute(query.order_by(col(Return.id))).all():
        kept = parts.rows(db, return_id, parts.REJECTED).rows
        found = _about(debts, [SentBack(return_id, row.number, at, row.by_key()) for row in kept])
        findings = parts.findings(db, return_id) if found else []
        for one in found:
            yield replace(one, what_to_fix=" ".join(each.message for each in findings if each.row == one.row))


def _about(debts: Sequence[Debt], rows: Sequence[SentBack]) -> list[SentBack]:
    """Those of the same invoices, and those that may be of the person of these debts."""
    today = clock.today()
    context = Context(policy_in_force(), str(Period.containing(today)), today, today)
    read = parse([(one.row, [one.cells.get(key) for key in KEYS]) for one in rows], {}, context)
    numbers = {debt.invoice_number for debt in debts}
    people = {
        (matching.full_name(debt), matching.fold_passport(debt.passport_number or ""), debt.date_of_birth)
        for debt in debts
    }
    return [
        one
        for one, row in zip(rows, read, strict=True)
        if not numbers.isdisjoint((one.invoice_number, row.invoice_number)) or _may_be(people, row)
    ]


def _may_be(people: Collection[tuple[str, str, date | None]], row: Row) -> bool:
    """The full name or the passport agrees, and the birthday does not contradict: it may be what could not be read."""
    name = matching.full_name(row) if row.family_name else None
    passport = matching.fold_passport(row.passport_number or "")
    return any(
        (name == full_name or (passport and passport == number))
        and (born == row.date_of_birth or None in (born, row.date_of_birth))
        for full_name, number, born in people
    )


def _in_words(cells: Mapping[str, Packed]) -> str:
    shown = ((BY_KEY[key].heading, as_text(cell)) for key, cell in cells.items() if key in BY_KEY)
    return "; ".join(f"{heading}: {text}" for heading, text in shown if text)
