"""Files that go out: the template, a return's rejected rows and its original. Each download leaves an audit event."""

from typing import Annotated

from fastapi import Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.api.deps import Code, Id, May, PeriodText, Reading, Store, router
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import Database, Session
from app.core.errors import NotFound
from app.http.downloads import BYTES, CSV, XLSX, download
from app.periods.calendar import Period
from app.policy import countries
from app.returns import prefill, queries, rejection_workbook
from app.returns.models import Return

files = router("files")
Owner = Annotated[Actor, May(Permission.RETURN_READ_REJECTED)]


@files.get(
    "/template", summary="The return workbook, prefilled with the organisation's open debts", response_class=Response
)
def get_template(
    organisation: Code,
    period: PeriodText,
    actor: Annotated[Actor, May(Permission.TEMPLATE_DOWNLOAD)],
    db: Reading,
    store: Store,
) -> Response:
    visible_organisation(db, actor, Permission.TEMPLATE_DOWNLOAD, organisation)
    month = Period.parse(period)
    content = prefill.template(db, organisation, month)
    _recorded(store, actor, AuditAction.TEMPLATE_DOWNLOADED, "organisation", organisation, organisation, str(month))
    return download(content, f"debtor-return-{organisation}-{month}.xlsx", XLSX)


@files.get("/returns/{return_id}/rejections.xlsx", summary="The rejected rows to mend", response_class=Response)
def get_rejections_xlsx(return_id: Id, actor: Owner, db: Reading, store: Store) -> Response:
    return_ = _own_return(db, actor, return_id)
    content = rejection_workbook.workbook(
        queries.rejection_stamp(db, return_),
        queries.rejected_rows(db, return_),
        on=clock.today(),
        countries=countries.drop_down(),
    )
    _return_recorded(store, actor, AuditAction.REJECTIONS_DOWNLOADED, return_)
    return download(content, f"{_name(return_)}-to-fix.xlsx", XLSX)


@files.get("/returns/{return_id}/rejections.csv", summary="The rejected rows as CSV", response_class=Response)
def get_rejections_csv(return_id: Id, actor: Owner, db: Reading, store: Store) -> Response:
    return_ = _own_return(db, actor, return_id)
    content = rejection_workbook.csv_file(queries.rejected_rows(db, return_), on=clock.today())
    _return_recorded(store, actor, AuditAction.REJECTIONS_DOWNLOADED, return_)
    return download(content, f"{_name(return_)}-to-fix.csv", CSV)


@files.get("/returns/{return_id}/original", summary="The file as it was uploaded", response_class=Response)
def get_original(return_id: Id, actor: Owner, db: Reading, store: Store) -> Response:
    """Not kept for a nil return, and not when the file held an unknown column or clinical words."""
    return_ = _own_return(db, actor, return_id)
    content = queries.original(db, return_)
    if content is None:
        raise NotFound
    _return_recorded(store, actor, AuditAction.ORIGINAL_DOWNLOADED, return_)
    return download(content, return_.filename or _name(return_), BYTES)


def _own_return(db: Session, actor: Actor, return_id: str) -> Return:
    """The return, if its rejected rows are this person's to see: of somebody with two roles, only by the trust's."""
    return_ = queries.get_return(db, actor, return_id)
    if not actor.sees(Permission.RETURN_READ_REJECTED, return_.organisation_code):
        raise NotFound
    return return_


def _return_recorded(store: Database, actor: Actor, action: AuditAction, return_: Return) -> None:
    _recorded(store, actor, action, "return", return_.id, return_.organisation_code, return_.period)


def _recorded(
    store: Database, actor: Actor, action: AuditAction, kind: str, id_: str, organisation: str, period: str
) -> None:
    """In a session of its own: reading must not wait for anybody who writes."""
    with store.writing() as db:
        record(db, actor, action, kind, id_, organisation, period=period)


def _name(return_: Return) -> str:
    return return_.reference or f"check-{return_.organisation_code}-{return_.period}"
