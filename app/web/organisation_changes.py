"""Changes to one organisation by an administrator: its facts by the rules of an import, and what it owes from when."""

from typing import Annotated

from fastapi import Response

from app.accounts import service
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core.db import Session
from app.core.errors import Refused
from app.http.deps import Reading, Writing
from app.organisations import importing
from app.organisations import service as register
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.submissions import obligations
from app.submissions.obligations import Reason
from app.web.entries import Entries, Fault, Faults, chosen, day, gathered, needed
from app.web.organisations import Code
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

organisation_changes = pages()
REASONS = (
    (Reason.OPENED, "It opened, or began to charge overseas patients"),
    (Reason.CLOSED, "It closed or merged"),
    (Reason.AGREED, "Agreed with the Debtors Team"),
    (Reason.MISTAKE, "A mistake is put right"),
)


@organisation_changes.get("/organisations/{code}/change")
def get_change(code: Code, visit: Annotated[Visit, May(Permission.ORGANISATION_MANAGE)], db: Reading) -> Response:
    others = [("", "None"), *((o.code, f"{o.name} ({o.code})") for o in register.everyone(db, None) if o.code != code)]
    one = _organisation(db, visit, code, Permission.ORGANISATION_MANAGE)
    return page(visit, "organisations/change.html", one=one, others=others)


@organisation_changes.post("/organisations/{code}/change")
def post_change(code: Code, visit: Annotated[Visit, May(Permission.ORGANISATION_MANAGE)], db: Writing) -> Response:
    one = _organisation(db, visit, code, Permission.ORGANISATION_MANAGE)
    name, opened, closed, since = gathered(
        lambda: needed(visit.entries, "name", "Enter the name", 200),
        lambda: _day_or_none(visit.entries, "open", "The opening date"),
        lambda: _day_or_none(visit.entries, "close", "The closing date"),
        lambda: _day_or_none(visit.entries, "since", "The date of the succession"),
    )
    successor = visit.entries.text("successor")
    values = {"name": name, "open_date": opened, "close_date": closed} | {
        "successor_code": successor, "successor_from": since
    }  # fmt: skip
    before = {key: getattr(one, key) for key in values}
    try:
        importing.amend(db, code, values)
    except importing.NotAmended as error:
        raise Faults(*(Fault(sentence, _field(sentence)) for sentence in error.sentences)) from None
    if changed := [key for key in values if getattr(one, key) != before[key]]:
        record(db, visit.actor, AuditAction.ORGANISATION_CHANGED, "organisation", code, code, fields=changed)
    return to(f"/organisations/{code}", said="organisation-changed")


@organisation_changes.get("/organisations/{code}/obligation")
def get_obligation(code: Code, visit: Annotated[Visit, May(Permission.OBLIGATION_MANAGE)], db: Reading) -> Response:
    spans = obligations.obligations(db, frozenset({code}))
    reasons = [(reason.value, words) for reason, words in REASONS]
    one = _organisation(db, visit, code, Permission.OBLIGATION_MANAGE)
    return page(
        visit, "organisations/obligation.html", one=one, spans=spans, last=spans[-1] if spans else None, reasons=reasons
    )


@organisation_changes.post("/organisations/{code}/obligation")
def post_obligation(code: Code, visit: Annotated[Visit, May(Permission.OBLIGATION_MANAGE)], db: Writing) -> Response:
    _organisation(db, visit, code, Permission.OBLIGATION_MANAGE)
    begins, ends, reason = gathered(
        lambda: _month(needed(visit.entries, "from", "Enter the first month", 20), "from"),
        lambda: _month(visit.entries.text("to"), "to"),
        lambda: chosen(visit.entries, "reason", set(Reason), "Choose the reason"),
    )
    first, last = Period.parse(begins), Period.parse(ends) if ends else None
    if last is not None and last < first:
        raise Faults(Fault("The last month is before the first. Swap the months, or leave the last one empty", "to"))
    if not obligations.set_obligation(db, visit.actor, [code], first, last, Reason(reason)):
        raise Faults(Fault("That is how it was already, so nothing was changed", "from"))
    return to(f"/organisations/{code}", said="obligation-set")


def _organisation(db: Session, visit: Visit, code: str, permission: Permission) -> Organisation:
    service.visible_organisation(db, visit.actor, permission, code)
    found = register.organisation(db, code)
    assert found is not None
    return found


def _day_or_none(entries: Entries, name: str, what: str) -> str:
    """Year-month-day as an import reads it; empty when nothing was entered."""
    if not any(entries.has(f"{name}-{part}") for part in ("day", "month", "year")):
        return ""
    return day(entries, name, what).isoformat()


def _month(text: str, name: str) -> str:
    """A month as it is kept, or nothing."""
    try:
        return str(Period.parse(text)) if text else ""
    except Refused as error:
        raise Faults(Fault(error.detail, name)) from None


def _field(sentence: str) -> str:
    """The input that a sentence of an import is about."""
    if "successor" in sentence:
        return "successor"
    return "close-day" if "would close" in sentence else "name"
