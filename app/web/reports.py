"""Reports: the list, and each with its chart, its tables, its definitions and its files. Small numbers as the reader may see."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Path, Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import Session
from app.http import reports as shared
from app.http.deps import Reading, Store
from app.http.reports import Question
from app.organisations import service as organisations
from app.organisations.nations import in_order
from app.periods.calendar import Period
from app.reports import files, service
from app.reports.catalogue import REPORTS
from app.web.charts import picture
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit

reports = pages()
Reader = Annotated[Visit, May(Permission.REPORT_READ)]
Slug = Annotated[str, Path(max_length=40)]
Asked = Annotated[Question, Depends()]
MONTHS_BACK = 24


@reports.get("/reports")
def get_reports(visit: Reader) -> Response:
    sees_all = visit.actor.scope(Permission.REPORT_READ) is None
    return page(visit, "reports/reports.html", reports=REPORTS, sees_all=sees_all)


@reports.get("/reports/{slug}.csv")
def get_csv(slug: Slug, visit: Reader, store: Store, question: Asked) -> Response:
    return shared.as_csv(store, visit.actor, slug, question)


@reports.get("/reports/{slug}.xlsx")
def get_workbook(slug: Slug, visit: Reader, store: Store, question: Asked) -> Response:
    return shared.as_workbook(store, visit.actor, slug, question)


@reports.get("/reports/{slug}")
def get_report(slug: Slug, visit: Reader, db: Reading, question: Asked) -> Response:
    read = shared.read(db, visit.actor, slug, question)
    about = files.about(read, clock.today())
    asked = {"period": str(read.asked.last), "months": str(question.months)}
    asked |= {"nation": question.nation, "region": question.region}
    return page(
        visit,
        "reports/report.html",
        read=read,
        asked=asked,
        about=about,
        facts=dict(about),
        tables=[(table, picture(table)) for table in read.tables],
        query=urlencode({key: text for key, text in asked.items() if text}),
        by_place=service.is_exact(visit.actor) or read.report.tells_of_nobody,
        **_choices(db, visit.actor, read.asked.last),
    )


def _choices(db: Session, actor: Actor, chosen: Period) -> dict[str, Any]:
    """What the filters offer: months, spans, and the nations and regions of the organisations that this person may see."""
    now = service.last_month_for(actor)
    everyone = organisations.everyone(db, actor.scope(Permission.REPORT_READ))
    months = sorted({*Period.span(now.plus(-MONTHS_BACK), now), chosen}, reverse=True)
    return {
        "periods": [(str(one), one.label) for one in months],
        "spans": [(str(number), _months_in_words(number)) for number in service.spans_for(actor)],
        "nations": [("", "All"), *((one, one) for one in in_order(each.nation for each in everyone))],
        "regions": [("", "All"), *((one, one) for one in sorted({each.region for each in everyone}))],
    }


def _months_in_words(number: int) -> str:
    return "That month" if number == 1 else f"{number} months to it"
