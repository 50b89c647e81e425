"""The register: lists and search, one debt with its history, a new status, amended particulars, one debtor."""

from typing import Annotated, Any

from fastapi import Query

from app.accounts import service as accounts
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.api.deps import Comparing, Id, May, Reading, Writing, router
from app.api.shapes.debts import (
    DebtDetail,
    DebtorOut,
    DebtOut,
    Event,
    HoldOut,
    JoinOut,
    ListIn,
    MoveIn,
    Provenance,
    SearchIn,
    WarningsIndexOut,
    line,
    particulars,
)
from app.api.shapes.particulars import ParticularsIn
from app.api.shapes.returns import ReasonIn
from app.api.shapes.values import Listing
from app.core import clock
from app.core.db import Session
from app.debts import debtors, holds, imports, queries, warnings_index
from app.debts.models import Debt
from app.policy.in_force import policy_in_force
from app.returns import amending
from app.returns.histories import Told, ToldHold, history_of, holds_of
from app.returns.queries import references

debts = router("debts")
Reader = Annotated[Actor, May(Permission.DEBT_READ)]
Holder = Annotated[Actor, May(Permission.DEBT_HOLD)]


@debts.get("/debts", summary="Debts, oldest first", response_model_exclude_unset=True)
def get_debts(actor: Reader, db: Reading, wanted: Annotated[ListIn, Query()]) -> Listing[DebtOut]:
    return _listed(db, actor, wanted)


@debts.post("/debts/search", summary="Debts by free text, which must not stand in an address",
            response_model_exclude_unset=True)  # fmt: skip
def search_debts(actor: Reader, db: Reading, wanted: SearchIn) -> Listing[DebtOut]:
    return _listed(db, actor, wanted, wanted.q)


@debts.get("/debts/{debt_id}", summary="One debt with its history", response_model_exclude_unset=True)
def get_debt(debt_id: Id, actor: Reader, db: Reading) -> DebtDetail:
    return _detail(db, actor, queries.get_debt(db, actor, debt_id))


@debts.patch("/debts/{debt_id}", summary="Amend or clear particulars", response_model_exclude_unset=True,
             dependencies=[Comparing])  # fmt: skip
def patch_debt(
    debt_id: Id, changes: ParticularsIn, actor: Annotated[Actor, May(Permission.DEBT_AMEND)], db: Writing
) -> DebtDetail:
    return _detail(db, actor, amending.amend(db, actor, debt_id, changes.changes()))


@debts.post("/debts/{debt_id}/status", summary="Record a status, a payment or a correction",
            response_model_exclude_unset=True, dependencies=[Comparing])  # fmt: skip
def post_status(
    debt_id: Id, move: MoveIn, actor: Annotated[Actor, May(Permission.DEBT_CHANGE_STATUS)], db: Writing
) -> DebtDetail:
    return _detail(db, actor, amending.change_status(db, actor, debt_id, move.to_domain()))


@debts.post("/debts/{debt_id}/hold", summary="Hold a debt: off the Warnings Index and out of releases",
            response_model_exclude_unset=True)  # fmt: skip
def post_hold(debt_id: Id, reason: ReasonIn, actor: Holder, db: Writing) -> DebtDetail:
    return _detail(db, actor, holds.hold(db, actor, debt_id, reason.reason))


@debts.post("/debts/{debt_id}/unhold", summary="Release a debt from hold", response_model_exclude_unset=True)
def post_unhold(debt_id: Id, reason: ReasonIn, actor: Holder, db: Writing) -> DebtDetail:
    """A dispute's hold ends when the dispute is settled."""
    return _detail(db, actor, holds.unhold(db, actor, debt_id, reason.reason))


@debts.get(
    "/debtors/{debtor_id}", summary="One person's debts at every organisation", response_model_exclude_unset=True
)
def get_debtor(debtor_id: Id, actor: Annotated[Actor, May(Permission.DEBTOR_READ)], db: Reading) -> DebtorOut:
    """The id of a debtor who was joined into an older one answers with the older."""
    found = debtors.debtor(db, actor, debtor_id)
    people = accounts.names(db, (one.by for one in found.joins))
    return DebtorOut(
        id=found.id,
        debts=[DebtOut(**_line(debt, found.id)) for debt in found.debts],
        outstanding=found.outstanding,
        organisations=list(found.organisations),
        joins=[
            JoinOut(kind=one.kind, by=people.get(one.by, one.by), at=one.at, match_id=one.match_id)
            for one in found.joins
        ],
    )


def _listed(db: Session, actor: Actor, wanted: ListIn, q: str = "") -> Listing[DebtOut]:
    if wanted.organisation is not None:
        visible_organisation(db, actor, Permission.DEBT_READ, wanted.organisation)
    page = queries.list_debts(db, actor, wanted.to_domain(q), wanted.limit, wanted.cursor)
    known_as = debtors.known_as(db, actor, page.items)
    return Listing(items=[DebtOut(**_line(debt, known_as.get(debt.id))) for debt in page.items], next=page.next)


def _line(debt: Debt, debtor_id: str | None) -> dict[str, Any]:
    today = clock.today()
    derived = {
        "unconfirmed": queries.is_unconfirmed(debt, policy_in_force(), today),
        "age_days": (today - debt.invoice_date).days,
    }
    return line(debt, derived, debtor_id)


def _detail(db: Session, actor: Actor, debt: Debt) -> DebtDetail:
    returned = references(db, {debt.return_id} if debt.return_id else ())
    imported = imports.loading_of(db, debt)
    return DebtDetail(
        **_line(debt, debtors.known_as(db, actor, [debt]).get(debt.id)),
        **particulars(debt, on_behalf=_outside(actor, debt)),
        history=[_event(told) for told in history_of(db, debt)],
        provenance=Provenance(
            return_reference=returned.get(debt.return_id or ""),
            return_id=debt.return_id,
            row=debt.return_row,
            import_reference=imported.reference if imported else None,
        ),
        holds=[_hold(told) for told in holds_of(db, debt)],
        warnings_index=_flag(db, debt),
    )


def _hold(told: ToldHold) -> HoldOut:
    return HoldOut(kind=told.hold.kind, code=told.hold.code, reason=told.words, since=told.hold.placed_at)


def _flag(db: Session, debt: Debt) -> WarningsIndexOut:
    last = warnings_index.last_event_of(db, debt.id)
    if last is None:
        return WarningsIndexOut(on=debt.flagged, last_action=None, at=None, acknowledged_at=None)
    return WarningsIndexOut(on=debt.flagged, last_action=last.action, at=last.at, acknowledged_at=last.acknowledged_at)


def _event(told: Told) -> Event:
    event = told.event
    return Event(
        at=event.at,
        by=told.by,
        kind=event.kind,
        from_=told.was,
        to=event.status,
        effective_on=told.effective_on,
        amount_outstanding=event.amount_outstanding,
        source=told.source,
        reason=event.reason,
        declaring_officer=event.officer,
        changed=sorted(event.particulars or ()),
    )


def _outside(actor: Actor, debt: Debt) -> bool:
    """The Debtors Team: sees who the debtor is, not what the organisation keeps for itself."""
    return actor.is_on_behalf(Permission.DEBT_READ, debt.organisation_code)
