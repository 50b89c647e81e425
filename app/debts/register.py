"""Looks into the register for a return: what is held of its invoices, what its persons owe, what a template showed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.core.db import among, metadata
from app.debts.held import PARTICULARS_KEYS, Held
from app.debts.models import Debt, DebtEvent
from app.debts.rules.totals import Owed
from app.return_template.choices import OPEN_STATUSES

# Columns of the table, not of the class: thousands of rows, each a value.
_HELD = [metadata.tables[Debt.__tablename__].c[name] for name in Held.__struct_fields__]
_OPEN = tuple(status.value for status in OPEN_STATUSES)
_DATES = ("invoice_date", "date_of_birth")


def held_by_fold(db: Session, codes: Sequence[str], folds: Collection[str]) -> list[Held]:
    """Debts of these organisations whose invoice number has one of these folded forms, newest first."""
    query = select(*_HELD).where(col(Debt.organisation_code).in_(codes), among(db, col(Debt.invoice_fold), folds))
    return sorted((Held(*row) for row in db.execute(query)), key=lambda debt: debt.id, reverse=True)


def references_by_number(
    db: Session, codes: Sequence[str], folds: Collection[str]
) -> dict[tuple[str, str], tuple[str, str]]:
    """Id and reference of the newest debt by organisation and invoice number, for numbers with these folded forms."""
    what = (col(Debt.organisation_code), col(Debt.invoice_number), col(Debt.id), col(Debt.reference))
    query = select(*what).where(col(Debt.organisation_code).in_(codes), among(db, col(Debt.invoice_fold), folds))
    return {
        (code, number): (id_, reference) for code, number, id_, reference in db.execute(query.order_by(col(Debt.id)))
    }


def held(debt: Debt) -> Held:
    """A debt of the register as a plain value."""
    return Held(*(getattr(debt, name) for name in Held.__struct_fields__))


def owed_by_persons(
    db: Session, codes: Sequence[str], names: Collection[str], passports: Collection[str]
) -> list[Owed]:
    """Open debts of these organisations whose person has one of these digests."""
    what = (col(Debt.id), col(Debt.name_match), col(Debt.passport_match), col(Debt.amount_outstanding))
    found: dict[str, Owed] = {}
    for column, digests in ((col(Debt.name_match), names), (col(Debt.passport_match), passports)):
        query = select(*what, col(Debt.organisation_code), col(Debt.status)).where(among(db, column, digests))
        # The organisation is looked at here: asked for it, a database goes through all of the trust's debts instead.
        found |= {row[0]: Owed(*row[:4]) for row in db.execute(query) if row[4] in codes and row[5] in _OPEN}
    return list(found.values())


def open_debts(db: Session, codes: Sequence[str]) -> int:
    """How many debts of these organisations are open now."""
    query = select(func.count()).where(col(Debt.organisation_code).in_(codes), col(Debt.status).in_(_OPEN))
    return int(db.execute(query).scalar_one())


def last_event_id(db: Session) -> int:
    return db.execute(select(func.max(DebtEvent.id))).scalar() or 0


def changed_since(db: Session, codes: Sequence[str], event_id: int) -> tuple[set[str], set[str]]:
    """Of these organisations' debts that have an event after this one: invoice numbers, and digests of their persons."""
    query = (
        select(col(Debt.invoice_number), col(Debt.name_match), col(Debt.passport_match))
        .join(DebtEvent, col(DebtEvent.debt_id) == col(Debt.id))
        .where(col(DebtEvent.id) > event_id, col(Debt.organisation_code).in_(codes))
        .distinct()
    )
    changed = db.execute(query).all()
    return {number for number, *_ in changed}, {digest for _, *pair in changed for digest in pair if digest}


def as_prefilled(db: Session, held: Sequence[Held], moment: datetime) -> dict[str, dict[str, Any]]:
    """For debts that changed after a template was downloaded: the values that it showed under their number, by debt id.

    A debt that was not open at that moment stood in no template and is left out. One that was reported anew since stands
    in the place of the one that was withdrawn: the template showed that.
    """
    later = {debt.id: debt for debt in held if debt.changed_at > moment}
    query = select(DebtEvent).where(among(db, col(DebtEvent.debt_id), later)).order_by(col(DebtEvent.id))
    events: dict[str, list[DebtEvent]] = {}
    for event in db.execute(query).scalars() if later else ():
        events.setdefault(event.debt_id, []).append(event)
    states = {debt_id: _state_at(later[debt_id], history, moment) for debt_id, history in events.items()}
    shown = {debt_id: state for debt_id, state in states.items() if state is not None}
    before = {later[debt_id].invoice_number: state for debt_id, state in shown.items() if later[debt_id].is_withdrawn}
    anew = (later[debt_id] for debt_id, history in events.items() if history[0].at > moment)
    return shown | {debt.id: before[debt.invoice_number] for debt in anew if debt.invoice_number in before}


def _state_at(held: Held, history: Sequence[DebtEvent], moment: datetime) -> dict[str, Any] | None:
    before = [event for event in history if event.at <= moment and event.status is not None]
    if not before or before[-1].status not in _OPEN:
        return None
    status = before[-1]
    state: dict[str, Any] = {key: getattr(held, key) for key in PARTICULARS_KEYS}
    for event in reversed(history):
        if event.at > moment and event.particulars:
            state |= {key: from_json(key, was) for key, (was, _) in event.particulars.items()}
    return state | {
        "status": status.status, "status_date": status.status_date, "amount_outstanding": status.amount_outstanding
    }  # fmt: skip


def to_json(value: Any) -> Any:
    """A particular as an event keeps it: dates as ISO text, pence as they are."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def from_json(key: str, value: Any) -> Any:
    return date.fromisoformat(value) if key in _DATES and value else value
