"""The contact log as it is read: one organisation's, the last contact of many, and the steps that are still open."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.contact_log.models import ContactEntry
from app.contact_log.service import reachable
from app.core.errors import Refused
from app.core.paging import NO_CURSOR, Page, cut, from_cursor


def entries(db: Session, actor: Actor, code: str, limit: int = 50, cursor: str | None = None) -> Page[ContactEntry]:
    """One organisation's, the newest contact first. Raises NotFound (404) or Forbidden (403)."""
    reachable(db, actor, Permission.CONTACT_LOG_READ, code)
    query = select(ContactEntry).where(col(ContactEntry.organisation_code) == code)
    if last := from_cursor(cursor, f"contact-log/{code}"):
        day, _, id_ = last.partition("/")
        query = query.where(_after(_day(day), id_))
    order = (col(ContactEntry.day).desc(), col(ContactEntry.id).desc())
    found = list(db.execute(query.order_by(*order).limit(limit + 1)).scalars())
    return cut(found, limit, lambda one: f"{one.day.isoformat()}/{one.id}", f"contact-log/{code}")


def last_of(db: Session, actor: Actor, codes: Collection[str]) -> dict[str, ContactEntry]:
    """The newest contact with each of these organisations, as far as this person may read their logs. One query."""
    place = func.row_number().over(
        partition_by=col(ContactEntry.organisation_code),
        order_by=(col(ContactEntry.day).desc(), col(ContactEntry.id).desc()),
    )
    ranked = select(ContactEntry, place.label("place")).where(_readable(actor, codes)).subquery()
    newest = aliased(ContactEntry, ranked)
    found = db.execute(select(newest).where(ranked.c.place == 1)).scalars()
    return {one.organisation_code: one for one in found}


def newest(db: Session, actor: Actor, codes: Collection[str], limit: int) -> list[ContactEntry]:
    """The newest contacts over all of these organisations, as far as this person may read their logs."""
    order = (col(ContactEntry.day).desc(), col(ContactEntry.id).desc())
    query = select(ContactEntry).where(_readable(actor, codes)).order_by(*order).limit(limit)
    return list(db.execute(query).scalars())


def open_steps(db: Session, actor: Actor, codes: Collection[str], today: date) -> list[ContactEntry]:
    """Next steps that are not done: overdue ones first, then by their date, those without a date last."""
    query = select(ContactEntry).where(
        _readable(actor, codes), col(ContactEntry.next_step).is_not(None), col(ContactEntry.done_at).is_(None)
    )
    found = db.execute(query).scalars()
    return sorted(found, key=lambda one: (not is_overdue(one, today), one.due_on or date.max, one.day, one.id))


def is_overdue(one: ContactEntry, today: date) -> bool:
    return one.done_at is None and one.due_on is not None and one.due_on < today


def _readable(actor: Actor, codes: Collection[str]) -> ColumnElement[bool]:
    scope = actor.scope(Permission.CONTACT_LOG_READ)
    return col(ContactEntry.organisation_code).in_(sorted(codes if scope is None else scope & set(codes)))


def _after(day: date, id_: str) -> ColumnElement[bool]:
    same = (col(ContactEntry.day) == day) & (col(ContactEntry.id) < id_)
    return or_(col(ContactEntry.day) < day, same)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(NO_CURSOR) from None
