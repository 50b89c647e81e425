"""The contact log of an organisation: what was talked about with it and what comes next; one entry, corrected or done."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query, Response

from app.accounts import service as accounts
from app.accounts.permissions import Permission
from app.audit.service import history_of
from app.contact_log import queries, service
from app.contact_log.models import ContactEntry
from app.contact_log.rules.entry import LONGEST, Details, Kind, Outcome
from app.contact_log.service import NotLogged
from app.core import clock
from app.core.db import Session
from app.http.deps import Id, Reading, Writing
from app.organisations import service as register
from app.submissions import portfolio
from app.web.entries import Entries, Fault, Faults, day, gathered
from app.web.organisations import Code
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

contact_log = pages()
Reader = Annotated[Visit, May(Permission.CONTACT_LOG_READ)]
Keeper = Annotated[Visit, May(Permission.CONTACT_LOG_KEEP)]
A_PAGE = 20
CHOICES: dict[str, Any] = {
    "kinds": [(one.value, one.label) for one in Kind],
    "outcomes": [(one.value, one.label) for one in Outcome],
    "longest": LONGEST,
}


@contact_log.get("/organisations/{code}/contact-log")
def get_log(code: Code, visit: Reader, db: Reading, cursor: Annotated[str, Query(max_length=100)] = "") -> Response:
    found = queries.entries(db, visit.actor, code, A_PAGE, cursor or None)
    return page(
        visit,
        "contact_log/log.html",
        code=code,
        name=_name(db, code),
        found=found.items,
        older=found.next,
        is_first=not cursor,
        steps=portfolio.open_steps(db, visit.actor, frozenset({code}), clock.today()),
        writers=accounts.names(db, [one.by for one in found.items]),
        today=clock.today(),
        **CHOICES,
    )


@contact_log.post("/organisations/{code}/contact-log")
def post_entry(code: Code, visit: Keeper, db: Writing) -> Response:
    service.reachable(db, visit.actor, Permission.CONTACT_LOG_KEEP, code)
    try:
        service.log(db, visit.actor, code, _details(visit.entries))
    except NotLogged as error:
        raise _faults(error) from None
    return to(f"/organisations/{code}/contact-log", said="contact-logged")


@contact_log.get("/organisations/{code}/contact-log/{entry_id}")
def get_entry(code: Code, entry_id: Id, visit: Reader, db: Reading) -> Response:
    one = service.entry(db, visit.actor, code, entry_id)
    events = history_of(db, "contact-log", one.id)
    return page(
        visit,
        "contact_log/entry.html",
        code=code,
        name=_name(db, code),
        one=one,
        is_overdue=queries.is_overdue(one, clock.today()),
        corrects=service.may_correct(visit.actor, one),
        events=events,
        doers=_people(db, one, [event.actor for event in events]),
        **CHOICES,
    )


@contact_log.post("/organisations/{code}/contact-log/{entry_id}")
def post_change(code: Code, entry_id: Id, visit: Keeper, db: Writing) -> Response:
    """The next step is done, or the entry is corrected."""
    one = service.entry(db, visit.actor, code, entry_id)
    if visit.entries.has("done"):
        service.tick_off(db, visit.actor, code, one.id)
        return to(f"/organisations/{code}/contact-log", said="step-done")
    try:
        service.correct(db, visit.actor, code, one.id, _details(visit.entries))
    except NotLogged as error:
        raise _faults(error) from None
    return to(f"/organisations/{code}/contact-log/{entry_id}", said="contact-log-changed")


def _details(entries: Entries) -> Details:
    on, by_when = gathered(lambda: day(entries, "day", "The day of the contact"), lambda: _day_or_none(entries))
    assert on is not None
    kind, outcome, note, step = (entries.text(name) for name in ("kind", "outcome", "note", "next_step"))
    return Details(kind, on, outcome, note, step, by_when)


def _day_or_none(entries: Entries) -> date | None:
    if not any(entries.has(f"due_on-{part}") for part in ("day", "month", "year")):
        return None
    return day(entries, "due_on", "The date of the next step")


def _faults(error: NotLogged) -> Faults:
    return Faults(
        *(Fault(words, f"{field}-day" if field in ("day", "due_on") else field) for field, words in error.faults)
    )


def _people(db: Session, one: ContactEntry, doers: list[str]) -> dict[str, str]:
    return accounts.names(db, [one.by, one.done_by, *doers])


def _name(db: Session, code: str) -> str:
    return register.names(db, [code])[code]
