"""Sending a return: choose the month, choose the file, and wait in words when a check takes its time."""

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Annotated

from fastapi import Request, Response

from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.core import clock
from app.core.db import Database, Session
from app.core.errors import Refused
from app.http import files
from app.http.deps import Id, Reading, Store
from app.http.threads import WRITING
from app.organisations import service as organisations
from app.periods import service as periods
from app.periods.calendar import Period
from app.return_template.guidance import DECLARATION
from app.returns import waiting
from app.returns.rules.engine import Finding
from app.returns.service import Received, Upload
from app.submissions import service as submissions
from app.web.entries import Fault, Faults
from app.web.page_route import Again, pages, to
from app.web.render import page
from app.web.visit import May, Visit
from app.web.words import state_word

uploading = pages()
Sender = Annotated[Visit, May(Permission.RETURN_UPLOAD)]
STATUS_OF = {"F03": 413}


@dataclass(frozen=True)
class Choice:
    """Whose return for which month: chosen on the first page, kept in the address of the second."""

    organisation: str
    name: str
    period: Period


@uploading.get("/returns/upload")
def get_upload(visit: Sender, db: Reading, organisation: str = "", period: str = "", asked: str = "") -> Response:
    """The first page asks for the month, the second for the file."""
    if not period:
        visit.faults = visit.faults or ((Fault("Choose the month of the return", "period"),) if asked else ())
        return _choose(visit, db, organisation)
    try:
        chosen = choice_of(db, visit, organisation, period)
    except Refused as error:
        visit.faults = visit.faults or (Fault(error.detail, "period"),)
        return _choose(visit, db, organisation)
    return file_page(visit, chosen)


@uploading.post("/returns/upload")
async def post_upload(
    visit: Sender, request: Request, store: Store, organisation: str = "", period: str = ""
) -> Response:
    """Whoever waits here for a short check waits without a thread."""
    waiting_id, future = await WRITING.run(lambda: _begin(visit, request, store, organisation, period))
    received = await waiting.result(future)
    if received is None:
        return to(f"/returns/checking/{waiting_id}")
    if received.return_ is None:
        return Again(*faults_of(received.refusal), status=STATUS_OF.get(received.refusal[0].code, 422))
    known = {"said": "sent-before"} if not received.created else {}
    return to(f"/returns/{received.return_.id}", **known)


def _begin(
    visit: Visit, request: Request, store: Database, organisation: str, period: str
) -> tuple[str, Future[Received]]:
    with store.reading() as db:
        chosen = choice_of(db, visit, organisation, period)
    return waiting.begin(store, visit.actor, _upload(visit, request, chosen))


@uploading.get("/returns/checking/{waiting_id}")
def get_checking(waiting_id: Id, visit: Sender, db: Reading) -> Response:
    """Where a check stands. When it is done this leads on to its result."""
    found = waiting.find(db, visit.actor, waiting_id)
    if found.return_id is not None:
        return to(f"/returns/{found.return_id}")
    chosen = choice_of(db, visit, found.organisation_code, found.period)
    if found.ended_at is not None:
        visit.faults = tuple(Fault(words, "file") for words in found.refusal)
        return file_page(visit, chosen)
    return page(visit, "returns/checking.html", chosen=chosen, has_stopped=waiting.has_stopped(found))


@uploading.get("/returns/template")
def get_template(visit: Sender, db: Reading, store: Store, organisation: str = "", period: str = "") -> Response:
    return files.template(db, store, visit.actor, organisation, Period.parse(period))


def choice_of(db: Session, visit: Visit, organisation: str, period: str) -> Choice:
    """Raises NotFound (404) for an organisation out of reach, Refused (422) for a month that takes no returns."""
    code = visible_organisation(db, visit.actor, Permission.RETURN_UPLOAD, organisation)
    month = Period.parse(period)
    if not periods.is_open(month, clock.today()):
        raise Refused(f"{month.label} does not take returns now. Choose one of the months below")
    return Choice(code, organisations.names(db, [code])[code], month)


def file_page(visit: Visit, chosen: Choice) -> Response:
    return page(
        visit,
        "returns/upload.html",
        chosen=chosen,
        declaration=DECLARATION,
        on_behalf=visit.actor.is_on_behalf(Permission.RETURN_UPLOAD, chosen.organisation),
        most_mb=visit.settings.max_upload_mb,
    )


def organisations_of(db: Session, visit: Visit) -> list[tuple[str, str]]:
    """Whose returns this person may send, as (code, name)."""
    scope = visit.actor.scope(Permission.RETURN_UPLOAD)
    names = organisations.names(db, scope)
    return sorted(((code, f"{name} ({code})") for code, name in names.items()), key=lambda pair: pair[1])


def faults_of(refusal: Sequence[Finding]) -> list[Fault]:
    return [Fault(finding.message, "file") for finding in refusal]


def _upload(visit: Visit, request: Request, chosen: Choice) -> Upload:
    """What was sent. Raises Faults naming everything that is missing."""
    entries = visit.entries
    sent = entries.file("file")
    faults = []
    if sent is None:
        faults.append(Fault("Choose the file to send", "file"))
    if entries.text("declaration") != "true":
        faults.append(Fault("Make the declaration, or do not send the return", "declaration"))
    on_behalf = visit.actor.is_on_behalf(Permission.RETURN_UPLOAD, chosen.organisation)
    officer = entries.text("declaring_officer")
    if on_behalf and not 0 < len(officer) <= 120:
        faults.append(Fault("Name the officer of the trust who makes the declaration", "declaring_officer"))
    if faults or sent is None:
        raise Faults(*faults)
    return Upload(
        organisation=chosen.organisation,
        period=chosen.period,
        data=sent.file.read(),
        filename=sent.filename or "",
        received_at=request.state.received_at,
        declaring_officer=officer if on_behalf else None,
        check_only=True,
    )


def _choose(visit: Visit, db: Session, organisation: str) -> Response:
    """The months that take returns, newest first, each with where it stands; the organisation where there are several."""
    choices = organisations_of(db, visit)
    if organisation:
        visible_organisation(db, visit.actor, Permission.RETURN_UPLOAD, organisation)
    only = choices[0][0] if len(choices) == 1 else organisation
    months = periods.open_periods(clock.today())[::-1]
    states = {}
    if only:
        states = {cell.period: state_word(cell.state) for cell in submissions.standings(db, frozenset({only}), months)}
    return page(
        visit, "returns/choose_month.html", organisations=choices, only=only,
        months=[(str(month), month.label, states.get(month)) for month in months],
    )  # fmt: skip
