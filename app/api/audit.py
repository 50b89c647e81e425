"""The audit for auditors: who did what to what, with which outcome, the newest first, and where the chain of seals stands."""

from typing import Annotated

from fastapi import Depends, Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import PAGE, Cursor, Limit, May, Reading, Store, router
from app.api.shapes.audit import AuditOut, ChainOut, EventOut
from app.http import auditing
from app.http.auditing import Question

audit = router("audit")
Reader = Annotated[Actor, May(Permission.AUDIT_READ)]
Asked = Annotated[Question, Depends()]


@audit.get("/audit", summary="Who did what, the newest first")
def get_audit(actor: Reader, db: Reading, question: Asked, limit: Limit = PAGE, cursor: Cursor = None) -> AuditOut:
    found = auditing.listed(db, actor, question, limit, cursor)
    chain = ChainOut.of(auditing.head(db, actor))
    return AuditOut(items=[EventOut.of(each) for each in found.items], next=found.next, chain=chain)


@audit.get("/audit.csv", summary="Who did what, as CSV", response_class=Response)
def get_audit_csv(actor: Reader, store: Store, question: Asked) -> Response:
    return auditing.as_csv(store, actor, question)
