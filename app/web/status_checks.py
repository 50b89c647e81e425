"""Check a debt: the question of an officer at the border, and its answer on the same page, which nothing else leads to."""

from datetime import date
from typing import Annotated, Any

from fastapi import Response

from app.accounts.permissions import Permission
from app.core import clock
from app.http.deps import Store
from app.http.status_checks import ask
from app.status_checks.rules import question as rules
from app.status_checks.rules import wording
from app.status_checks.rules.question import LONGEST, Question, Reason
from app.web.entries import Entries, Fault, Faults, chosen, day, gathered, input_of, needed
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit

status_checks = pages()
Asker = Annotated[Visit, May(Permission.STATUS_CHECK)]
REASONS = [(reason.value, reason.label) for reason in Reason]


@status_checks.get("/status-checks")
def get_status_check(visit: Asker) -> Response:
    return page(
        visit, "status_checks/ask.html", reasons=REASONS, limit=visit.settings.status_checks_per_hour, longest=LONGEST
    )  # fmt: skip


@status_checks.post("/status-checks")
def post_status_check(visit: Asker, store: Store) -> Response:
    """Answers at once: what was asked must stand in no address, and to ask anew is to be counted anew."""
    asked = _asked(visit.entries)
    answer = ask(store, visit.actor, asked)
    return page(
        visit, "status_checks/answer.html", asked=asked, reason=Reason(asked.reason).label, answer=answer,
        by=visit.actor.name, no_match=wording.NO_MATCH, no_contact=wording.NO_CONTACT,
    )  # fmt: skip


def _asked(entries: Entries) -> Question:
    """Raises Faults for every field at once."""
    passport, invoice = entries.text("passport_number"), entries.text("invoice_number")
    reason, case = entries.text("reason"), entries.text("case_reference")
    found: list[Any] = gathered(  # in the order of the page
        lambda: _right("family_name", needed(entries, "family_name", "Enter the family name"), rules.wrong_family_name),
        lambda: _birthday(entries),
        lambda: _right("passport_number", passport, lambda text: rules.wrong_numbers(text, invoice)),
        lambda: chosen(entries, "reason", Reason, "Choose why you ask"),
        lambda: _right("case_reference", case, lambda text: rules.wrong_case_reference(reason, text)),
    )
    return Question(found[0], found[1], found[3], passport, invoice, case)


def _birthday(entries: Entries) -> date:
    born = day(entries, "date_of_birth", "The date of birth")
    if words := rules.wrong_date_of_birth(born, clock.today()):
        raise Faults(Fault(words, input_of("date_of_birth")))
    return born


def _right(name: str, text: str, wrong: Any) -> str:
    if words := wrong(text):
        raise Faults(Fault(words, name))
    return text
