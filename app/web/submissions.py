"""Who has submitted and who has not: the grid of many months with its files, the list of one, and one cell in words."""

from typing import Annotated

from fastapi import Depends, Path, Response

from app.accounts.permissions import Permission
from app.core.db import Session
from app.http.deps import Reading
from app.http.downloads import CSV, XLSX, download
from app.periods.calendar import Period
from app.reminders.sent import sent
from app.submissions import grid_files
from app.submissions.month import month
from app.web import submissions_grid as grid
from app.web import submissions_list as one_month
from app.web.page_route import pages
from app.web.reminders import tag
from app.web.render import page
from app.web.submissions_asked import Asked, Named
from app.web.visit import May, Visit

submissions = pages()
Reader = Annotated[Visit, May(Permission.SUBMISSION_READ)]
Wanted = Annotated[Asked, Depends()]


@submissions.get("/submissions")
def get_submissions(visit: Reader, db: Reading, asked: Wanted, period: Named = "") -> Response:
    """With a month the list of that month, else the grid."""
    if period:
        shown = one_month.shown(db, visit, asked, Period.parse(period))
        return page(visit, "submissions/submissions.html", **shown)
    return page(visit, "submissions/grid.html", **grid.shown(db, visit, asked))


@submissions.get("/submissions/grid.csv")
def get_grid_csv(visit: Reader, db: Reading, asked: Wanted) -> Response:
    return _file(db, visit, asked, "csv")


@submissions.get("/submissions/grid.xlsx")
def get_grid_workbook(visit: Reader, db: Reading, asked: Wanted) -> Response:
    return _file(db, visit, asked, "xlsx")


def _file(db: Session, visit: Visit, asked: Asked, ending: str) -> Response:
    make, kind = {"csv": (grid_files.csv_file, CSV), "xlsx": (grid_files.workbook, XLSX)}[ending]
    months, found = grid.found(db, visit.actor, asked)
    return download(make(found, months), f"who-has-submitted-{months[0]}-to-{months[-1]}.{ending}", kind)


@submissions.get("/submissions/{code}/{period}")
def get_month(visit: Reader, db: Reading, code: Annotated[str, Path(max_length=20)], period: str) -> Response:
    found = month(db, visit.actor, code, period)
    reminders = [(one, tag(one.outcome)) for one in sent(db, found.cell.period, [code])]
    return page(visit, "submissions/month.html", reminders=reminders, **one_month.in_words(visit, found))
