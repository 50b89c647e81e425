"""Reading a report: which organisations it speaks of for this reader, and what of it this reader is shown."""

from dataclasses import dataclass

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import NotFound, Refused
from app.organisations import service as organisations
from app.periods.calendar import Period
from app.reports.catalogue import BY_SLUG
from app.reports.report import SPANS, SPANS_PROTECTED, Asked, Body, Reader, Report
from app.reports.rules.suppression import protected_together
from app.reports.table import Table


@dataclass(frozen=True)
class Read:
    """A report as one reader sees it. `is_exact`: nothing was hidden or rounded."""

    report: Report
    asked: Asked
    tables: tuple[Table, ...]
    is_exact: bool


def read(db: Session, actor: Actor, slug: str, asked: Asked) -> Read:
    """Raises NotFound (404) for a report that does not exist, Refused (422) for months that it cannot look back on."""
    report = BY_SLUG.get(slug)
    if report is None:
        raise NotFound
    reader = reader_for(db, actor, asked)
    tables = report.build(db, reader, asked)
    return Read(report, asked, tuple(tables if reader.is_exact else protected_together(tables)), reader.is_exact)


def asked_for(actor: Actor, last: str = "", months: int = 12, nation: str = "", region: str = "") -> Asked:
    """The question as a page or a program puts it. `last` is the last month, by default the one that ended last."""
    spans = spans_for(actor)
    if months not in spans:
        raise Refused(f"Choose how many months to look back: {', '.join(map(str, spans))}.", field="months")
    month = Period.parse(last) if last else Period.containing(clock.today()).previous()
    if month > Period.containing(clock.today()):
        raise Refused(f"{month.label} has not begun. Choose a month up to now.", field="period")
    return Asked(month.plus(1 - months), month, nation, region)


def spans_for(actor: Actor) -> tuple[int, ...]:
    return SPANS if is_exact(actor) else SPANS_PROTECTED


def is_exact(actor: Actor) -> bool:
    """Whether this person may be shown small numbers of every organisation that the reports speak of."""
    exact, all_ = actor.scope(Permission.REPORT_READ_EXACT), actor.scope(Permission.REPORT_READ)
    return exact is None or (all_ is not None and all_ <= exact)


def reader_for(db: Session, actor: Actor, asked: Asked) -> Reader:
    scope = actor.scope(Permission.REPORT_READ)
    found = [
        Body(one.code, one.name, one.nation, one.region)
        for one in organisations.everyone(db, scope)
        if asked.nation in ("", one.nation) and asked.region in ("", one.region)
    ]
    is_everybody = scope is None and not asked.nation and not asked.region
    return Reader(tuple(found), is_exact(actor), clock.today(), is_everybody)
