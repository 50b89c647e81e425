"""The live extracts that were taken of the register: when, by whom, for whom, why, of what and how many. Nobody's data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlmodel import Session, col

from app.accounts import service as accounts
from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction, AuditEvent
from app.core.errors import Forbidden
from app.core.money import from_pounds, in_words
from app.core.paging import Numbered, offset_of
from app.organisations import service as organisations
from app.releases.live import Output
from app.reports.rules.suppression import FEWEST

A_PAGE = 50
# How programs name the filters; people's names for them are kept as they are.
_HEADINGS = {
    "organisation": "Organisation", "status": "Status", "region": "Region", "nationality": "Nationality",
    "min_amount": "Outstanding, at least", "max_amount": "Outstanding, at most",
    "min_total": "Owed in total by the person, at least", "older_than_days": "Days since the invoice, at least",
    "newer_than_days": "Days since the invoice, at most", "changed_since": "Changed since", "held": "Held",
}  # fmt: skip
_MONEY = {"min_amount", "max_amount", "min_total"}
_SUBJECT = "register"  # with its kinds of file the index finds the events


@dataclass(frozen=True)
class Extract:
    """One file that was made. `debts` is empty where they are too few to be told to this reader."""

    at: datetime
    by: str
    output: Output
    recipient: str
    purpose: str
    filters: list[str]
    debts: int | None

    @property
    def told(self) -> str:
        return f"Fewer than {FEWEST}" if self.debts is None else f"{self.debts:,}"


def listed(db: Session, actor: Actor, number: int, size: int = A_PAGE) -> Numbered[Extract]:
    """One numbered page, the newest first. A health department reads those whose organisation or region lies in its
    nation, and those that name neither. Raises Forbidden (403).
    """
    if not actor.may(Permission.SHARING_READ):
        raise Forbidden
    wanted = and_(
        col(AuditEvent.subject_type) == _SUBJECT,
        col(AuditEvent.subject_id).in_([output.value for output in Output]),
        col(AuditEvent.action) == AuditAction.REGISTER_EXPORTED.value,
        _touching(db, actor),
    )
    total = db.execute(select(func.count()).select_from(AuditEvent).where(wanted)).scalar_one()
    query = select(AuditEvent).where(wanted).order_by(col(AuditEvent.id).desc())
    events = db.execute(query.offset(offset_of(number, size)).limit(size)).scalars().all()
    names = accounts.names(db, {event.actor for event in events})
    is_exact = actor.scope(Permission.REPORT_READ_EXACT) is None
    found = [_extract(event, names.get(event.actor, event.actor), is_exact) for event in events]
    return Numbered(found, number, size, total)


def _touching(db: Session, actor: Actor) -> ColumnElement[bool]:
    codes = actor.scope(Permission.SHARING_READ)
    if codes is None:
        return true()
    regions = {one.region for one in organisations.everyone(db, codes)}
    region = col(AuditEvent.detail)["region"].as_string()
    organisation = col(AuditEvent.organisation_code)
    return or_(organisation.in_(codes), and_(organisation.is_(None), or_(region.is_(None), region.in_(regions))))


def _extract(event: AuditEvent, by: str, is_exact: bool) -> Extract:
    detail: dict[str, Any] = event.detail
    debts = int(detail["debts"])
    return Extract(
        event.at, by, Output(event.subject_id), detail["recipient"], detail["purpose"],
        [_in_words(text) for text in detail["filters"]], debts if is_exact or debts >= FEWEST else None,
    )  # fmt: skip


def _in_words(text: str) -> str:
    name, _, value = text.partition("=")
    return f"{_HEADINGS.get(name, name)}: {in_words(from_pounds(value)) if name in _MONEY else value}"
