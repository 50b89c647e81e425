"""The list of one month: counts, filters and concerns; and one organisation's month in words."""

from collections import Counter
from typing import Any

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import Session
from app.core.paging import Numbered
from app.periods import service as periods
from app.periods.calendar import Period
from app.submissions import service
from app.submissions.month import Month
from app.submissions.rules import due
from app.submissions.rules.state import State
from app.submissions.service import Submission
from app.web.numbered import links
from app.web.submissions_asked import Asked, choices, managers
from app.web.visit import Visit
from app.web.words import state_word

A_PAGE, ALL, MONTHS_BACK = 100, 10_000, 24
P = Permission


def shown(db: Session, visit: Visit, asked: Asked, month: Period) -> dict[str, Any]:
    """What the page of one month lays out. Raises Refused (422) for a state that there is not."""
    wanted = service.known_state(asked.state or None)
    everybody = _of_month(db, visit.actor, month)
    there = [
        one
        for one in everybody
        if asked.region in ("", one.region) and asked.nation in ("", one.nation) and _is_of(asked.lpm, one)
    ]
    found = [one for one in there if wanted in (None, one.state)]
    first = (asked.number - 1) * A_PAGE
    kept = {
        "period": str(month),
        "state": asked.state,
        "nation": asked.nation,
        "region": asked.region,
        "lpm": asked.lpm,
    }
    return {
        "month": month,
        "asked": kept,
        "all_months": "/submissions" + Asked(nation=asked.nation, region=asked.region, lpm=asked.lpm).query,
        "counts": [(one, number) for one, number in _counted(there) if number],
        "found": found[first : first + A_PAGE],
        "total": len(found),
        "pagination": links(Numbered(found, asked.number, A_PAGE, len(found)), "/submissions", **kept),
        "concerns": _concerns(db, visit.actor, month, {one.organisation for one in there}),
        "returns_of": visit.actor.scope(P.RETURN_READ) if visit.may(P.RETURN_READ) else frozenset(),
        "months": _months(month),
        "states": [("", "All"), *((one.value, state_word(one)) for one in State)],
        "nations": choices(one.nation for one in everybody),
        "regions": choices(one.region for one in everybody),
        "lpms": managers(lpm for one in everybody for lpm in one.lpms),
    }


def in_words(visit: Visit, month: Month) -> dict[str, Any]:
    """What the page of one organisation's month lays out: it leads only to what this person may do and see."""
    actor, cell, today = visit.actor, month.cell, clock.today()
    waiting = cell.state in (State.MISSING, State.NOT_DUE)
    may = {
        name: actor.sees(permission, cell.organisation)
        for name, permission in {
            "read": P.RETURN_READ, "mend": P.OPEN_ROW_READ, "send": P.RETURN_UPLOAD, "excuse": P.MONTH_EXCUSE,
        }.items()
    }  # fmt: skip
    return {
        "of": month,
        "cell": cell,
        "due": due.in_words(cell.due_on, today) if waiting else "",
        "may_read": may["read"],
        "may_mend": may["mend"],
        "may_send": may["send"] and periods.is_open(cell.period, today),
        "may_excuse": may["excuse"] and (waiting or cell.state is State.EXCUSED),
    }


def _of_month(db: Session, actor: Actor, month: Period) -> list[Submission]:
    """Whoever owes the month; of few organisations, those too that owe nothing."""
    scope = actor.scope(P.SUBMISSION_READ)
    found = service.submissions(db, scope, month, limit=ALL).items
    return [one for one in found if scope is not None or one.state is not State.NOT_OWED or one.submitted_at]


def _is_of(lpm: str, one: Submission) -> bool:
    return not lpm or any(manager.is_called(lpm) for manager in one.lpms)


def _counted(there: list[Submission]) -> list[tuple[State, int]]:
    found = Counter(one.state for one in there)
    return [(state, found[state]) for state in State]


def _concerns(db: Session, actor: Actor, month: Period, listed: set[str]) -> list[service.Concern]:
    found = service.concerns(db, actor.scope(P.SUBMISSION_READ), month)
    return [one for one in found if one.organisation in listed]


def _months(chosen: Period) -> list[tuple[str, str]]:
    now = Period.containing(clock.today())
    return [(str(one), one.label) for one in sorted({*Period.span(now.plus(-MONTHS_BACK), now), chosen}, reverse=True)]
