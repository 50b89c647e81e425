"""Returns: sending one in, looking at it, submitting a check, saying nil, withdrawing."""

from typing import Annotated, Any

from fastapi import File, Form, Request, Response, UploadFile

from app.accounts import service as accounts
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import PAGE, Comparing, Cursor, Id, Limit, May, OptionalCode, OptionalPeriod, Reading, Writing, router
from app.api.problems import problem
from app.api.shapes.returns import FindingOut, NilIn, ReasonIn, ReturnOut, WithdrawnOut, as_json
from app.api.shapes.values import Listing, OrganisationCode, Written
from app.core.db import Session
from app.core.errors import Conflict, Refused
from app.core.paging import part
from app.periods.calendar import Period
from app.returns import queries, service
from app.returns.models import Outcome, Return
from app.returns.nil import nil_return
from app.returns.withdrawal import withdraw

returns = router("returns")
REFUSED_WITH = {"F03": 413}
Sender = Annotated[Actor, May(Permission.RETURN_UPLOAD)]
Reader = Annotated[Actor, May(Permission.RETURN_READ)]


@returns.post(
    "/returns",
    response_model=ReturnOut,
    status_code=201,
    summary="Send a return, or only check it",
    dependencies=[Comparing],
    responses={200: {"model": ReturnOut, "description": "The same file was there already; nothing happened twice."}},
)
def post_return(  # noqa: PLR0913, PLR0917 - one parameter for each field of the form
    request: Request,
    response: Response,
    actor: Sender,
    db: Writing,
    file: Annotated[UploadFile, File(description="The workbook: .xlsx, .xls, .xlsb, .ods or .csv.")],
    organisation: Annotated[OrganisationCode, Form(examples=["RJ1"])],
    period: Annotated[str, Form(examples=["2026-10"])],
    declaration: Annotated[bool, Form(description="The declaration on the Guidance sheet is made.")] = False,
    check_only: Annotated[bool, Form(description="Judge the file and keep the result; merge nothing.")] = False,
    declaring_officer: Annotated[Written | None, Form(max_length=120)] = None,
) -> Any:
    if not declaration:
        raise Refused("The declaration is not made. Read it on the Guidance sheet and send declaration=true.")
    sent = service.Upload(
        organisation=organisation,
        period=Period.parse(period),
        data=file.file.read(),
        filename=file.filename or "",
        received_at=request.state.received_at,
        declaring_officer=declaring_officer,
        check_only=check_only,
    )
    return _answer(db, actor, service.receive(db, actor, sent), response, new=201)


@returns.post("/returns/nil", response_model=ReturnOut, status_code=201, summary="Nothing to report for a month")
def post_nil(request: Request, response: Response, actor: Sender, db: Writing, nil: NilIn) -> Any:
    received = nil_return(
        db,
        actor,
        nil.organisation,
        Period.parse(nil.period),
        request.state.received_at,
        officer=nil.declaring_officer,
    )
    return _answer(db, actor, received, response, new=201)


@returns.post("/returns/{return_id}/submit", response_model=ReturnOut, summary="Submit a checked return",
              dependencies=[Comparing])  # fmt: skip
def post_submit(return_id: Id, request: Request, response: Response, actor: Sender, db: Writing) -> Any:
    """409 with the new findings when a row would now come out differently; it can then be submitted again."""
    received = service.submit(db, actor, return_id, request.state.received_at)
    return _answer(db, actor, received, response, new=200)


@returns.post("/returns/{return_id}/withdraw", response_model=WithdrawnOut, summary="Take a return back",
              dependencies=[Comparing])  # fmt: skip
def post_withdraw(
    return_id: Id, reason: ReasonIn, actor: Annotated[Actor, May(Permission.RETURN_WITHDRAW)], db: Writing
) -> WithdrawnOut:
    withdrawal = withdraw(db, actor, return_id, reason.reason)
    return WithdrawnOut(
        return_=_shown(db, actor, [withdrawal.return_])[0], undone=withdrawal.undone, left=withdrawal.left
    )


@returns.get("/returns", summary="Returns, in the order in which they came")
def get_returns(
    actor: Reader,
    db: Reading,
    organisation: OptionalCode = None,
    period: OptionalPeriod = None,
    outcome: Outcome | None = None,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> Listing[ReturnOut]:
    month = Period.parse(period) if period is not None else None
    page = queries.list_returns(db, actor, organisation, month, outcome, limit, cursor)
    return Listing(items=_shown(db, actor, list(page.items)), next=page.next)


@returns.get("/returns/{return_id}", summary="One return")
def get_return(return_id: Id, actor: Reader, db: Reading) -> ReturnOut:
    return _shown(db, actor, [queries.get_return(db, actor, return_id)])[0]


@returns.get("/returns/{return_id}/findings", summary="What was found in a return")
def get_findings(
    return_id: Id, actor: Reader, db: Reading, limit: Limit = PAGE, cursor: Cursor = None
) -> Listing[FindingOut]:
    """The Debtors Team gets them without invoice numbers, your references and values of cells."""
    found = queries.findings(db, actor, queries.get_return(db, actor, return_id))
    page = part(found, limit, cursor, f"findings/{return_id}")
    return Listing(items=[FindingOut.of(finding) for finding in page.items], next=page.next)


def _answer(db: Session, actor: Actor, received: service.Received, response: Response, *, new: int) -> Any:
    """The return, or the problem that was stored with the attempt. Nothing is raised: the transaction is kept."""
    if received.refusal:
        first = received.refusal[0]
        words = " ".join(finding.message for finding in received.refusal)
        status = REFUSED_WITH.get(first.code, Refused.status)
        headers = {"Retry-After": "30"} if status == 503 else None
        return problem(status, words, headers=headers, code=first.code, findings=as_json(received.refusal))
    assert received.return_ is not None
    if received.conflict:
        words = "What was checked comes out differently now. Look at the new findings, then submit it again."
        findings = as_json(queries.findings(db, actor, received.return_))
        return problem(Conflict.status, words, findings=findings, return_id=received.return_.id)
    response.status_code = new if received.created or new == 200 else 200
    return _shown(db, actor, [received.return_])[0]


def _shown(db: Session, actor: Actor, found: list[Return]) -> list[ReturnOut]:
    people = accounts.names(db, (each.submitted_by for each in found))
    return [
        ReturnOut.of(
            each,
            queries.due(db, each),
            people,
            on_behalf=actor.is_on_behalf(Permission.RETURN_READ, each.organisation_code),
        )
        for each in found
    ]
