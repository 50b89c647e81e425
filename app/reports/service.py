"""Reading a report: which organisations it speaks of for this reader, and what of it this reader is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import NotFound, Refused
from app.organisations import service as organisations
from app.organisations.models import Organisation
from app.periods.calendar import Period
from app.reports.catalogue import BY_SLUG
from app.reports.report import SPANS, SPANS_PROTECTED, Asked, Body, Reader, Report
from app.reports.rules.suppression import protected_together, without_people
from app.reports.table import Table


@dataclass(frozen=True)
class Read:
    """A report as one reader sees it. `is_exact`: nothing was hidden or rounded. `without_people`: what it says about people
    was left out, because it was asked of a part of the organisations.
    """

    report: Report
    asked: Asked
    tables: tuple[Table, ...]
    is_exact: bool
    without_people: bool = False


def read(db: Session, actor: Actor, slug: str, asked: Asked) -> Read:
    """Raises NotFound (404) for a report that does not exist, Refused (422) for months that it cannot look back on."""
    return _read(db, _known(slug), reader_for(db, actor, asked), asked)


def read_protected(db: Session, actor: Actor, slug: str, asked: Asked) -> Read:
    """The same as somebody sees it who may not see small numbers, for what is passed on. Raises as `read`."""
    return _read(db, _known(slug), replace(reader_for(db, actor, asked), is_exact=False, names_senders=False), asked)


def _known(slug: str) -> Report:
    if (report := BY_SLUG.get(slug)) is None:
        raise NotFound
    return report


def _read(db: Session, report: Report, reader: Reader, asked: Asked) -> Read:
    """Of a part of the organisations, protected readers are told nothing about people: two parts could be subtracted."""
    if reader.is_exact:
        return Read(report, asked, tuple(report.build(db, reader, asked)), is_exact=True)
    is_part = bool(asked.nation or asked.region)
    if is_part and not report.tells_of_nobody:
        raise Refused("This report tells about people of all nations and regions together. Choose All for both.")
    built = report.build(db, reader, asked)
    tables = without_people(built) if is_part else protected_together(built)
    return Read(report, asked, tuple(tables), is_exact=False, without_people=is_part)


def asked_for(actor: Actor, last: str = "", months: int = 12, nation: str = "", region: str = "") -> Asked:
    """The question as a page or a program puts it. `last` is the last month, by default the one that ended last."""
    spans = spans_for(actor)
    if months not in spans:
        raise Refused(f"Choose how many months to look back: {', '.join(map(str, spans))}.", field="months")
    newest = last_month_for(actor)
    month = Period.parse(last) if last else Period.containing(clock.today()).previous()
    if month > newest:
        raise Refused(
            f"There are no figures for {month.label} yet. Choose a month up to {newest.label}.", field="period"
        )
    return Asked(month.plus(1 - months), month, nation, region)


def asked_protected(month: Period) -> Asked:
    """A year up to a month, for what is passed on. Raises Refused (422) for a month that has not ended."""
    if month >= Period.containing(clock.today()):
        raise Refused(f"{month.label} has not ended. Choose an earlier month.", field="period")
    return Asked(month.plus(1 - SPANS_PROTECTED[-1]), month)


def last_month_for(actor: Actor) -> Period:
    """The newest month that this person may ask for: of a month that still goes on, two days could be subtracted."""
    now = Period.containing(clock.today())
    return now if is_exact(actor) else now.previous()


def spans_for(actor: Actor) -> tuple[int, ...]:
    return SPANS if is_exact(actor) else SPANS_PROTECTED


def is_exact(actor: Actor) -> bool:
    """Whether this person may be shown small numbers of every organisation that the reports speak of."""
    exact, all_ = actor.scope(Permission.REPORT_READ_EXACT), actor.scope(Permission.REPORT_READ)
    return exact is None or (all_ is not None and all_ <= exact)


def reader_for(db: Session, actor: Actor, asked: Asked) -> Reader:
    scope = actor.scope(Permission.REPORT_READ)
    everyone = organisations.everyone(db, scope)
    _check_places(asked, everyone)
    found = [
        Body(one.code, one.name, one.nation, one.region)
        for one in everyone
        if asked.nation in ("", one.nation) and asked.region in ("", one.region)
    ]
    is_everybody = scope is None and not asked.nation and not asked.region
    named = actor.scope(Permission.SUBMISSION_READ)  # a board that is also a trust reads no other trust by name
    names_senders = named is None or {one.code for one in found} <= named
    return Reader(tuple(found), is_exact(actor), clock.today(), is_everybody, names_senders)


def _check_places(asked: Asked, everyone: Sequence[Organisation]) -> None:
    """Raises Refused (422) for a nation or region that there is not: an empty report would read as if nothing were owed."""
    for name, text, known in (
        ("nation", asked.nation, {one.nation for one in everyone}),
        ("region", asked.region, {one.region for one in everyone}),
    ):
        if text and text not in known:
            there_is = ", ".join(sorted(known)) or "none"
            raise Refused(f"There is no {name} “{text[:40]}” here. Choose one: {there_is}.", field=name)
