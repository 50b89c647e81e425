"""Returns as people see them: the list, the check before sending, the confirmation, the receipt, taking one back."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.accounts import service as accounts
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.core.db import Session
from app.core.errors import NotFound
from app.core.paging import Numbered
from app.http import files
from app.http.deps import Comparing, Id, Reading, Store, Writing
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.returns import parts, queries, service
from app.returns.findings import Summary, consequence, grouped
from app.returns.models import Lifecycle, Outcome, Return
from app.returns.rules.engine import Finding
from app.returns.withdrawal import withdraw
from app.returns.wording import wrong_and_mend
from app.web.entries import Fault, needed
from app.web.numbered import PageNumber, links
from app.web.page_route import Again, pages, to
from app.web.render import page
from app.web.uploading import faults_of, organisations_of
from app.web.visit import May, Visit

returns = pages()
Reader = Annotated[Visit, May(Permission.RETURN_READ)]
Sender = Annotated[Visit, May(Permission.RETURN_UPLOAD)]
Owner = Annotated[Visit, May(Permission.RETURN_READ_REJECTED)]
Withdrawer = Annotated[Visit, May(Permission.RETURN_WITHDRAW)]
FINDINGS_ON_A_PAGE = 100
IN_THE_SUMMARY = 20
OVERTAKEN = Fault(
    "Something changed since you checked this file, so some rows come out differently now. Nothing was sent. "
    "Look at the new check below, then submit it again", "main-content",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One finding in the table. `number` is its place among all of them, which links lead to."""

    number: int
    row: int | None
    cell: str
    is_rejection: bool
    wrong: str
    mend: str
    known_by: str


