"""Reads disputes for those who may: one, lists by where they stand, those of a debt, and counts by organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import Numbered, Page, cut, from_cursor, offset_of
from app.debts.models import Debt
from app.disputes.models import Dispute
from app.disputes.rules.cases import SETTLEMENTS, Answer, Outcome, State
from app.disputes.rules.timing import in_words, is_late
from app.organisations import service as organisations
from app.organisations.models import Organisation


class Show(StrEnum):
    """Which disputes a list shows."""

    OPEN = "open"
    WAITING = "waiting"
    LATE = "late"
    ANSWERED = "answered"
    CLOSED = "closed"
    ALL = "all"


@dataclass(frozen=True)
class Case:
    """A dispute with its debt and where it stands today; `timing` says in words when the answer is due or came."""

    dispute: Dispute
    debt: Debt
    state: State
    late: bool
    timing: str


@dataclass(frozen=True)
class Count:
    """An organisation's disputes. `debts` are all that it ever reported and that are kept; `rate` is of upheld, also
    partly, among these.
    """

    code: str
    name: str
    disputes: int
    open: int
    late: int
    upheld: int
    partly_upheld: int
    not_upheld: int
    debts: int

    @property
    def rate(self) -> float:
        return (self.upheld + self.partly_upheld) / self.debts if self.debts else 0.0


def get(db: Session, actor: Actor, dispute_id: str, permission: Permission = Permission.DISPUTE_READ) -> Dispute:
    """Raises NotFound (404) for a dispute that is not there or not this person's to see."""
    found = db.get(Dispute, dispute_id)
    if found is None or not actor.sees(permission, found.organisation_code):
        raise NotFound
    return found


def case(db: Session, actor: Actor, dispute_id: str, permission: Permission = Permission.DISPUTE_READ) -> Case:
    found = get(db, actor, dispute_id, permission)
    debt = db.get(Debt, found.debt_id)
    assert debt is not None
    return case_of(found, debt)


def case_of(found: Dispute, debt: Debt) -> Case:
    today = clock.today()
    return Case(found, debt, state_of(found), _late(found, today), _timing(found, today))


def open_of(db: Session, debt_id: str) -> Dispute | None:
    query = select(Dispute).where(col(Dispute.debt_id) == debt_id, col(Dispute.closed_at).is_(None))
    return db.execute(query).scalar_one_or_none()


def of_debt(db: Session, actor: Actor, debt: Debt) -> list[Case]:
    """Every dispute about one debt, newest first, for those who may see it."""
    if not actor.sees(Permission.DISPUTE_READ, debt.organisation_code):
        return []
    query = select(Dispute).where(col(Dispute.debt_id) == debt.id).order_by(col(Dispute.id).desc())
    return [case_of(found, debt) for found in db.execute(query).scalars()]


def list_disputes(
    db: Session, actor: Actor, organisation: str | None, show: Show, limit: int, cursor: str | None
) -> Page[Case]:
    """In the order in which they were opened."""
    query = _visible(db, actor, organisation, show)
    query = query.where(col(Dispute.id) > from_cursor(cursor, "disputes")).order_by(col(Dispute.id)).limit(limit + 1)
    return cut([case_of(*pair) for pair in db.execute(query)], limit, lambda found: found.dispute.id, "disputes")


def page_of(db: Session, actor: Actor, show: Show, number: int, size: int = 25) -> Numbered[Case]:
    """Open ones with the most pressing first, closed ones with the newest first. Raises Refused (422) for no such page."""
    skipped = offset_of(number, size)
    query = _visible(db, actor, None, show)
    total = _number(db, query)
    order = (col(Dispute.closed_at).desc().nulls_first(), col(Dispute.due_on), col(Dispute.id))
    shown = db.execute(query.order_by(*order).offset(skipped).limit(size))
    return Numbered([case_of(*pair) for pair in shown], number, size, total)


def number_of(db: Session, actor: Actor, show: Show, organisation: str | None = None) -> int:
    return _number(db, _visible(db, actor, organisation, show))


def _number(db: Session, query: Select[Dispute, Debt]) -> int:
    return int(db.execute(query.with_only_columns(func.count())).scalar_one())


