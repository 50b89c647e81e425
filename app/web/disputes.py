"""Disputes: the list, one with its timeline and the forms to answer and to end it, and opening one about a debt."""

from datetime import date
from typing import Annotated, Any

from fastapi import Query, Response

from app.accounts import service as accounts
from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import Session
from app.debts import queries
from app.debts.rules.status import WITHDRAWAL_REASONS
from app.disputes import reading, service
from app.disputes.reading import Case, Show
from app.disputes.rules.cases import SETTLEMENTS, Answer, Outcome, Reason, Received, State
from app.disputes.rules.timing import due_on
from app.disputes.service import LONGEST_CASE, LONGEST_NOTE, Objection, Reply
from app.http.deps import Id, Reading, Writing
from app.organisations import service as organisations
from app.policy.in_force import policy_in_force
from app.web.entries import Entries, Fault, Faults, chosen, day, gathered, needed
from app.web.numbered import PageNumber, links
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

disputes = pages()
Reader = Annotated[Visit, May(Permission.DISPUTE_READ)]
Opener = Annotated[Visit, May(Permission.DISPUTE_OPEN)]
Answerer = Annotated[Visit, May(Permission.DISPUTE_ANSWER)]
Settler = Annotated[Visit, May(Permission.DISPUTE_SETTLE)]
FILTERS = (
    (Show.OPEN, "Open"), (Show.LATE, "Answer late"), (Show.ANSWERED, "To be settled"), (Show.CLOSED, "Closed"),
)  # fmt: skip
OWN_FILTERS = ((Show.WAITING, "To answer"), (Show.ANSWERED, "Answered"), (Show.CLOSED, "Closed"))


