"""Disputes about debts, counts of them by organisation, and corrections to pass on to recipients."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query

from app.accounts import service as accounts
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.api.deps import PAGE, Cursor, Id, Limit, May, OptionalCode, Part, Reading, Writing, router
from app.api.shapes.disputes import (
    BY,
    AnswerIn,
    CorrectionOut,
    CountOut,
    DisputeIn,
    DisputeOut,
    NoteIn,
    SettleIn,
    ToldIn,
)
from app.api.shapes.values import Listing
from app.core.db import Session
from app.disclosures.service import key_of
from app.disputes import corrections as passing_on
from app.disputes import reading, service
from app.disputes.models import Dispute
from app.disputes.reading import Case, Show
from app.disputes.rules.cases import Outcome

disputes = router("disputes")
Reader = Annotated[Actor, May(Permission.DISPUTE_READ)]
Settler = Annotated[Actor, May(Permission.DISPUTE_SETTLE)]
PassesOn = Annotated[Actor, May(Permission.CORRECTION_PASS_ON)]
Shown = Annotated[Show, Query(description="Which disputes to list.")]


@disputes.get("/disputes", summary="Disputes, in the order in which they were opened")
def get_disputes(
    actor: Reader, db: Reading, state: Shown = Show.ALL, organisation: OptionalCode = None, limit: Limit = PAGE,
    cursor: Cursor = None,
) -> Listing[DisputeOut]:  # fmt: skip
    if organisation is not None:
        visible_organisation(db, actor, Permission.DISPUTE_READ, organisation)
    page = reading.list_disputes(db, actor, organisation, state, limit, cursor)
    return Listing(items=_told(db, page.items), next=page.next)


@disputes.post("/disputes", summary="Open a dispute: the debt is held at once", status_code=201)
def post_dispute(
    objection: DisputeIn, actor: Annotated[Actor, May(Permission.DISPUTE_OPEN)], db: Writing
) -> DisputeOut:
    return _one(db, actor, service.open_dispute(db, actor, objection.debt_id, objection.to_domain()))


@disputes.get("/disputes/by-organisation", summary="How many disputes there are, and how many were upheld")
def get_counts(actor: Reader, db: Reading, asked: Part) -> Listing[CountOut]:
    page = asked.of(reading.counts(db, actor), "dispute counts")
    return Listing(items=[CountOut.of(count) for count in page.items], next=page.next)


@disputes.get("/disputes/{dispute_id}", summary="One dispute")
def get_dispute(dispute_id: Id, actor: Reader, db: Reading) -> DisputeOut:
    return _told(db, [reading.case(db, actor, dispute_id)])[0]


@disputes.post("/disputes/{dispute_id}/answer", summary="The organisation answers")
def post_answer(
    dispute_id: Id, reply: AnswerIn, actor: Annotated[Actor, May(Permission.DISPUTE_ANSWER)], db: Writing
) -> DisputeOut:
    return _one(db, actor, service.answer(db, actor, dispute_id, reply.to_domain()))


@disputes.post("/disputes/{dispute_id}/settle", summary="Settle a dispute: its hold ends")
def post_settle(dispute_id: Id, settled: SettleIn, actor: Settler, db: Writing) -> DisputeOut:
    return _one(db, actor, service.settle(db, actor, dispute_id, Outcome(settled.outcome), settled.note))


@disputes.post("/disputes/{dispute_id}/abandon", summary="A dispute was opened by mistake")
def post_abandon(
    dispute_id: Id, why: NoteIn, actor: Annotated[Actor, May(Permission.DISPUTE_OPEN)], db: Writing
) -> DisputeOut:
    return _one(db, actor, service.abandon(db, actor, dispute_id, why.note))


@disputes.get("/corrections", summary="Corrections of which recipients must still be told")
def get_corrections(actor: PassesOn, db: Reading, asked: Part) -> Listing[CorrectionOut]:
    page = asked.of(passing_on.waiting(db, actor), "corrections")
    return Listing(items=[CorrectionOut.of(one) for one in page.items], next=page.next)


@disputes.post("/corrections/told", summary="A recipient was told")
def post_told(told: ToldIn, actor: PassesOn, db: Writing) -> Listing[CorrectionOut]:
    """Answers what still waits."""
    items = [(line.debt_id, line.through) for line in told.corrections]
    passing_on.mark_told(db, actor, key_of(told.recipient), items, told.how)
    return Listing(items=[CorrectionOut.of(one) for one in passing_on.waiting(db, actor)])


def _one(db: Session, actor: Actor, found: Dispute) -> DisputeOut:
    return _told(db, [reading.case(db, actor, found.id)])[0]


def _told(db: Session, cases: Sequence[Case]) -> list[DisputeOut]:
    people = accounts.names(db, (getattr(case.dispute, name) for case in cases for name in BY))
    return [DisputeOut.of(case, people) for case in cases]
