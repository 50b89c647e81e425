"""The board pack: one page of a month to read and to print. Its figures are protected for whoever opens it."""

from typing import Annotated

from fastapi import Query, Response

from app.accounts.permissions import Permission
from app.core import clock
from app.http.deps import Reading
from app.periods.calendar import Period
from app.reports import board_pack as packs
from app.reports.files import PROTECTION
from app.web.charts import picture
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit

board_pack = pages()
Reader = Annotated[Visit, May(Permission.REPORT_READ)]
MONTHS_BACK = 24


@board_pack.get("/reports/board-pack")
def get_board_pack(visit: Reader, db: Reading, period: Annotated[str, Query(max_length=20)] = "") -> Response:
    newest = Period.containing(clock.today()).previous()
    pack = packs.pack(db, visit.actor, Period.parse(period) if period else newest)
    months = sorted({*Period.span(newest.plus(1 - MONTHS_BACK), newest), pack.asked.last}, reverse=True)
    return page(
        visit,
        "reports/board_pack.html",
        pack=pack,
        month=pack.asked.last,
        made_on=clock.today(),
        sections=[(one, picture(one.charted)) for one in pack.sections],
        periods=[(str(one), one.label) for one in months],
        protection=PROTECTION,
    )
