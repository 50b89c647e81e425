"""Record a payment or change: what happened to a debt, then the day, the amount and the reason that this needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import Session
from app.core.errors import Conflict
from app.debts import queries, service
from app.debts.models import Debt
from app.debts.rules.status import (
    MOVES,
    REINSTATEMENTS,
    REOPENING_REASONS,
    WITHDRAWAL_REASONS,
    may_correct,
)
from app.debts.service import Move
from app.http.deps import Comparing, Id, Reading, Writing
from app.organisations import service as organisations
from app.return_template.choices import OPEN_STATUSES, Status
from app.returns import amending
from app.web import words
from app.web.entries import Entries, Fault, Faults, chosen, day, gathered, needed, pence
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

debt_changes = pages()
Changer = Annotated[Visit, May(Permission.DEBT_CHANGE_STATUS)]


@dataclass(frozen=True)
class Happening:
    """One thing that may have happened. `date`, `amount` and `reasons` are what must be said of it, if anything."""

    key: str
    text: str
    hint: str
    meaning: str
    status: Status | None = None
    date: str = ""
    amount: str = ""
    reasons: Mapping[str, str] | None = None


PART, CORRECT, REOPEN = "part-payment", "correct", "reopen"
LEFT = "Amount left to pay"
HAPPENINGS = (
    Happening("repaid", "It was paid in full", "Nothing is left to pay.",
              "The debt becomes repaid with £0.00 outstanding, and is no longer one of the open debts.",
              Status.REPAID, date="Day of the payment"),
    Happening(PART, "Part of it was paid", "The rest is still owed.",
              "The amount outstanding becomes what you enter. The status and its date stay as they are.", amount=LEFT),
    Happening("arrangement", "A repayment arrangement began", "The person has agreed to pay in parts.",
              "The debt becomes a repayment arrangement from the day you enter. It stays open.",
              Status.ARRANGEMENT, date="Day on which the arrangement began", amount=LEFT),
    Happening("defaulted", "The person defaulted", "A repayment arrangement was broken.",
              "The debt becomes defaulted from the day you enter. It stays open.",
              Status.DEFAULTED, date="Day of the default", amount=LEFT),
    Happening("withdrawn", "It should not have been reported", "Withdraw it, and say why.",
              "The debt becomes withdrawn and is no longer one of the open debts. Only the Debtors Team can reopen it.",
              Status.WITHDRAWN, date="Day of the withdrawal", reasons=WITHDRAWAL_REASONS),
    Happening(CORRECT, "The status was recorded by mistake", "Put right what the last change said.",
              "The status, its date and the amount become what you enter. What stood before is kept in the history.",
              date="Day from which the right status counts", amount=LEFT),
    Happening(REOPEN, "It is owed after all", "Reopen the debt, and say why.",
              "The debt becomes outstanding again from the day you enter, and is one of the trust’s open debts.",
              Status.OUTSTANDING, date="Day from which it is owed again", amount=LEFT, reasons=REOPENING_REASONS),
)  # fmt: skip


def offered(db: Session, actor: Actor, debt: Debt) -> list[Happening]:
    """What the table of moves allows from here, for this person."""
    was = Status(debt.status)
    special = {
        PART: was in OPEN_STATUSES,
        CORRECT: service.is_correctable(db, debt),
        REOPEN: bool(REINSTATEMENTS.get(was)) and service.may_reopen(actor),
    }
    return [each for each in HAPPENINGS if special.get(each.key, each.status in MOVES[was])]


@debt_changes.get("/debts/{debt_id}/change")
def get_change(debt_id: Id, visit: Changer, db: Reading) -> Response:
    debt = queries.get_debt(db, visit.actor, debt_id, Permission.DEBT_CHANGE_STATUS)
    choices = [(each.key, each.text, each.hint) for each in offered(db, visit.actor, debt)]
    return page(visit, "debts/change.html", debt=debt, choices=choices)


@debt_changes.post("/debts/{debt_id}/change")
def post_change(debt_id: Id, visit: Changer, db: Reading) -> Response:
    debt = queries.get_debt(db, visit.actor, debt_id, Permission.DEBT_CHANGE_STATUS)
    keys = [each.key for each in offered(db, visit.actor, debt)]
    return to(f"/debts/{debt_id}/change/{chosen(visit.entries, 'what', keys, 'Choose what happened')}")


@debt_changes.get("/debts/{debt_id}/change/{what}")
def get_particular_change(debt_id: Id, what: str, visit: Changer, db: Reading) -> Response:
    debt = queries.get_debt(db, visit.actor, debt_id, Permission.DEBT_CHANGE_STATUS)
    happening = _offered(db, visit.actor, debt, what)
    outside = visit.actor.is_on_behalf(Permission.DEBT_CHANGE_STATUS, debt.organisation_code)
    return page(
        visit, "debts/change_what.html", debt=debt, what=happening, reasons=_sentences(happening.reasons),
        statuses=[(status.value, status.label) for status in _right_statuses(debt)] if what == CORRECT else (),
        today=clock.today(),
        on_behalf_of=organisations.names(db, [debt.organisation_code])[debt.organisation_code] if outside else None,
    )  # fmt: skip


@debt_changes.post("/debts/{debt_id}/change/{what}", dependencies=[Comparing])
def post_particular_change(debt_id: Id, what: str, visit: Changer, db: Writing) -> Response:
    debt = queries.get_debt(db, visit.actor, debt_id, Permission.DEBT_CHANGE_STATUS)
    happening = _offered(db, visit.actor, debt, what)
    on_behalf = visit.actor.is_on_behalf(Permission.DEBT_CHANGE_STATUS, debt.organisation_code)
    amending.change_status(db, visit.actor, debt_id, _move(visit.entries, debt, happening, on_behalf=on_behalf))
    return to(f"/debts/{debt_id}", said="debt-changed")


def _offered(db: Session, actor: Actor, debt: Debt, what: str) -> Happening:
    """Raises Conflict (409): the debt may have moved on since the choice was shown."""
    for each in offered(db, actor, debt):
        if each.key == what:
            return each
    raise Conflict(
        f"The debt is “{Status(debt.status).label}” now, so this cannot be recorded. Look at the debt again."
    )


def _move(entries: Entries, debt: Debt, what: Happening, *, on_behalf: bool) -> Move:
    """Raises Faults for every field at once."""
    was = Status(debt.status)
    found: list[Any] = gathered(  # in the order of the page
        lambda: (
            needed(entries, "declaring_officer", "Name the officer of the trust who says so", 120)
            if on_behalf and what.key != REOPEN
            else None
        ),
        lambda: _right_status(entries, debt) if what.key == CORRECT else (what.status or was),
        lambda: chosen(entries, "reason", what.reasons, "Choose a reason") if what.reasons else None,
        lambda: day(entries, "status_date", what.date) if what.date else None,
        lambda: pence(entries, "amount_outstanding", "The amount left to pay") if what.amount else None,
    )
    officer, status, reason, on, amount = found
    if what.key == PART and amount >= debt.amount_outstanding:
        raise Faults(Fault(f"Enter less than {words.money(debt.amount_outstanding)}, which is outstanding now",
                           "amount_outstanding"))  # fmt: skip
    if amount is None:
        amount = 0 if status is Status.REPAID else debt.amount_outstanding
    return Move(status, on, amount, reason, correction=what.key == CORRECT, declaring_officer=officer)


def _right_status(entries: Entries, debt: Debt) -> Status:
    values = [status.value for status in _right_statuses(debt)]
    return Status(chosen(entries, "status", values, "Choose the right status"))


def _right_statuses(debt: Debt) -> list[Status]:
    before = Status(debt.status_from) if debt.status_from else None
    return [status for status in Status if status.value == debt.status or may_correct(before, status)]


def _sentences(reasons: Mapping[str, str] | None) -> list[tuple[str, str]]:
    return [(code, text[0].upper() + text[1:]) for code, text in (reasons or {}).items()]
