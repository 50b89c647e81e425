"""Debts: the list of a trust, the register of the Debtors Team, one debt with its history, and the download of a list."""

from typing import Annotated, Any

from fastapi import Response

from app.accounts import service as accounts
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.core import clock
from app.core.db import Session
from app.debts import debtors, imports, pushing, queries, searches, warnings_index
from app.debts.filters import DebtFilter
from app.debts.models import Debt
from app.disputes.reading import of_debt
from app.http.deps import Id, Reading, Store, Writing
from app.http.downloads import CSV, XLSX, download_once
from app.organisations import service as organisations
from app.releases import live
from app.releases.live import Output
from app.return_template.choices import Status
from app.returns.histories import history_of, holds_of
from app.returns.queries import get_return
from app.web import debt_changes
from app.web.debt_filters import HELD, SORTS, STATUSES, Asked, AskedFor
from app.web.debt_lines import lines_of, marks_of, particulars_of, withdrawn_because
from app.web.entries import Fault, Faults, chosen, gathered, needed
from app.web.numbered import links
from app.web.page_route import pages, to
from app.web.render import page
from app.web.visit import May, Visit

debts = pages()
Reader = Annotated[Visit, May(Permission.DEBT_READ)]
Exporter = Annotated[Visit, May(Permission.REGISTER_EXPORT)]
OUTPUTS = [(Output.XLSX.value, "Workbook"), (Output.CSV.value, "CSV")]
_KINDS = {Output.XLSX: XLSX, Output.CSV: CSV}


@debts.get("/debts")
def get_debts(visit: Reader, db: Reading, asked: AskedFor) -> Response:
    """A filter that cannot be taken is told beside its field; then no list is shown, because none was asked for."""
    typed = _typed(db, visit.actor, asked)
    visit.entries = asked.entries(q=visit.entries.text("q", typed))
    is_register = visit.may(Permission.REGISTER_EXPORT)
    found: dict[str, Any] = {}
    try:
        found = _listed(db, visit.actor, asked, _wanted(db, visit.actor, asked, typed))
    except Faults as error:
        visit.faults = error.faults
    return page(
        visit, "debts/list.html", 200 if found else 422, asked=asked, is_register=is_register, statuses=STATUSES,
        sorts=SORTS, held=HELD, organisations=_organisations(db) if is_register else (),
        regions=[("", "Every region"), *((name, name) for name in organisations.regions(db))] if is_register else (),
        **found,
    )  # fmt: skip


@debts.post("/debts")
def post_search(visit: Reader, db: Writing, asked: AskedFor) -> Response:
    q = visit.entries.text("q")
    if len(q) > searches.LONGEST:
        raise Faults(Fault(f"Shorten the search to {searches.LONGEST} characters or fewer", "q"))
    return to(asked.address(search=searches.keep(db, visit.actor, q) if q else ""))


@debts.get("/debts/download")
def get_download(visit: Exporter, db: Reading, asked: AskedFor) -> Response:
    wanted = _wanted(db, visit.actor, asked, _typed(db, visit.actor, asked))
    totals = queries.totals(db, visit.actor, wanted)
    return page(visit, "debts/download.html", asked=asked, totals=totals, told=asked.told(), outputs=OUTPUTS)


@debts.post("/debts/download")
def post_download(visit: Exporter, store: Store, asked: AskedFor) -> Response:
    output, purpose, recipient = gathered(
        lambda: chosen(visit.entries, "output", (value for value, _ in OUTPUTS), "Choose a workbook or CSV"),
        lambda: needed(visit.entries, "purpose", "Say what the download is for, for example Monthly load", 200),
        lambda: needed(visit.entries, "recipient", "Say who it is for, for example MIDAS", 200),
    )
    with store.reading() as db:
        wanted = _wanted(db, visit.actor, asked, _typed(db, visit.actor, asked))
    path = live.write(store, visit.actor, wanted, Output(output), purpose, recipient, asked.told())
    return download_once(path, f"consolidated-{clock.today()}.{output}", _KINDS[Output(output)])


@debts.get("/debts/{debt_id}")
def get_debt(debt_id: Id, visit: Reader, db: Reading) -> Response:
    actor = visit.actor
    debt = queries.get_debt(db, actor, debt_id)
    on_behalf = actor.is_on_behalf(Permission.DEBT_READ, debt.organisation_code)
    today = clock.today()
    return page(
        visit, "debts/debt.html", debt=debt, age=(today - debt.invoice_date).days, marks=marks_of(debt, today),
        organisation=organisations.names(db, [debt.organisation_code])[debt.organisation_code],
        particulars=particulars_of(debt, on_behalf=on_behalf), source=_source(db, actor, debt),
        imported=imports.loading_of(db, debt),
        status_label=Status(debt.status).label, withdrawn_because=withdrawn_because(debt),
        history=reversed(history_of(db, debt)),
        may_change=visit.may(Permission.DEBT_CHANGE_STATUS) and bool(debt_changes.offered(db, actor, debt)),
        may_amend=actor.sees(Permission.DEBT_AMEND, debt.organisation_code),
        may_hold=visit.may(Permission.DEBT_HOLD), holds=holds_of(db, debt),
        flag_event=warnings_index.last_event_of(db, debt.id), is_pushed=pushing.recipient() is not None,
        disputes=of_debt(db, actor, debt), may_dispute=visit.may(Permission.DISPUTE_OPEN),
        may_tell_all=actor.sees(Permission.ACCESS_REQUEST_ANSWER_OWN, debt.organisation_code),
        debtor_id=debtors.known_as(db, actor, [debt]).get(debt.id),
    )  # fmt: skip


def _typed(db: Session, actor: Actor, asked: Asked) -> str:
    return searches.words(db, actor, asked.search) if asked.search else ""


def _wanted(db: Session, actor: Actor, asked: Asked, typed: str) -> DebtFilter:
    wanted = asked.wanted(typed)
    if wanted.organisation is not None:
        visible_organisation(db, actor, Permission.DEBT_READ, wanted.organisation)
    return wanted


def _listed(db: Session, actor: Actor, asked: Asked, wanted: DebtFilter) -> dict[str, Any]:
    listing = queries.listing(db, actor, wanted, asked.sort, asked.number)
    found = listing.page
    names = organisations.names(db, {debt.organisation_code for debt in found.items})
    first = (found.number - 1) * found.size + 1
    return {
        "totals": listing.totals,
        "count": found.total,
        "lines": lines_of(found.items, names),
        "has_several": actor.scope(Permission.DEBT_READ) is None or len(actor.scope(Permission.DEBT_READ) or ()) > 1,
        "first": first,
        "last": first + len(found.items) - 1,
        "pagination": links(found, "/debts", **asked.kept()),
        "told": asked.told(),
    }


def _organisations(db: Session) -> list[tuple[str, str]]:
    named = sorted(organisations.names(db).items(), key=lambda pair: pair[1].casefold())
    return [("", "Every organisation"), *((code, f"{name} ({code})") for code, name in named)]


def _source(db: Session, actor: Actor, debt: Debt) -> dict[str, Any] | None:
    """The newest return that said something new of the debt: its reference, and who sent it when."""
    if debt.return_id is None:
        return None
    found = get_return(db, actor, debt.return_id)
    sender = accounts.names(db, [found.submitted_by]).get(found.submitted_by or "", "somebody whose account is gone")
    return {"return": found, "row": debt.return_row, "by": sender, "officer": found.declaring_officer}
