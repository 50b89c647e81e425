"""Management information: each report as JSON, CSV and workbook, as the reader may see it."""

from typing import Annotated

from fastapi import Depends, Path, Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.api.deps import May, Reading, Store, router
from app.api.shapes.reports import ReportOut
from app.http import reports as shared
from app.http.reports import Question

reports = router("reports")
Reader = Annotated[Actor, May(Permission.REPORT_READ)]
Slug = Annotated[str, Path(max_length=40, description="The report's name in addresses.", examples=["concentration"])]
Asked = Annotated[Question, Depends()]


@reports.get("/reports/{slug}.csv", summary="A report as CSV", response_class=Response)
def get_report_csv(slug: Slug, actor: Reader, store: Store, question: Asked) -> Response:
    return shared.as_csv(store, actor, slug, question)


@reports.get("/reports/{slug}.xlsx", summary="A report as a workbook", response_class=Response)
def get_report_workbook(slug: Slug, actor: Reader, store: Store, question: Asked) -> Response:
    return shared.as_workbook(store, actor, slug, question)


@reports.get("/reports/{slug}", summary="A report")
def get_report(slug: Slug, actor: Reader, db: Reading, question: Asked) -> ReportOut:
    """Small numbers are hidden or rounded for readers who may not see single people's debts: then `exact` is false."""
    return ReportOut.of(shared.read(db, actor, slug, question))
