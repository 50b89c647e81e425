"""Reports for both faces: read as this person may see them, and taken out as a file, which is audited."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query, Response

from app.accounts.access import Actor
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import Database, Session
from app.http.downloads import CSV, XLSX, download
from app.reports import files, service
from app.reports.service import Read

Named = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True)
class Question:
    """What the address asks for: the last month (by default the one that ended last), how many months, and whose."""

    period: Named = ""
    months: Annotated[int, Query(ge=1, le=24)] = 12
    nation: Named = ""
    region: Named = ""


def read(db: Session, actor: Actor, slug: str, question: Question) -> Read:
    """Raises NotFound (404) for a report that does not exist, Refused (422) for months that it cannot look back on."""
    asked = service.asked_for(actor, question.period, question.months, question.nation, question.region)
    return service.read(db, actor, slug, asked)


def as_csv(store: Database, actor: Actor, slug: str, question: Question) -> Response:
    return _file(store, actor, slug, question, "csv", CSV, lambda found: files.as_csv(found, clock.today()))


def as_workbook(store: Database, actor: Actor, slug: str, question: Question) -> Response:
    return _file(store, actor, slug, question, "xlsx", XLSX, lambda found: files.as_workbook(found, clock.today()))


def _file(
    store: Database, actor: Actor, slug: str, question: Question, ending: str, kind: str, write: Callable[[Read], bytes]
) -> Response:
    with store.reading() as db:
        found = read(db, actor, slug, question)
    content = write(found)
    with store.writing() as db:
        record(
            db, actor, AuditAction.REPORT_EXPORTED, "report", slug,
            first=str(found.asked.first), last=str(found.asked.last), output=ending, exact=found.is_exact,
        )  # fmt: skip
    place = found.asked.region or found.asked.nation
    named = "-".join(filter(None, [slug, str(found.asked.last), place.replace(" ", "-").lower()]))
    return download(content, f"{named}.{ending}", kind)
