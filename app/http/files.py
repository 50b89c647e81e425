"""Files that trusts take out, for pages and API alike: the template, rejected rows to mend, the original. Each is audited."""

from fastapi import Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.accounts.service import visible_organisation
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import Database, Session
from app.core.errors import NotFound
from app.http.downloads import BYTES, CSV, XLSX, download
from app.periods.calendar import Period
from app.policy import countries
from app.returns import parts, prefill, queries, rejection_workbook
from app.returns.models import Return


def template(db: Session, store: Database, actor: Actor, organisation: str, month: Period) -> Response:
    visible_organisation(db, actor, Permission.TEMPLATE_DOWNLOAD, organisation)
    content = prefill.template(db, organisation, month)
    _record(store, actor, AuditAction.TEMPLATE_DOWNLOADED, "organisation", organisation, organisation, str(month))
    return download(content, f"debtor-return-{organisation}-{month}.xlsx", XLSX)


def rejections_workbook(db: Session, store: Database, actor: Actor, return_id: str) -> Response:
    return_ = _with_rejected_rows(db, actor, return_id)
    content = rejection_workbook.workbook(
        queries.rejection_stamp(db, return_),
        queries.rejected_rows(db, return_),
        on=clock.today(),
        countries=countries.drop_down(),
    )
    _record_return(store, actor, AuditAction.REJECTIONS_DOWNLOADED, return_)
    return download(content, f"{_name(return_)}-to-fix.xlsx", XLSX)


def rejections_csv(db: Session, store: Database, actor: Actor, return_id: str) -> Response:
    return_ = _with_rejected_rows(db, actor, return_id)
    content = rejection_workbook.csv_file(queries.rejected_rows(db, return_), on=clock.today())
    _record_return(store, actor, AuditAction.REJECTIONS_DOWNLOADED, return_)
    return download(content, f"{_name(return_)}-to-fix.csv", CSV)


def open_rows_workbook(db: Session, store: Database, actor: Actor, organisation: str) -> Response:
    """Every row still to be mended, of whichever return. Raises NotFound (404)."""
    visible_organisation(db, actor, Permission.RETURN_READ_REJECTED, organisation)
    stamp, rows = queries.open_rows_workbook(db, actor, organisation)
    content = rejection_workbook.workbook(stamp, rows, on=clock.today(), countries=countries.drop_down())
    today = clock.today()
    _record(
        store, actor, AuditAction.REJECTIONS_DOWNLOADED, "organisation", organisation, organisation,
        str(Period.containing(today)),
    )  # fmt: skip
    return download(content, f"rows-to-fix-{organisation}-{today}.xlsx", XLSX)


def original(db: Session, store: Database, actor: Actor, return_id: str) -> Response:
    """Not kept for a nil return, and not when the file held an unknown column or clinical words."""
    return_ = _own_return(db, actor, return_id)
    content = queries.original(db, return_)
    if content is None:
        raise NotFound
    _record_return(store, actor, AuditAction.ORIGINAL_DOWNLOADED, return_)
    return download(content, return_.filename or _name(return_), BYTES)


def _own_return(db: Session, actor: Actor, return_id: str) -> Return:
    """The return, if its rejected rows are this person's to see: of somebody with two roles, only by the trust's."""
    return_ = queries.get_return(db, actor, return_id)
    if not actor.sees(Permission.RETURN_READ_REJECTED, return_.organisation_code):
        raise NotFound
    return return_


def _with_rejected_rows(db: Session, actor: Actor, return_id: str) -> Return:
    """The same while what its rejected rows said is kept. Raises NotFound (404)."""
    return_ = _own_return(db, actor, return_id)
    if return_.rejected and not parts.has(db, return_.id, parts.REJECTED):
        raise NotFound
    return return_


def _record_return(store: Database, actor: Actor, action: AuditAction, return_: Return) -> None:
    _record(store, actor, action, "return", return_.id, return_.organisation_code, return_.period)


def _record(
    store: Database, actor: Actor, action: AuditAction, kind: str, id_: str, organisation: str, period: str
) -> None:
    """In a session of its own: reading must not wait for anybody who writes."""
    with store.writing() as db:
        record(db, actor, action, kind, id_, organisation, period=period)


def _name(return_: Return) -> str:
    return return_.reference or f"check-{return_.organisation_code}-{return_.period}"
