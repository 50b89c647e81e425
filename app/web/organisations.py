"""Organisations: the list, and one with its facts, its people and its record of returns. No personal data of debtors."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Path, Query, Response

from app.accounts import people, service
from app.accounts.access import Actor
from app.accounts.permissions import Permission, Role
from app.audit.service import history_of
from app.contact_log import queries as contact_log
from app.core import clock
from app.core.db import Session
from app.http.deps import Reading
from app.organisations import contacts as offices
from app.organisations import service as register
from app.organisations.models import Organisation
from app.organisations.nations import in_order
from app.periods.calendar import Period
from app.submissions import home, portfolio
from app.submissions import service as submissions
from app.submissions.rules.state import is_open_on
from app.submissions.standings import lpms_by_organisation
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit

organisations = pages()
Reader = Annotated[Visit, May(Permission.ORGANISATION_READ)]
Named = Annotated[str, Query(max_length=100)]
Code = Annotated[str, Path(max_length=20)]
MONTHS, LAST_CONTACTS, A_PAGE = 12, 5, 100


@organisations.get("/organisations")
def get_organisations(  # each filter is one of the address's own words
    visit: Reader,
    db: Reading,
    nation: Named = "",
    region: Named = "",
    open_: Named = "",
    number: Annotated[int, Query(alias="page", ge=1, le=1000)] = 1,
) -> Response:
    everyone = register.everyone(db, visit.actor.scope(Permission.ORGANISATION_READ))
    asked = {"nation": nation, "region": region, "open_": open_}
    found = [
        one
        for one in everyone
        if nation in ("", one.nation) and region in ("", one.region) and open_ in ("", _standing(one))
    ]
    return page(
        visit,
        "organisations/organisations.html",
        found=[(one, _standing(one) == "open") for one in found[(number - 1) * A_PAGE : number * A_PAGE]],
        total=len(found),
        asked=asked,
        previous=_at(asked, number - 1) if number > 1 else None,
        following=_at(asked, number + 1) if number * A_PAGE < len(found) else None,
        nations=[("", "All"), *((one, one) for one in in_order(each.nation for each in everyone))],
        regions=[("", "All"), *((one, one) for one in sorted({each.region for each in everyone}))],
    )


@organisations.get("/organisations/{code}")
def get_organisation(
    code: Code, visit: Reader, db: Reading, months: Annotated[int, Query(ge=12, le=36)] = MONTHS
) -> Response:
    service.visible_organisation(db, visit.actor, Permission.ORGANISATION_READ, code)
    found = register.organisation(db, code)
    assert found is not None
    manages = visit.may(Permission.ORGANISATION_MANAGE)
    events = history_of(db, "organisation", code) if manages else []
    related = [*register.predecessors(db, code, clock.today()), *filter(None, [found.successor_code])]
    return page(
        visit,
        "organisations/organisation.html",
        one=found,
        is_open=is_open_on(clock.today(), found.open_date, found.close_date),
        predecessors=[each for each in related if each != found.successor_code],
        names=register.names(db, related),
        sees=[each for each in related if visit.actor.sees(Permission.ORGANISATION_READ, each)],
        spans=submissions.obligations(db, frozenset({code})),
        officers=[one for one in people.contacts(db, code) if one.role is Role.TRUST],
        lpms=lpms_by_organisation(db).get(code, ()),
        offices=offices.contacts_of(db, code),
        keeps_contacts=visit.actor.sees(Permission.CONTACT_MANAGE, code),
        record=_record(db, visit.actor, code, months),
        months=months,
        uses=_rules(db, visit.actor, code),
        **_contact_log(db, visit.actor, code),
        events=events,
        doers=service.names(db, [event.actor for event in events]),
        manages=manages,
        manages_users=visit.may(Permission.USER_MANAGE),
        reads_returns=visit.actor.sees(Permission.RETURN_READ, code),
        reads_open_rows=visit.actor.sees(Permission.OPEN_ROW_READ, code),
    )


def _at(asked: dict[str, str], number: int) -> str:
    return "/organisations?" + urlencode({**{key: text for key, text in asked.items() if text}, "page": number})


def _record(db: Session, actor: Actor, code: str, months: int) -> list[submissions.Submission]:
    """The last months, the newest first, for whoever may know who has submitted."""
    if not (actor.may(Permission.SUBMISSION_READ) and actor.sees(Permission.SUBMISSION_READ, code)):
        return []
    last = Period.containing(clock.today())
    span = list(Period.span(last.plus(1 - months), last))
    return sorted(submissions.standings(db, frozenset({code}), span), key=lambda cell: cell.period, reverse=True)


def _rules(db: Session, actor: Actor, code: str) -> list[home.RuleUse] | None:
    """What went wrong in the last months, for whoever may read counts by rule; None for the others."""
    if not (actor.may(Permission.REPORT_READ) and actor.sees(Permission.REPORT_READ, code)):
        return None
    last = Period.containing(clock.today())
    return home.rule_counts(db, frozenset({code}), list(Period.span(last.plus(1 - MONTHS), last)))


def _contact_log(db: Session, actor: Actor, code: str) -> dict[str, Any]:
    """The newest entries and the open steps, for whoever keeps the log."""
    if not actor.sees(Permission.CONTACT_LOG_READ, code):
        return {"has_log": False}
    entries = contact_log.newest(db, actor, [code], LAST_CONTACTS)
    steps = portfolio.open_steps(db, actor, frozenset({code}), clock.today())
    return {"has_log": True, "log": entries, "steps": steps, "writers": service.names(db, [one.by for one in entries])}


def _standing(one: Organisation) -> str:
    return "open" if is_open_on(clock.today(), one.open_date, one.close_date) else "closed"
