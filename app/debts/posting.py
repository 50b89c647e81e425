"""Writes what a return or a person states into the register: new debts, changes, confirmations, each with its event."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, update
from sqlmodel import Session

from app.core import clock
from app.core.db import among
from app.core.ids import new_id, reference
from app.core.many_rows import insert_columns, insert_rows
from app.debts import finding, warnings_index
from app.debts.grouping import Person, place, place_corrected
from app.debts.held import PARTICULARS_KEYS, STATUS_KEYS, Held
from app.debts.models import Debt, DebtEvent
from app.debts.register import to_json
from app.debts.rules.likeness import COMPARED
from app.debts.rules.words import SEARCHED
from app.return_template.choices import Status
from app.return_template.columns import KEYS

REPORTED, CHANGED, UPDATED, CORRECTED, PARTICULARS, UNDONE, HELD, RELEASED = (
    "reported", "changed", "updated", "corrected", "particulars", "undone", "held", "released",
)  # fmt: skip
_EVENT: dict[str, Any] = dict.fromkeys(
    (
        "status_from",
        "status",
        "status_date",
        "amount_outstanding",
        "reason",
        "officer",
        "particulars",
        "return_id",
        "return_row",
        "import_id",
    )
)


@dataclass(frozen=True)
class Source:
    """Who states it, when, and from which return of which period; a person's own change has neither.

    `import_id` names the loading of the old register from which it comes.
    `officer` is the trust's officer who declares a person's change that another records on behalf.
    """

    actor: str
    at: datetime
    day: date
    return_id: str | None = None
    period: str | None = None
    import_id: str | None = None
    officer: str | None = None


class NewDebt(msgspec.Struct):
    """A first report: the values in the order of KEYS, the folded number, the person's digests and the row it came from.

    `first_reported_on` is the day on which it was reported before this service, if that is known.
    """

    values: tuple[Any, ...]
    invoice_fold: str
    name_match: str | None
    passport_match: str | None
    row: int | None = None
    debt_id: str = msgspec.field(default_factory=new_id)
    first_reported_on: date | None = None


@dataclass(slots=True)
class Change:
    """New values for some keys of a held debt. `move` and `as_at` belong to the status keys, if any are among them."""

    held: Held
    values: Mapping[str, Any]
    move: str | None
    as_at: date
    name_match: str | None
    passport_match: str | None
    row: int | None = None
    reason: str | None = None


def post_new(db: Session, source: Source, organisation: str, debts: Sequence[NewDebt]) -> None:
    """Opens the debts, each with its event, and places their persons."""
    if not debts:
        return
    persons = [Person(debt.name_match, debt.passport_match) for debt in debts]
    place(db, persons, source.at)
    opened = _opened(source, organisation, debts, persons)
    insert_columns(db, _TABLE, opened)
    finding.note_columns(db.connection(), opened)
    insert_columns(db, _EVENTS, _reported(source, opened))
    warnings_index.settle_new(db, source.at, opened["id"])


def _opened(
    source: Source, organisation: str, debts: Sequence[NewDebt], persons: Sequence[Person]
) -> dict[str, list[Any]]:
    """The new debts, column by column."""
    number, day = len(debts), clock.uk_date(source.at)
    columns = dict(zip(KEYS, map(list, zip(*(debt.values for debt in debts), strict=True)), strict=True))
    ids = [debt.debt_id for debt in debts]
    return {key: [value] * number for key, value in _shared(source, organisation).items()} | columns | {
        "id": ids,
        "reference": [reference(id_, "ND") for id_ in ids],
        "debtor_id": [person.debtor_id for person in persons],
        "to_compare": [not person.is_known for person in persons],
        "invoice_fold": [debt.invoice_fold for debt in debts],
        "name_match": [debt.name_match for debt in debts],
        "passport_match": [debt.passport_match for debt in debts],
        "withdrawal_reason": [_withdrawal_reason(status, None) for status in columns["status"]],
        "as_at": [day_ or source.day for day_ in columns["status_date"]],
        "return_row": [debt.row for debt in debts],
        "first_reported_on": [debt.first_reported_on or day for debt in debts],
    }  # fmt: skip


def _shared(source: Source, organisation: str) -> dict[str, Any]:
    """What the debts that one return opens have in common."""
    return {
        "organisation_code": organisation,
        "below_threshold": False,
        "held": False,
        "disputed": False,
        "flagged": False,
        "report_undone": False,
        "particulars_on": source.day,
        "confirmed_on": source.day,
        "status_from": None,
        "status_period": source.period,
        "first_return_id": source.return_id,
        "return_id": source.return_id,
        "import_id": source.import_id,
        "changed_at": source.at,
    }


def _reported(source: Source, opened: Mapping[str, Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """The event of each debt that was just opened, column by column."""
    number = len(opened["id"])
    said = {key: [value] * number for key, value in _said(source, REPORTED).items()}
    return said | {
        "debt_id": opened["id"],
        "as_at": opened["as_at"],
        "return_row": opened["return_row"],
        "reason": opened["withdrawal_reason"],
        **{key: opened[key] for key in STATUS_KEYS},
    }


def post_changes(db: Session, source: Source, changes: Sequence[Change]) -> None:
    """Applies changes to held debts, each with an event for its status and one for its particulars."""
    if not changes:
        return
    events = [event for change in changes for event in _events(source, change)]
    db.execute(_UPDATE, [_changed(source, change) for change in changes])
    insert_rows(db, _EVENTS, events)
    finding.renew(
        db.connection(), [change.held.id for change in changes if not change.values.keys().isdisjoint(SEARCHED)]
    )
    _place_corrected(db, source, changes)
    warnings_index.settle(db, source.at, [change.held.id for change in changes])


def _events(source: Source, change: Change) -> Iterable[dict[str, Any]]:
    if change.move is not None:
        status = {key: change.values.get(key, getattr(change.held, key)) for key in STATUS_KEYS}
        yield (
            _event(source, change.held.id, change.move, change.as_at, change.row)
            | status
            | {
                "status_from": _status_before(source, change),
                "reason": _event_reason(status["status"], change),
            }
        )
    altered = {
        key: [to_json(getattr(change.held, key)), to_json(value)]
        for key, value in change.values.items()
        if key in PARTICULARS_KEYS
    }
    if altered:
        yield _event(source, change.held.id, PARTICULARS, source.day, change.row) | {"particulars": altered}


def _changed(source: Source, change: Change) -> dict[str, Any]:
    held, values = change.held, change.values
    update_ = {f"new_{key}": values.get(key, getattr(held, key)) for key in (*STATUS_KEYS, *PARTICULARS_KEYS)}
    moved, restated = change.move is not None, any(key in PARTICULARS_KEYS for key in values)
    status = update_["new_status"]
    return update_ | {
        "debt_id": held.id,
        "new_as_at": change.as_at if moved else held.as_at,
        "new_particulars_on": source.day if restated else held.particulars_on,
        "new_confirmed_on": max(held.confirmed_on, source.day),
        "new_status_from": _status_before(source, change) if moved else held.status_from,
        "new_status_period": source.period if moved else held.status_period,
        "new_withdrawal_reason": _withdrawal_reason(status, change.reason or held.withdrawal_reason),
        "new_name_match": change.name_match,
        "new_passport_match": change.passport_match,
        "new_return_id": source.return_id or held.return_id,  # where it comes from stays, whoever changed it since
        "new_return_row": change.row if source.return_id else held.return_row,
        "new_changed_at": source.at,
    }


def _status_before(source: Source, change: Change) -> str | None:
    """The status from which a later correction is judged: the one before the first mistake of the same period."""
    held = change.held
    if change.move == CORRECTED or (change.move == UPDATED and held.status_period == source.period):
        return held.status_from
    return held.status


def _event_reason(status: str, change: Change) -> str | None:
    """A withdrawn debt carries its reason on from event to event; a debt that is reopened says why."""
    if status == Status.WITHDRAWN:
        return _withdrawal_reason(status, change.reason or change.held.withdrawal_reason)
    return change.reason


def _withdrawal_reason(status: str, reason: str | None) -> str | None:
    """One that comes by workbook is raised_in_error until the trust chooses another."""
    return (reason or "raised_in_error") if status == Status.WITHDRAWN else None


def _event(source: Source, debt_id: str, kind: str, as_at: date, row: int | None) -> dict[str, Any]:
    return _EVENT | _said(source, kind) | {"debt_id": debt_id, "as_at": as_at, "return_row": row}


def _said(source: Source, kind: str) -> dict[str, Any]:
    """What the events of one source say alike; what it says nothing of stays empty."""
    return {
        "at": source.at,
        "actor": source.actor,
        "kind": kind,
        "return_id": source.return_id,
        "import_id": source.import_id,
        "officer": source.officer,
    }


def _place_corrected(db: Session, source: Source, changes: Sequence[Change]) -> None:
    """A corrected name, birthday, nationality or passport may show that two debtors are one, or that one is two."""
    people = [
        Person(change.name_match, change.passport_match, change.held.debtor_id, change.held.id)
        for change in changes
        if (change.name_match, change.passport_match) != (change.held.name_match, change.held.passport_match)
    ]
    place_corrected(db, people, source.at)
    restated = [change.held.id for change in changes if not COMPARED.isdisjoint(change.values) or _is_back(change)]
    if restated:
        db.execute(update(_TABLE).where(among(db, _TABLE.c.id, restated)).values(to_compare=True))


def _is_back(change: Change) -> bool:
    """Whether a withdrawn debt is owed again: it was compared with nobody meanwhile."""
    return change.held.is_withdrawn and "status" in change.values


def confirm(db: Session, source: Source, debts: Iterable[Held]) -> None:
    """The trust spoke of these debts as at the reporting day and changed nothing."""
    later = [debt.id for debt in debts if debt.confirmed_on < source.day]
    if later:
        db.execute(update(_TABLE).where(among(db, _TABLE.c.id, later)).values(confirmed_on=source.day))


_ALTERED = (
    *STATUS_KEYS, *PARTICULARS_KEYS, "as_at", "particulars_on", "confirmed_on", "status_from", "status_period",
    "withdrawal_reason", "name_match", "passport_match", "return_id", "return_row", "changed_at",
)  # fmt: skip
# The tables, not the classes: where rows differ in which columns are empty, the ORM sends a statement for each.
_TABLE: Any = Debt.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_EVENTS: Any = DebtEvent.__table__  # type: ignore[attr-defined]
_UPDATE = (
    update(_TABLE).where(_TABLE.c.id == bindparam("debt_id")).values({key: bindparam(f"new_{key}") for key in _ALTERED})
)
