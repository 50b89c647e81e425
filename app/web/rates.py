"""Rates over any span by organisation, region, nation or LPM: the figures with what each counts, the trend, and as CSV."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Response

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.db import Session
from app.core.spreadsheet.csv_writing import Value, csv_table
from app.http.deps import Reading
from app.http.downloads import CSV, download
from app.periods.calendar import Period
from app.reports.table import Chart, Column, Row, Shape, Table, Unit
from app.submissions import rates as figures
from app.submissions.rates import DEFINITIONS, NAMING, By, Definition, Month, Rate
from app.web.charts import Bars, Lines, picture
from app.web.page_route import pages
from app.web.render import page
from app.web.visit import May, Visit

rates = pages()
Reader = Annotated[Visit, May(Permission.SUBMISSION_READ_RATES)]
From = Annotated[str, Query(alias="from", max_length=20)]
Named = Annotated[str, Query(max_length=20)]
MONTHS, MONTHS_BACK = 12, 60
BY = {By.ORGANISATION: "Organisation", By.REGION: "Region", By.NATION: "Nation", By.LPM: "Local Partnership Manager"}
SHARES = frozenset({"rate", "on_time_rate", "first_time_right"})
SHOWN = ("owed", "received", "rate", "on_time", "on_time_rate", "first_time_right", "days_to_mend", "still_open")
TREND = ("owed", "received", "rate", "on_time_rate", "first_time_right")


@rates.get("/submissions/rates")
def get_rates(visit: Reader, db: Reading, from_: From = "", to: Named = "", by: Named = "") -> Response:
    first, last = _span(from_, to)
    chosen = _by(visit.actor, by)
    months = _counted(db, visit.actor, first, last, chosen)
    everything, trend = figures.altogether(months), figures.by_month(months)
    readable = figures.readable(visit.actor)
    shown, in_trend = _among(SHOWN, readable), _among(TREND, readable)
    return page(
        visit, "submissions/rates.html", first=first, last=last, by=chosen.value, by_name=BY[chosen],
        choices=[(one.value, name) for one, name in BY.items() if visit.may(Permission.SUBMISSION_READ) or one not in NAMING],
        months=_months(first, last), owed=everything.owed,
        defined=[(one.name, _told(everything, one.key), one.words) for one in readable],
        groups=_table(figures.added_up(months, chosen), shown), shown=_names(shown),
        trend=_table(trend, in_trend), trend_shown=_names(in_trend), picture=_picture(trend, in_trend),
        reads_submissions=visit.may(Permission.SUBMISSION_READ),
    )  # fmt: skip


@rates.get("/submissions/rates.csv")
def get_rates_csv(visit: Reader, db: Reading, from_: From = "", to: Named = "", by: Named = "") -> Response:
    first, last = _span(from_, to)
    chosen = _by(visit.actor, by)
    found = figures.added_up(_counted(db, visit.actor, first, last, chosen), chosen)
    readable = figures.readable(visit.actor)
    rows: list[list[Value]] = [[one.key, one.name, *(getattr(one, each.key) for each in readable)] for one in found]
    headings = [f"{BY[chosen]}, key", BY[chosen], *(one.name for one in readable)]
    return download(csv_table(headings, rows), f"rates-{first}-to-{last}-by-{chosen}.csv", CSV)


def _counted(db: Session, actor: Actor, first: Period, last: Period, by: By) -> list[Month]:
    return figures.counted(db, figures.reach(actor, by), first, last)


def _span(first: str, last: str) -> tuple[Period, Period]:
    """Without months in the address: a year up to the month that ended last."""
    to = Period.parse(last) if last else Period.containing(clock.today()).previous()
    return Period.parse(first) if first else to.plus(1 - MONTHS), to


def _by(actor: Actor, text: str) -> By:
    """Whoever sees few organisations reads them one by one at first, whoever sees all of them by region."""
    sees_all = actor.scope(Permission.SUBMISSION_READ_RATES) is None
    return figures.known_by(text) if text else By.REGION if sees_all else By.ORGANISATION


def _months(first: Period, last: Period) -> list[tuple[str, str]]:
    now = Period.containing(clock.today())
    there = {*Period.span(now.plus(-MONTHS_BACK), now), first, last}
    return [(str(one), one.label) for one in sorted(there, reverse=True)]


def _names(keys: Sequence[str]) -> list[str]:
    return [one.name for key in keys for one in DEFINITIONS if one.key == key]


def _table(found: Sequence[Rate], keys: Sequence[str]) -> list[tuple[Rate, list[str]]]:
    return [(one, [_told(one, key) for key in keys]) for one in found]


def _among(keys: Sequence[str], readable: Sequence[Definition]) -> list[str]:
    there = {one.key for one in readable}
    return [key for key in keys if key in there]


def _picture(trend: Sequence[Rate], keys: Sequence[str]) -> Lines | Bars | None:
    """The shares as lines; none for a single month."""
    columns = tuple(
        Column(one.key, one.name, Unit.SHARE) for one in DEFINITIONS if one.key in SHARES.intersection(keys)
    )
    rows = tuple(Row(one.name, {key: getattr(one, key) for key in SHARES}) for one in trend)
    drawn = Chart(Shape.LINES, tuple(one.key for one in columns), "Shares month by month")
    return picture(Table("trend", "Month by month", "Month", columns, rows, chart=drawn)) if len(rows) > 1 else None


def _told(rate: Rate, key: str) -> str:
    """A figure as people read it; a dash where there is nothing to say."""
    value = getattr(rate, key)
    if value is None or (key in SHARES and not rate.owed):
        return "–"
    if key in SHARES:
        return f"{value * 100:.0f}%"
    return f"{value:,.1f}".removesuffix(".0") if isinstance(value, float) else f"{value:,}"
