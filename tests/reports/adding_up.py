"""Reports read as the Debtors Team reads them, and what they must add up to: the register, asked in SQL of its own."""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from app.accounts.access import Actor, Grant
from app.accounts.permissions import Role
from app.core import clock
from app.periods.calendar import Period
from app.reports import service
from app.reports.lives import lives
from app.reports.rules.movements import ADDING, TAKING, Movement
from app.reports.service import Read
from app.reports.stock import MonthEnds, standing
from app.reports.table import Row, Table

TEAM = Actor("team", "Debtors Team", (Grant(Role.DEBTORS_TEAM),))
BOARD = Actor("board", "Board", (Grant(Role.BOARD),))
OPEN = "('outstanding', 'arrangement', 'defaulted')"


def report(db: Session, slug: str, month: str = "", months: int = 1, actor: Actor = TEAM, **where: str) -> Read:
    asked = service.asked_for(actor, month or str(Period.containing(clock.today())), months, **where)
    return service.read(db, actor, slug, asked)


def table(read: Read, key: str) -> Table:
    return next(each for each in read.tables if each.key == key)


def rows(read: Read, key: str) -> dict[str, Row]:
    return {row.name: row for row in table(read, key).rows}


def figures(row: Row | None, *keys: str) -> tuple[Any, ...]:
    assert row is not None
    return tuple(row.values[key] for key in keys or ("debts", "people", "money"))


def owed(db: Session, where: str = f"status IN {OPEN}") -> tuple[int, int, int]:
    """Debts, people and pence of the register as it is now."""
    query = f"""SELECT count(*), count(DISTINCT root_id), coalesce(sum(amount_outstanding), 0)
                FROM debts JOIN debtors ON debtors.id = debtor_id WHERE {where}"""
    debts, people, pence = db.execute(text(query)).one()
    return debts, people, int(pence)


def check(db: Session) -> None:
    """Whatever happened to the register: the reports of this moment are the register, and movements lead up to it."""
    read = report(db, "debt-by-status", months=24)
    total = table(read, "statuses").total
    assert (figures(total) if total else (0, 0, 0)) == owed(db)
    for status in ("outstanding", "arrangement", "defaulted") if total else ():
        keys = [f"{key}_{status}" for key in ("debts", "people", "money")]
        assert figures(table(read, "organisations").total, *keys) == owed(db, f"status = '{status}'")
    _past_and_present_agree(db, read)
    _movements_add_up(report(db, "movements", months=24), owed(db))


def _past_and_present_agree(db: Session, read: Read) -> None:
    """What the events tell of now is what the register holds."""
    reader = service.reader_for(db, TEAM, read.asked)
    by_events = MonthEnds(lives(db, reader, read.asked), len(read.asked.months)).at_end()
    for key, tally in by_events.tallies.items():
        held = [row for row in standing(db, reader, read.asked.last) if (row[0], row[2]) == key]
        assert (tally.debts, tally.pence) == (len(held), sum(row[3] for row in held))


def _movements_add_up(read: Read, now: tuple[int, int, int]) -> None:
    debts, people, money = (table(read, f"months-{what}") for what in ("debts", "people", "money"))
    for each in (debts, money, table(read, "organisations-debts"), table(read, "organisations-money")):
        what = each.key.rpartition("-")[2]
        for row in [*each.rows, *([each.total] if each.total else [])]:
            assert added_up(row, what) == row.values[f"{what}_at_end"], (each.key, row.name)
    for before, after in zip(debts.rows, debts.rows[1:], strict=False):
        for what in ("debts", "people", "money"):
            assert before.values[f"{what}_at_end"] == after.values[f"{what}_at_start"]
    last = debts.rows[-1].values
    assert (last["debts_at_end"], people.rows[-1].values["people_at_end"], last["money_at_end"]) == now


def added_up(row: Row, what: str) -> int:
    """Opening and movements together."""
    parts = {one: int(row.values[f"{what}_{one}"] or 0) for one in Movement}
    if what == "debts":
        parts[Movement.PART_PAID] = 0  # the debt stays open
    start = int(row.values[f"{what}_at_start"] or 0)
    return start + sum(parts[one] for one in ADDING) - sum(parts[one] for one in TAKING)
