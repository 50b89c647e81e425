"""The grid as a page: its rows as short as they can be written, because there are thousands of cells, and its filters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import Session
from app.core.paging import Numbered
from app.periods.calendar import Period
from app.submissions import grid
from app.submissions.grid import WORDS, Narrowing, Row
from app.submissions.rules.state import State
from app.submissions.service import known_state
from app.submissions.standings import Submission
from app.web.numbered import links
from app.web.submissions_asked import Asked, Choices, choices, managers
from app.web.visit import Visit

A_PAGE, MONTHS_BACK = 250, 36
# The class of a cell whose colour is not that of a good month: missing, late, neither.
_CLASSES = {
    State.MISSING: "m",
    State.SUBMITTED_LATE: "l",
    State.NIL_LATE: "l",
    State.EXCUSED: "n",
    State.NOT_DUE: "n",
    State.NOT_OWED: "n",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A month at the head of its cells: short on the page, whole for whoever does not see the page."""

    period: str
    short: str
    label: str


def found(db: Session, actor: Actor, asked: Asked) -> tuple[list[Period], list[Row]]:
    """The months and rows that are asked for. Raises Refused (422) for months or a state that make no sense."""
    months = grid.months(asked.first, asked.last, clock.today())
    return months, _narrowed(grid.rows(db, actor.scope(Permission.SUBMISSION_READ), months), asked)


def shown(db: Session, visit: Visit, asked: Asked) -> dict[str, Any]:
    """What the page lays out."""
    actor = visit.actor
    months = grid.months(asked.first, asked.last, clock.today())
    everybody = grid.rows(db, actor.scope(Permission.SUBMISSION_READ), months)
    rows = _narrowed(everybody, asked)
    columns = [Column(str(one), f"{one.first_day:%b %Y}", one.label) for one in months]
    reads = actor.scope(Permission.RETURN_READ) if actor.may(Permission.RETURN_READ) else frozenset()
    here = rows[(asked.number - 1) * A_PAGE : asked.number * A_PAGE]
    return {
        "asked": asked,
        "columns": columns,
        "lines": [(row, _cells(row, columns, reads is None or row.code in reads)) for row in here],
        "feet": grid.by_month(rows, len(months)),
        "in_all": grid.in_all(row.count for row in rows),
        "total": len(rows),
        "narrowed": _in_words(asked),
        "pagination": links(Numbered(rows, asked.number, A_PAGE, len(rows)), "/submissions", **asked.words),
        "query": asked.query,
        "months": _months(months),
        "states": [("", "All"), *((state.value, word) for state, word in WORDS.items())],
        "nations": choices(row.nation for row in everybody),
        "regions": choices(row.region for row in everybody),
        "lpms": managers(lpm for row in everybody for lpm in row.lpms),
    }


def _narrowed(rows: Sequence[Row], asked: Asked) -> list[Row]:
    state = known_state(asked.state or None)
    wanted = Narrowing(asked.nation, asked.region, asked.lpm, state, asked.gaps == "yes", asked.search)
    return [row for row in rows if wanted.takes(row)]


def _in_words(asked: Asked) -> list[str]:
    """What the rows were narrowed by, so that a printed page says so."""
    words = [asked.nation, asked.region, asked.lpm, f"“{asked.search}”" if asked.search else ""]
    words.append(f"with a month that is {WORDS[State(asked.state)]}" if asked.state else "")
    words.append("only with gaps" if asked.gaps else "")
    return [word for word in words if word]


def _cells(row: Row, columns: Sequence[Column], reads: bool) -> list[tuple[str, str, str, str]]:
    """Of each cell: its class, its word, where it leads from this page, and the month that its link speaks of."""
    return [_cell(cell, row.code, column, reads) for cell, column in zip(row.cells, columns, strict=True)]


def _cell(cell: Submission | None, code: str, column: Column, reads: bool) -> tuple[str, str, str, str]:
    if cell is None or (cell.state is State.NOT_OWED and cell.return_id is None):
        return "n", "–", "", ""
    leads = f"returns/{cell.return_id}" if reads and cell.return_id else f"submissions/{code}/{column.period}"
    return _CLASSES.get(cell.state, ""), WORDS[cell.state], leads, column.short


def _months(chosen: Collection[Period]) -> Choices:
    now = Period.containing(clock.today())
    offered = {*Period.span(now.plus(-MONTHS_BACK), now), min(chosen), max(chosen)}
    return [(str(one), one.label) for one in sorted(offered, reverse=True)]
