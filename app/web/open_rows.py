"""Rejected rows that still have to be mended: all in one workbook, or one by one by an answer or with a reason."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Response

from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.core import clock
from app.core.db import Session
from app.core.errors import NotFound
from app.http import files
from app.http.deps import Comparing, Id, Reading, Store, Writing
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.returns import answering, queries
from app.returns import open_rows as rows
from app.returns.answering import Answer
from app.returns.models import OpenRow
from app.web.entries import chosen, needed
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

open_rows = pages()
Reader = Annotated[Visit, May(Permission.OPEN_ROW_READ)]
Owner = Annotated[Visit, May(Permission.OPEN_ROW_MEND)]
ON_A_PAGE = 100


@dataclass(frozen=True)
class Shown:
    """An open row as its reader may see it: the Debtors Team without the invoice and any value of a cell."""

    row: OpenRow
    month: str
    reference: str | None
    is_own: bool
    known_by: str
    messages: list[str]
    asks: bool


@open_rows.get("/open-rows")
def get_open_rows(visit: Reader, db: Reading, cursor: str = "", organisation: str = "") -> Response:
    """Of one organisation with its predecessors, or of all that this person may see."""
    if organisation:
        visible_organisation(db, visit.actor, Permission.OPEN_ROW_READ, organisation)
    found = rows.list_open(db, visit.actor, organisation or None, ON_A_PAGE, cursor[:300] or None)
    shown = _shown(db, visit, list(found.items))
    own = visit.actor.scope(Permission.RETURN_READ_REJECTED) or frozenset()
    names = organisations.names(db, {one.row.organisation_code for one in shown} | own)
    return page(
        visit, "open_rows/list.html", found=shown, names=names, next=_next(found.next, organisation),
        to_mend=sorted(own - _taken_over(db, own)), has_several=len(names) > 1,
    )  # fmt: skip


def _next(cursor: str | None, organisation: str) -> str | None:
    """The address of the page after this one."""
    asked = {"organisation": organisation} if organisation else {}
    return f"/open-rows?{urlencode(asked | {'cursor': cursor})}" if cursor else None


@open_rows.get("/open-rows/workbook")
def get_workbook(visit: Owner, db: Reading, store: Store, organisation: str = "") -> Response:
    return files.open_rows_workbook(db, store, visit.actor, organisation)


@open_rows.get("/open-rows/{row_id}")
def get_open_row(row_id: Id, visit: Owner, db: Reading) -> Response:
    return page(visit, "open_rows/row.html", **_one(db, visit, row_id))


@open_rows.get("/open-rows/{row_id}/answer")
def get_answer(row_id: Id, visit: Owner, db: Reading) -> Response:
    return page(visit, "open_rows/row.html", **_one(db, visit, row_id))


@open_rows.post("/open-rows/{row_id}/answer", dependencies=[Comparing])
def post_answer(row_id: Id, visit: Owner, db: Writing) -> Response:
    given = chosen(visit.entries, "answer", list(Answer), "Choose the answer")
    if rows.is_closed(db, visit.actor, row_id):
        return to("/open-rows", said="row-closed-before")
    answering.answer(db, visit.actor, row_id, Answer(given))
    return to("/open-rows", said="row-answered")


@open_rows.get("/open-rows/{row_id}/close")
def get_close(row_id: Id, visit: Owner, db: Reading) -> Response:
    return page(visit, "open_rows/row.html", **_one(db, visit, row_id))


@open_rows.post("/open-rows/{row_id}/close")
def post_close(row_id: Id, visit: Owner, db: Writing) -> Response:
    reason = needed(visit.entries, "reason", "Say why this row will not be mended")
    if rows.is_closed(db, visit.actor, row_id):  # sent twice
        return to("/open-rows", said="row-closed-before")
    rows.close(db, visit.actor, row_id, reason)
    return to("/open-rows", said="row-closed")


def _one(db: Session, visit: Visit, row_id: str) -> dict[str, Any]:
    row = rows.get(db, visit.actor, row_id)
    if not visit.actor.sees(Permission.OPEN_ROW_MEND, row.organisation_code):
        raise NotFound
    return {"shown": _shown(db, visit, [row])[0], "questions": answering.answerable(db, [row])[row.id]}


def _shown(db: Session, visit: Visit, found: list[OpenRow]) -> list[Shown]:
    references, asked = queries.references(db, {row.return_id for row in found}), answering.answerable(db, found)
    return [
        Shown(
            row=row,
            month=Period.parse(row.period).label,
            reference=references.get(row.return_id),
            is_own=(own := visit.actor.sees(Permission.RETURN_READ_REJECTED, row.organisation_code)),
            known_by=(row.invoice_number or "") if own else "",
            messages=[finding["message" if own else "unquoted"] for finding in row.findings],
            asks=bool(asked[row.id]),
        )
        for row in found
    ]


def _taken_over(db: Session, codes: frozenset[str]) -> set[str]:
    """Organisations whose rows stand in their successor's workbook."""
    return {code for code in codes if organisations.successor(db, code, clock.today()) in codes}