def counts(db: Session, actor: Actor) -> list[Count]:
    """By organisation, for those that ever had a dispute: the most upheld first. Abandoned ones count nowhere."""
    codes = actor.scope(Permission.DISPUTE_READ)
    outcome, is_open = col(Dispute.outcome), col(Dispute.closed_at).is_(None)
    numbers = {"open": is_open, "late": is_open & _is_late()} | {
        each.value: outcome == each.value for each in SETTLEMENTS
    }
    counted = [func.count().filter(wanted).label(name) for name, wanted in numbers.items()]
    query: Select[*tuple[Any, ...]] = (
        select(
            col(Dispute.organisation_code).label("code"),
            col(Organisation.name),
            func.count().label("disputes"),
            *counted,
        )
        .join(Organisation, col(Organisation.code) == col(Dispute.organisation_code))
        .where(outcome.is_distinct_from(Outcome.ABANDONED.value))
        .group_by(col(Dispute.organisation_code), col(Organisation.name))
    )
    if codes is not None:
        query = query.where(col(Dispute.organisation_code).in_(codes))
    rows = db.execute(query).all()
    debts = _debts(db, [row.code for row in rows])
    found = [Count(**row._asdict(), debts=debts.get(row.code, 0)) for row in rows]
    return sorted(found, key=lambda each: (-each.upheld - each.partly_upheld, -each.disputes, each.name))


def _debts(db: Session, codes: Sequence[str]) -> dict[str, int]:
    query = select(col(Debt.organisation_code), func.count()).where(col(Debt.organisation_code).in_(codes))
    return {code: number for code, number in db.execute(query.group_by(col(Debt.organisation_code)))}


def _visible(db: Session, actor: Actor, organisation: str | None, show: Show) -> Select[Dispute, Debt]:
    """Raises NotFound (404) for an organisation that is not this person's."""
    codes: Sequence[str] | frozenset[str] | None = actor.scope(Permission.DISPUTE_READ)
    if organisation is not None:
        if not actor.sees(Permission.DISPUTE_READ, organisation):
            raise NotFound
        codes = organisations.family(db, organisation, clock.today())
    query = select(Dispute, Debt).join(Debt, col(Debt.id) == col(Dispute.debt_id))
    if codes is not None:
        query = query.where(col(Dispute.organisation_code).in_(codes))
    return query.where(*_shown(show))


def _shown(show: Show) -> list[ColumnElement[bool]]:
    is_open, answered = col(Dispute.closed_at).is_(None), col(Dispute.answered_at).is_not(None)
    conditions: dict[Show, list[ColumnElement[bool]]] = {
        Show.OPEN: [is_open],
        Show.WAITING: [is_open, ~answered],
        Show.LATE: [is_open, _is_late()],
        Show.ANSWERED: [is_open, answered],
        Show.CLOSED: [~is_open],
        Show.ALL: [],
    }
    return conditions[show]


def _is_late() -> ColumnElement[bool]:
    """Still without an answer after the day on which it was due."""
    return and_(col(Dispute.answered_at).is_(None), col(Dispute.due_on) < clock.today())


def state_of(found: Dispute) -> State:
    if found.closed_at is not None:
        return State.CLOSED
    return State.WAITING if found.answer is None else State.ANSWERED


def state_in_words(found: Dispute) -> str:
    """“it waits for the trust’s answer, due on 22 December 2026”, for whoever comes too late."""
    if found.closed_at is not None:
        return f"it was closed on {clock.uk_date(found.closed_at):%-d %B %Y} as {_label(found.outcome)}"
    if found.answered_at is not None:
        answered = f"the trust answered on {clock.uk_date(found.answered_at):%-d %B %Y}"
        return f"{answered}: {Answer(found.answer or '').label.lower()}"
    return f"it waits for the trust’s answer, due on {found.due_on:%-d %B %Y}"


def _label(outcome: str | None) -> str:
    return Outcome(outcome or "").label.lower()


def _answered_on(found: Dispute) -> date | None:
    return clock.uk_date(found.answered_at) if found.answered_at is not None else None


def _late(found: Dispute, today: date) -> bool:
    if found.answered_at is None and found.closed_at is not None:
        today = clock.uk_date(found.closed_at)
    return is_late(found.due_on, _answered_on(found), today)


def _timing(found: Dispute, today: date) -> str:
    if found.answered_at is None and found.closed_at is not None:
        return "closed without an answer"
    return in_words(found.due_on, _answered_on(found), today)
