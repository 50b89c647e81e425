"""What leaves the service: the register of data sharing, as a page and as CSV, and the list of extracts."""

from typing import Annotated

from fastapi import Response

from app.accounts.permissions import Permission
from app.core import clock
from app.core.spreadsheet.csv_writing import csv_table
from app.data_sharing import extracts, service
from app.http.deps import Reading
from app.http.downloads import CSV, download
from app.web.numbered import PageNumber, links
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit

data_sharing = pages()
Reader = Annotated[Visit, May(Permission.SHARING_READ)]
HEADINGS = (
    "Flow", "Recipient", "Purpose", "Legal basis", "Where that is said", "Fields", "Owner", "Review by", "Review overdue",
    "Last left on", "What left",
)  # fmt: skip


@data_sharing.get("/data-sharing")
def get_register(visit: Reader, db: Reading) -> Response:
    entries = service.register(db, visit.actor, clock.today())
    return page(
        visit, "data_sharing/register.html", flows=entries, nations=service.nations_of(db, visit.actor),
        overdue=[entry for entry in entries if entry.overdue],
    )  # fmt: skip


@data_sharing.get("/data-sharing.csv")
def get_register_csv(visit: Reader, db: Reading) -> Response:
    today = clock.today()
    rows = [
        (
            one.outgoing.name, one.outgoing.recipient, one.outgoing.purpose, one.terms.legal_basis, one.terms.source,
            "; ".join(one.outgoing.fields), one.terms.owner, one.terms.review_on, "yes" if one.overdue else "no",
            clock.uk_date(one.last.at) if one.last else None, one.words,
        )
        for one in service.register(db, visit.actor, today)
    ]  # fmt: skip
    return download(csv_table(HEADINGS, rows), f"data-sharing-{today}.csv", CSV)


@data_sharing.get("/extracts")
def get_extracts(visit: Reader, db: Reading, number: PageNumber = 1) -> Response:
    found = extracts.listed(db, visit.actor, number)
    return page(
        visit, "data_sharing/extracts.html", extracts=found.items, total=found.total,
        pagination=links(found, "/extracts"), sees_all=visit.actor.scope(Permission.SHARING_READ) is None,
        may_export=visit.may(Permission.REGISTER_EXPORT),
    )  # fmt: skip
