"""Answers status checks for exact matches only, so many an hour and person, and keeps each of them (ICIBI 6.168)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import among, take_turns
from app.core.errors import Forbidden, Refused
from app.core.ids import reference
from app.debts.models import Debt
from app.debts.queries import is_unconfirmed
from app.organisations import contacts
from app.organisations import service as organisations
from app.organisations.models import OrganisationContact
from app.policy.in_force import policy_in_force
from app.return_template.choices import OPEN_STATUSES, Status
from app.settings import get_settings
from app.status_checks.models import CheckedDebt, StatusCheck
from app.status_checks.rules import exact, wording
from app.status_checks.rules.question import Question, wrong_with

HOUR = timedelta(hours=1)
# Of all who share a birthday no more is read than what tells them apart.
_NAMED = [
    col(column) for column in (Debt.id, Debt.family_name, Debt.date_of_birth, Debt.passport_number, Debt.invoice_number)
]


@dataclass(frozen=True)
class Standing:
    """How one debt stands. Money in pence; `caution` is empty where nothing speaks against relying on it."""

    status: Status
    owed: int
    words: str
    last_confirmed: date
    unconfirmed: bool
    held: bool
    caution: str
    organisation: str
    contact: OrganisationContact | None
    contact_of: str


@dataclass(frozen=True)
class Answer:
    """What is told, as at an instant of the domain's clock; `reference` is the check's own, for the asker's file."""

    reference: str
    as_at: datetime
    standings: Sequence[Standing]


@dataclass(frozen=True)
class TurnedAway:
    """Asked too often: when to ask again, in seconds, and the sentence that says so."""

    seconds: int
    words: str


@dataclass(frozen=True)
class Told:
    """That a debt was told of in a check: to whom (a user id), when and why."""

    debt_id: str
    reference: str
    at: datetime
    actor: str
    reason: str


def check(db: Session, actor: Actor, question: Question) -> Answer | TurnedAway:
    """Raises Forbidden (403), or Refused (422) for the first thing that is wrong with the question.

    Being turned away is given, not raised: the record of it must be committed.
    """
    if not actor.may(Permission.STATUS_CHECK):
        raise Forbidden
    for field, words in wrong_with(question, clock.today()):
        raise Refused(f"{words}.", field=field)
    take_turns(db, [f"status-checks:{actor.id}"])
    now = clock.real_now()
    if (turned_away := _over_the_limit(db, actor, now)) is not None:
        record(db, actor, AuditAction.STATUS_CHECKED, "user", actor.id, outcome="refused", reason=question.reason)
        return turned_away
    found = _debts(db, question)
    made = StatusCheck(
        at=now, actor=actor.id, reason=question.reason, matches=len(found),
        case_reference=question.case_reference or None,
    )  # fmt: skip
    db.add(made)
    db.flush()
    db.add_all(CheckedDebt(check_id=made.id, debt_id=debt.id) for debt in found)
    ids = [debt.id for debt in found]
    record(
        db, actor, AuditAction.STATUS_CHECKED, "status-check", made.id, reason=question.reason, matches=len(ids), debts=ids
    )  # fmt: skip
    return Answer(_reference(made.id), clock.now(), _standings(db, found))


def checks_of(db: Session, debt_ids: Collection[str]) -> list[Told]:
    """Every check whose answer spoke of one of these debts, the oldest first: for the record of who was told what."""
    query = (
        select(CheckedDebt.debt_id, StatusCheck)
        .join(StatusCheck, col(StatusCheck.id) == col(CheckedDebt.check_id))
        .where(among(db, CheckedDebt.debt_id, debt_ids))
        .order_by(col(StatusCheck.id), CheckedDebt.debt_id)
    )
    return [Told(debt_id, _reference(one.id), one.at, one.actor, one.reason) for debt_id, one in db.exec(query)]


def _over_the_limit(db: Session, actor: Actor, now: datetime) -> TurnedAway | None:
    """Whether this person has had the checks of an hour; then until the oldest of them is an hour old."""
    limit = get_settings().status_checks_per_hour
    query = select(StatusCheck.at).where(StatusCheck.actor == actor.id, StatusCheck.at > now - HOUR)
    latest = db.exec(query.order_by(col(StatusCheck.at).desc()).limit(limit)).all()
    if len(latest) < limit:
        return None
    seconds = max(1, -(-(latest[-1] + HOUR - now) // timedelta(seconds=1)))
    minutes = -(-seconds // 60)
    again = "in a minute" if minutes == 1 else f"in {minutes} minutes"
    return TurnedAway(
        seconds, f"You have made {limit} checks in the last hour, which is the limit. Ask again {again}, or ask the "
        "NHS Debtors Team.",
    )  # fmt: skip


def _debts(db: Session, question: Question) -> list[Debt]:
    """The debts that the question names, wherever they are, those that are open first."""
    query = select_columns(*_NAMED).where(col(Debt.date_of_birth) == question.date_of_birth)
    if question.passport_number:
        query = query.where(col(Debt.passport_number).is_not(None))
    else:
        query = query.where(col(Debt.invoice_number) == question.invoice_number.strip())
    ids = [one.id for one in db.execute(query) if exact.names(question, cast("exact.Reported", one))]
    found = db.exec(select(Debt).where(among(db, Debt.id, ids))).all()
    return sorted(found, key=lambda debt: (debt.status not in OPEN_STATUSES, debt.id))


def _standings(db: Session, debts: Sequence[Debt]) -> list[Standing]:
    today, policy = clock.today(), policy_in_force()
    codes = {debt.organisation_code for debt in debts}
    ask = {code: contacts.whom_to_ask(db, code, today) for code in codes}
    names = organisations.names(db, codes | {one.organisation_code for one in ask.values() if one is not None})
    standings = []
    for debt in debts:
        status, contact = Status(debt.status), ask[debt.organisation_code]
        owed, unconfirmed = wording.still_owed(status, debt.amount_outstanding), is_unconfirmed(debt, policy, today)
        caution = wording.caution(held=debt.held, unconfirmed=unconfirmed, last_confirmed=debt.confirmed_on)
        standings.append(
            Standing(
                status=status, owed=owed, words=wording.said_of(status, owed), last_confirmed=debt.confirmed_on,
                unconfirmed=unconfirmed, held=debt.held, caution=caution, organisation=names[debt.organisation_code],
                contact=contact, contact_of=names[contact.organisation_code] if contact else "",
            )
        )  # fmt: skip
    return standings


def _reference(check_id: str) -> str:
    return reference(check_id, "SC")
