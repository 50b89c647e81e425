"""The audit as both faces show it to an auditor: the chain's state, events with who did them, and a file of them."""

import csv
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import mkstemp
from typing import Annotated, Any

from fastapi import Query, Response

from app.accounts import service as accounts
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit import reading, sealing
from app.audit.models import AuditAction, AuditEvent
from app.audit.reading import Wanted
from app.audit.sealing import Head
from app.audit.service import record
from app.core import clock, scratch
from app.core.db import Database, Session
from app.core.errors import Forbidden
from app.core.paging import Page
from app.core.spreadsheet.guard import guard
from app.http.downloads import CSV, download_once

Text = Annotated[str, Query(max_length=40)]
HEADINGS = ("Event", "At (UTC)", "Who", "Name", "Action", "Outcome", "Organisation", "About", "Id", "Detail", "Sealed")


@dataclass(frozen=True)
class Question:
    """What the address asks for. Who is asked for by id: an address carries nobody's name."""

    who: Text = ""
    action: Text = ""
    subject: Text = ""
    subject_id: Text = ""
    organisation: Text = ""
    outcome: Text = ""
    first: Annotated[date | None, Query(alias="from", description="The first UK day.")] = None
    last: Annotated[date | None, Query(alias="to", description="The last UK day.")] = None

    @property
    def wanted(self) -> Wanted:
        return Wanted(**vars(self))

    @property
    def asked(self) -> dict[str, str]:
        """As an address says it."""
        names = {"first": "from", "last": "to"}
        return {names.get(name, name): str(value) for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Told:
    """One event, with the name of who did it and whether it stands in the chain yet."""

    event: AuditEvent
    by: str
    sealed: bool


def head(db: Session, actor: Actor) -> Head:
    _may(actor)
    return sealing.head(db)


def listed(db: Session, actor: Actor, question: Question, limit: int, cursor: str | None) -> Page[Told]:
    """Raises Forbidden (403) or Refused (422)."""
    _may(actor)
    found = reading.page(db, question.wanted, limit, cursor)
    names = accounts.names(db, {event.actor for event in found.items})
    through = sealing.head(db).last_id
    return Page([_told(event, names, through) for event in found.items], found.next)


def as_csv(store: Database, actor: Actor, question: Question) -> Response:
    """Writes the file in constant memory from one view of the database, then records that it was taken out."""
    _may(actor)
    handle, name = mkstemp(suffix=".csv", dir=scratch.home())
    os.close(handle)
    path = Path(name)
    try:
        with store.reading() as db:
            number = _write(path, _every(db, question))
        with store.writing() as db:
            record(db, actor, AuditAction.AUDIT_EXPORTED, "audit", "csv", events=number, **_detail(question))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return download_once(path, f"audit-{clock.today()}.csv", CSV)


def find_person(db: Session, actor: Actor, who: str) -> str | None:
    """The id of the person with this e-mail address; an id, or a name such as `worker`, stands for itself."""
    _may(actor)
    if "@" not in who:
        return who
    user = accounts.user_by_email(db, who)
    return user.id if user is not None else None


def deed(action: str) -> str:
    """`debt:change-status` as people read it: Debt: change status."""
    return action.replace(":", ": ").replace("-", " ").capitalize()


def in_words(event: AuditEvent) -> str:
    """What else the event says: “rows: 3; codes: R02, R05”."""
    return "; ".join(f"{name.replace('_', ' ')}: {_shown(value)}" for name, value in event.detail.items())


def _may(actor: Actor) -> None:
    if not actor.may(Permission.AUDIT_READ):
        raise Forbidden


def _told(event: AuditEvent, names: dict[str, str], through: int) -> Told:
    return Told(event, names.get(event.actor, event.actor), (event.id or 0) <= through)


def _every(db: Session, question: Question) -> Iterator[Told]:
    through = sealing.head(db).last_id
    names: dict[str, str] = {}
    for event in reading.every(db, question.wanted):
        if event.actor not in names:
            names[event.actor] = accounts.names(db, [event.actor]).get(event.actor, event.actor)
        yield _told(event, names, through)


def _write(path: Path, events: Iterator[Told]) -> int:
    number = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        lines = csv.writer(file, lineterminator="\r\n")
        lines.writerow(HEADINGS)
        for number, told in enumerate(events, 1):  # noqa: B007 - the last number is how many there were
            event = told.event
            cells = (
                event.actor, told.by, event.action, event.outcome, event.organisation_code or "", event.subject_type,
                event.subject_id, in_words(event),
            )  # fmt: skip
            at = event.at.isoformat(timespec="milliseconds")
            lines.writerow([event.id, at, *map(guard, cells), "yes" if told.sealed else "no"])
    return number


def _detail(question: Question) -> dict[str, str]:
    return {f"asked_{name}": text for name, text in question.asked.items()}


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {each}" for name, each in value.items())
    return str(value)
