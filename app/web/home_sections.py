"""What each role finds on the home page. One function a role, in the order in which they are shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts import cover, people
from app.accounts.access import Actor, Grant
from app.accounts.permissions import Permission, Role
from app.core import clock, outbox, scanning
from app.core.db import Session
from app.debts import delivery, matches
from app.disputes import reading
from app.disputes.reading import Show
from app.organisations import contacts
from app.organisations import service as organisations
from app.organisations.nations import in_order
from app.periods.calendar import Period
from app.releases import deliveries
from app.reports.submission_rates import returns_by_month
from app.submissions import home, portfolio, rates, service
from app.submissions.rules.state import State
from app.submissions.service import By
from app.submissions.unstaffed import unstaffed
from app.web import release_view
from app.web.charts import picture

LAST_RETURNS, NEWEST, LONGEST_LIST, MONTHS = 5, 10, 10, 12


@dataclass(frozen=True)
class Section:
    """`name` is its template; `shown` are the values that it lays out."""

    name: str
    heading: str
    shown: dict[str, Any]


def of(db: Session, actor: Actor) -> list[Section]:
    """Every section once, however many grants lead to it; one for each organisation of a trust's officer."""
    return [section for role, make in _SECTIONS.items() for section in make(db, actor, _held(actor, role))]


def _held(actor: Actor, role: Role) -> Sequence[Grant]:
    return [grant for grant in actor.grants if grant.role is role]


def _trust(db: Session, actor: Actor, grants: Sequence[Grant]) -> list[Section]:
    sections = []
    for code in (grant.organisation for grant in grants if grant.organisation):
        where = home.standing(db, actor, code, clock.today())
        shown = {
            "where": where,
            "last": home.newest_returns(db, actor, code, LAST_RETURNS),
            "asked": contacts.whom_to_ask(db, code, clock.today()),
            "disputes": reading.number_of(db, actor, Show.WAITING, code),
        }
        sections.append(Section("trust", where.name, shown))
    return sections


def _debtors_team(db: Session, actor: Actor, grants: Sequence[Grant]) -> list[Section]:
    if not grants:
        return []
    month, scope = _month(), actor.scope(Permission.SUBMISSION_READ)
    newest = home.newest_returns(db, actor, None, NEWEST)
    feed = delivery.standing(db, actor)
    shown = {
        **_of_month(db, scope, month),
        "register": home.register_in_numbers(db, actor),
        "matches": matches.count(db, actor),
        "disputes": {show.value: reading.number_of(db, actor, show) for show in (Show.OPEN, Show.ANSWERED, Show.LATE)},
        "newest": newest,
        "release": release_view.waiting(db, actor),
        "given_up": deliveries.given_up(db),
        "feed": feed if feed.is_concern(clock.now()) else None,
        "names": organisations.names(db, {one.organisation_code for one in newest}),
    }
    return [Section("debtors_team", "The Debtors Team", shown)]


def _lpm(db: Session, actor: Actor, grants: Sequence[Grant]) -> list[Section]:
    if not grants:
        return []
    today, codes = clock.today(), frozenset(grant.organisation for grant in grants if grant.organisation)
    covers = cover.now_and_later(db, actor.id, today)
    covering = [one for one in covers if one.covering.id == actor.id and one.is_on(today)]
    shown = {
        "my": portfolio.my_month(db, actor, codes, today),
        "most": LONGEST_LIST,
        "covering": covering,
        "away": [one for one in covers if one.away.id == actor.id],
        "today": today,
    }
    return [Section("lpm", "Your month", shown)]


def _board(db: Session, actor: Actor, grants: Sequence[Grant]) -> list[Section]:
    if not grants:
        return []
    last = _month()
    first, scope = last.plus(1 - MONTHS), actor.scope(Permission.SUBMISSION_READ_RATES)
    counted = service.counted(db, scope, first, last)
    tables = [("Nation", service.added_up(counted, By.NATION)), ("Region", service.added_up(counted, By.REGION))]
    shown = {"first": first, "last": last, "tables": tables}
    return [Section("board", "How many returns arrive", shown)]


def _health_department(db: Session, _actor: Actor, grants: Sequence[Grant]) -> list[Section]:
    if not grants:
        return []
    month, scope = _month(), frozenset[str]().union(*(grant.codes for grant in grants))
    trend = returns_by_month(rates.counted(db, scope, month.plus(1 - MONTHS), month))
    found = _of_month(db, scope, month)
    shown = {
        **found,
        "nations": in_order(cell.nation for cell in found["cells"]),
        "waiting": [cell for cell in found["cells"] if cell.state in (State.MISSING, State.NOT_DUE)],
        "trend": [(trend, picture(trend))],
        "first": month.plus(1 - MONTHS),
    }
    return [Section("health_department", "Your nation’s returns", shown)]


def _admin(db: Session, actor: Actor, grants: Sequence[Grant]) -> list[Section]:
    if not grants:
        return []
    found = _everybody(db, actor)
    shown = {
        "invited": sum(person.state is people.State.INVITED for person in found),
        "locked": sum(person.state is people.State.LOCKED for person in found),
        "disabled": sum(person.state is people.State.DISABLED for person in found),
        "people": len(found),
        "unstaffed": unstaffed(db, clock.today()),
        "messages": outbox.number_of_messages(db),
        "mails_failed": outbox.number_failed(db),
        "scanner": scanning.is_on(),
    }
    return [Section("admin", "People and organisations", shown)]


def _auditor(_db: Session, _actor: Actor, grants: Sequence[Grant]) -> list[Section]:
    return [Section("auditor", "Audit", {})] if grants else []


def _border(_db: Session, _actor: Actor, grants: Sequence[Grant]) -> list[Section]:
    return [Section("border", "Status checks", {})] if grants else []


_SECTIONS: dict[Role, Callable[[Session, Actor, Sequence[Grant]], list[Section]]] = {
    Role.TRUST: _trust,
    Role.DEBTORS_TEAM: _debtors_team,
    Role.LPM: _lpm,
    Role.BOARD: _board,
    Role.HEALTH_DEPARTMENT: _health_department,
    Role.ADMIN: _admin,
    Role.AUDITOR: _auditor,
    Role.BORDER: _border,
}


def _month() -> Period:
    """The month whose returns come in now: the one that ended last."""
    return Period.containing(clock.today()).previous()


def _of_month(db: Session, scope: frozenset[str] | None, month: Period) -> dict[str, Any]:
    cells, concerns = service.standings(db, scope, [month]), service.concerns(db, scope, month)
    numbers = home.month_in_numbers(month, cells, concerns)
    return {"month": month, "cells": cells, "concerns": concerns, "numbers": numbers}


def _everybody(db: Session, actor: Actor) -> list[people.Person]:
    found: list[people.Person] = []
    cursor: str | None = None
    while True:
        part = people.people(db, actor, limit=500, cursor=cursor)
        found += part.items
        if (cursor := part.next) is None:
            return found
