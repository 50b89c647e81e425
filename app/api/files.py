"""Files that go out: the template, a return's rejected rows and its original. Each download leaves an audit event."""

from typing import Annotated

from fastapi import Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import Code, Id, May, PeriodText, Reading, Store, router
from app.http import files as outgoing
from app.periods.calendar import Period

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
    return outgoing.template(db, store, actor, organisation, Period.parse(period))


@files.get("/returns/{return_id}/rejections.xlsx", summary="The rejected rows to mend", response_class=Response)
def get_rejections_xlsx(return_id: Id, actor: Owner, db: Reading, store: Store) -> Response:
    return outgoing.rejections_workbook(db, store, actor, return_id)


@files.get("/returns/{return_id}/rejections.csv", summary="The rejected rows as CSV", response_class=Response)
def get_rejections_csv(return_id: Id, actor: Owner, db: Reading, store: Store) -> Response:
    return outgoing.rejections_csv(db, store, actor, return_id)


@files.get("/returns/{return_id}/original", summary="The file as it was uploaded", response_class=Response)
def get_original(return_id: Id, actor: Owner, db: Reading, store: Store) -> Response:
    """Not kept for a nil return, and not when the file held an unknown column or clinical words."""
    return outgoing.original(db, store, actor, return_id)