@returns.get("/returns")
def get_returns(
    visit: Reader, db: Reading, number: PageNumber = 1, organisation: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    if organisation:
        visible_organisation(db, visit.actor, Permission.RETURN_READ, organisation)
    found = queries.history(db, visit.actor, organisation or None, number)
    with_rejected = parts.having(db, [one.id for one in found.items], parts.REJECTED)
    return page(
        visit,
        "returns/history.html",
        found=found.items,
        total=found.total,
        names=organisations.names(db, {one.organisation_code for one in found.items}),
        labels={one.period: Period.parse(one.period).label for one in found.items},
        lateness={one.id: queries.due(db, one)[1] for one in found.items},
        may_read_rejected=frozenset(
            one.id
            for one in found.items
            if one.id in with_rejected and visit.actor.sees(Permission.RETURN_READ_REJECTED, one.organisation_code)
        ),
        organisations=organisations_of(db, visit),
        chosen=organisation,
        pagination=links(found, "/returns", organisation=organisation),
    )


@returns.get("/returns/{return_id}")
def get_return(return_id: Id, visit: Reader, db: Reading, number: PageNumber = 1) -> Response:
    """A check shows what will happen, a submitted return what has happened."""
    return_ = queries.get_return(db, visit.actor, return_id)
    summary = grouped(queries.findings(db, visit.actor, return_))
    template = "returns/check.html" if return_.lifecycle == Lifecycle.CHECKED else "returns/return.html"
    return page(visit, template, **_told(db, visit, return_), **_findings(summary, return_, number))


@returns.post("/returns/{return_id}", dependencies=[Comparing])
def post_return(return_id: Id, visit: Sender, request: Request, db: Writing) -> Response:
    """Submits a check: it is judged again, and shown anew if it comes out differently."""
    received = service.submit(db, visit.actor, return_id, request.state.received_at)
    if received.refusal:
        return Again(*faults_of(received.refusal))
    if received.conflict or received.return_ is None:
        return Again(OVERTAKEN, status=409)
    return to(f"/returns/{received.return_.id}", said="submitted")


@returns.get("/returns/{return_id}/receipt")
def get_receipt(return_id: Id, visit: Reader, db: Reading) -> Response:
    return_ = queries.get_return(db, visit.actor, return_id)
    if return_.reference is None:
        raise NotFound
    return page(visit, "returns/receipt.html", **_told(db, visit, return_))


@returns.get("/returns/{return_id}/withdraw")
def get_withdraw(return_id: Id, visit: Withdrawer, db: Reading) -> Response:
    return page(visit, "returns/withdraw.html", **_told(db, visit, _own(db, visit, return_id)))


@returns.post("/returns/{return_id}/withdraw", dependencies=[Comparing])
def post_withdraw(return_id: Id, visit: Withdrawer, db: Writing) -> Response:
    reason = needed(visit.entries, "reason", "Say why you take this return back")
    taken_back = withdraw(db, visit.actor, return_id, reason)
    if not taken_back.left:
        return to(f"/returns/{return_id}", said="withdrawn")
    return page(
        visit, "returns/withdrawn.html", return_=taken_back.return_, undone=taken_back.undone, left=taken_back.left
    )


@returns.get("/returns/{return_id}/rejections.xlsx")
def get_rejections_workbook(return_id: Id, visit: Owner, db: Reading, store: Store) -> Response:
    return files.rejections_workbook(db, store, visit.actor, return_id)


@returns.get("/returns/{return_id}/rejections.csv")
def get_rejections_csv(return_id: Id, visit: Owner, db: Reading, store: Store) -> Response:
    return files.rejections_csv(db, store, visit.actor, return_id)


@returns.get("/returns/{return_id}/original")
def get_original(return_id: Id, visit: Owner, db: Reading, store: Store) -> Response:
    return files.original(db, store, visit.actor, return_id)


def _own(db: Session, visit: Visit, return_id: str) -> Return:
    """A submitted return that this person may take back."""
    found = queries.get_return(db, visit.actor, return_id)
    if found.reference is None or not visit.actor.sees(Permission.RETURN_WITHDRAW, found.organisation_code):
        raise NotFound
    return found


def _told(db: Session, visit: Visit, return_: Return) -> dict[str, Any]:
    """What every page about one return says."""
    actor, code = visit.actor, return_.organisation_code
    one = organisations.organisation(db, code)
    due_on, late = queries.due(db, return_)
    is_own = actor.sees(Permission.RETURN_READ_REJECTED, code)
    people = accounts.names(db, (return_.submitted_by, return_.checked_by))
    return {
        "return_": return_,
        "organisation": one.name if one else code,
        "nation": one.nation if one else "",
        "month": Period.parse(return_.period),
        "consequence": consequence(return_),
        "due_on": due_on,
        "late": late,
        "by": people.get(return_.submitted_by or "", "the command line" if return_.submitted_at else ""),
        "is_nil": return_.outcome == Outcome.NIL,
        "is_own": is_own,
        "is_just_sent": visit.notice == "submitted" and return_.lifecycle == Lifecycle.SUBMITTED,
        "has_rejected": is_own and parts.has(db, return_.id, parts.REJECTED),
        "has_original": is_own and parts.has(db, return_.id, parts.ORIGINAL),
        "may_withdraw": actor.sees(Permission.RETURN_WITHDRAW, code) and return_.lifecycle == Lifecycle.SUBMITTED,
    }


def _findings(summary: Summary, return_: Return, number: int) -> dict[str, Any]:
    start = (number - 1) * FINDINGS_ON_A_PAGE
    shown = summary.findings[start : start + FINDINGS_ON_A_PAGE]
    lines = [_line(start + place, finding) for place, finding in enumerate(shown, start=1)]
    return {
        "groups": summary.groups,
        "lines": lines,
        "found": len(summary.findings),
        "summed": [line for line in lines if line.is_rejection][:IN_THE_SUMMARY],
        "pagination": links(Numbered((), number, FINDINGS_ON_A_PAGE, len(summary.findings)), f"/returns/{return_.id}"),
    }


def _line(number: int, finding: Finding) -> Line:
    wrong, mend = wrong_and_mend(finding)
    cell = " ".join(part for part in (finding.column, f"({finding.cell})" if finding.cell else "") if part)
    known_by = finding.your_reference or finding.invoice_number or ""
    return Line(number, finding.row, cell, finding.severity == "rejected", wrong, mend, known_by)
