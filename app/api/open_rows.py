"""Rejected rows that a trust still has to mend: the list, closing one, answering one."""

from collections.abc import Sequence
from typing import Annotated

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.api.deps import PAGE, Comparing, Cursor, Id, Limit, May, OptionalCode, Reading, Writing, router
from app.api.shapes.returns import AnswerIn, OpenRowOut, ReasonIn
from app.api.shapes.values import Listing
from app.core.db import Session
from app.returns import answering, queries
from app.returns import open_rows as rows
from app.returns.models import OpenRow

open_rows = router("open rows")
Owner = Annotated[Actor, May(Permission.OPEN_ROW_MEND)]


@open_rows.get("/open-rows", summary="Rejected rows still to be mended")
def get_open_rows(
    actor: Annotated[Actor, May(Permission.OPEN_ROW_READ)],
    db: Reading,
    organisation: OptionalCode = None,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> Listing[OpenRowOut]:
    """The Debtors Team gets them without invoice numbers, your references and values of cells."""
    if organisation is not None:
        visible_organisation(db, actor, Permission.OPEN_ROW_READ, organisation)
    page = rows.list_open(db, actor, organisation, limit, cursor)
    return Listing(items=_shown(db, actor, page.items), next=page.next)


@open_rows.post("/open-rows/{row_id}/close", summary="Close a row that will not be reported again")
def post_close(row_id: Id, reason: ReasonIn, actor: Owner, db: Writing) -> OpenRowOut:
    return _shown(db, actor, [rows.close(db, actor, row_id, reason.reason)])[0]


@open_rows.post("/open-rows/{row_id}/answer", summary="Answer what the rule asks", dependencies=[Comparing])
def post_answer(row_id: Id, answer: AnswerIn, actor: Owner, db: Writing) -> OpenRowOut:
    return _shown(db, actor, [answering.answer(db, actor, row_id, answer.answer)])[0]


def _shown(db: Session, actor: Actor, found: Sequence[OpenRow]) -> list[OpenRowOut]:
    references = queries.references(db, {row.return_id for row in found})
    return [
        OpenRowOut.of(
            row,
            references.get(row.return_id),
            on_behalf=actor.is_on_behalf(Permission.OPEN_ROW_READ, row.organisation_code),
        )
        for row in found
    ]