@disputes.get("/disputes")
def get_disputes(
    visit: Reader, db: Reading, number: PageNumber = 1, show: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Whoever settles sees all that is open first, a trust what it has to answer."""
    settles = visit.may(Permission.DISPUTE_SETTLE)
    choices = FILTERS if settles else OWN_FILTERS
    chosen_ = next((each for each, _ in choices if each == show), choices[0][0])
    found = reading.page_of(db, visit.actor, chosen_, number)
    return page(
        visit, "disputes/list.html", cases=found.items, total=found.total, chosen=chosen_, settles=settles,
        names=organisations.names(db, {case.debt.organisation_code for case in found.items}),
        tabs=[(each.value, words, reading.number_of(db, visit.actor, each)) for each, words in choices],
        pagination=links(found, "/disputes", show=chosen_.value),
        counts=reading.counts(db, visit.actor) if settles else (),
        passes_on=visit.may(Permission.CORRECTION_PASS_ON),
    )  # fmt: skip


@disputes.get("/disputes/{dispute_id}")
def get_dispute(dispute_id: Id, visit: Reader, db: Reading) -> Response:
    return _shown(db, visit, dispute_id)


@disputes.get("/disputes/{dispute_id}/answer")
def get_answer(dispute_id: Id, visit: Answerer, db: Reading) -> Response:
    return _shown(db, visit, dispute_id, Permission.DISPUTE_ANSWER)


@disputes.post("/disputes/{dispute_id}/answer")
def post_answer(dispute_id: Id, visit: Answerer, db: Writing) -> Response:
    reading.get(db, visit.actor, dispute_id, Permission.DISPUTE_ANSWER)
    given = Answer(chosen(visit.entries, "answer", list(Answer), "Choose what you found"))
    note = _note(visit.entries, "Say why the record is right" if given is Answer.STANDS else "")
    reason = None
    if given is Answer.WITHDRAWN:
        reason = chosen(visit.entries, "reason", WITHDRAWAL_REASONS, "Choose why the debt is withdrawn")
    service.answer(db, visit.actor, dispute_id, Reply(given, note, reason))
    return to(f"/disputes/{dispute_id}", said="dispute-answered")


@disputes.get("/disputes/{dispute_id}/settle")
def get_settle(dispute_id: Id, visit: Settler, db: Reading) -> Response:
    return _shown(db, visit, dispute_id, Permission.DISPUTE_SETTLE)


@disputes.post("/disputes/{dispute_id}/settle")
def post_settle(dispute_id: Id, visit: Settler, db: Writing) -> Response:
    reading.get(db, visit.actor, dispute_id, Permission.DISPUTE_SETTLE)
    outcome, note = gathered(
        lambda: chosen(visit.entries, "outcome", SETTLEMENTS, "Choose how the dispute ends"),
        lambda: _note(visit.entries, "Say how the dispute was settled, and why"),
    )
    service.settle(db, visit.actor, dispute_id, Outcome(outcome), note)
    return to(f"/disputes/{dispute_id}", said="dispute-settled")


@disputes.get("/disputes/{dispute_id}/abandon")
def get_abandon(dispute_id: Id, visit: Opener, db: Reading) -> Response:
    case = reading.case(db, visit.actor, dispute_id, Permission.DISPUTE_OPEN)
    return page(visit, "disputes/abandon.html", case=case)


@disputes.post("/disputes/{dispute_id}/abandon")
def post_abandon(dispute_id: Id, visit: Opener, db: Writing) -> Response:
    reading.get(db, visit.actor, dispute_id, Permission.DISPUTE_OPEN)
    service.abandon(db, visit.actor, dispute_id, _note(visit.entries, "Say why it was a mistake"))
    return to(f"/disputes/{dispute_id}", said="dispute-abandoned")


@disputes.get("/debts/{debt_id}/dispute")
def get_open(debt_id: Id, visit: Opener, db: Reading) -> Response:
    debt = queries.get_debt(db, visit.actor, debt_id, Permission.DISPUTE_OPEN)
    name = organisations.names(db, [debt.organisation_code])[debt.organisation_code]
    today = clock.today()
    return page(
        visit, "disputes/open.html", debt=debt, organisation=name, today=today, open_case=reading.open_of(db, debt.id),
        reasons=_choices(Reason), ways=_choices(Received),
        default_due=due_on(today, policy_in_force().numbers.dispute_months),
    )  # fmt: skip


@disputes.post("/debts/{debt_id}/dispute")
def post_open(debt_id: Id, visit: Opener, db: Writing) -> Response:
    queries.get_debt(db, visit.actor, debt_id, Permission.DISPUTE_OPEN)
    found: list[Any] = gathered(  # in the order of the page
        lambda: chosen(visit.entries, "reason", Reason, "Choose what the person says is wrong"),
        lambda: day(visit.entries, "received_on", "The day received"),
        lambda: chosen(visit.entries, "received_how", Received, "Choose how the dispute came"),
        lambda: needed(visit.entries, "case_reference", "Enter your case reference", LONGEST_CASE),
        lambda: _note(visit.entries),
        lambda: _due(visit.entries),
    )
    reason, received_on, how, case_reference, note, due = found
    objection = Objection(Reason(reason), Received(how), received_on, case_reference, note, due)
    made = service.open_dispute(db, visit.actor, debt_id, objection)
    return to(f"/disputes/{made.id}", said="dispute-opened")


def _shown(db: Session, visit: Visit, dispute_id: str, permission: Permission = Permission.DISPUTE_READ) -> Response:
    case = reading.case(db, visit.actor, dispute_id, permission)
    found, code = case.dispute, case.debt.organisation_code
    people = accounts.names(db, (found.opened_by, found.answered_by, found.closed_by))
    return page(
        visit, "disputes/dispute.html", case=case, people=people, organisation=organisations.names(db, [code])[code],
        reason=Reason(found.reason).label, how=Received(found.received_how).label,
        answer=Answer(found.answer).label if found.answer else None,
        outcome=Outcome(found.outcome).label if found.outcome else None,
        may_answer=case.state is State.WAITING and visit.actor.sees(Permission.DISPUTE_ANSWER, code),
        may_amend=visit.actor.sees(Permission.DEBT_AMEND, code),
        may_settle=_may_settle(visit, case),
        may_abandon=case.state is not State.CLOSED and visit.may(Permission.DISPUTE_OPEN),
        answers=_choices(Answer), reasons=[(code, text[0].upper() + text[1:]) for code, text in WITHDRAWAL_REASONS.items()],
        outcomes=[(each.value, each.label) for each in SETTLEMENTS],
    )  # fmt: skip


def _may_settle(visit: Visit, case: Case) -> bool:
    """Once the trust was heard, or had the time to be."""
    heard = case.state is State.ANSWERED or (case.state is State.WAITING and case.late)
    return heard and visit.may(Permission.DISPUTE_SETTLE)


def _choices(words: type[Reason] | type[Received] | type[Answer]) -> list[tuple[str, str]]:
    return [(each.value, each.label) for each in words]


def _note(entries: Entries, missing: str = "") -> str:
    if missing:
        return needed(entries, "note", missing, LONGEST_NOTE)
    if len(text := entries.text("note")) > LONGEST_NOTE:
        raise Faults(Fault(f"Shorten this to {LONGEST_NOTE} characters or fewer", "note"))
    return text


def _due(entries: Entries) -> date | None:
    """As policy says when nothing is entered."""
    if not any(entries.has(f"due_on-{part}") for part in ("day", "month", "year")):
        return None
    return day(entries, "due_on", "The day on which the answer is due")
