"""Rows that were sent back and are still to be mended: opened, replaced, closed."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.audit.service import record
from app.core import clock
from app.core.db import among
from app.core.errors import Conflict, NotFound, Refused
from app.core.paging import Page, cut, from_cursor
from app.core.spreadsheet.packing import Packed, as_text
from app.organisations import service as organisations
from app.periods.calendar import months_later
from app.return_template.columns import KEYS
from app.returns import parts
from app.returns.assessing import Assessment
from app.returns.judging import Judged, Result
from app.returns.models import OpenRow, Return
from app.returns.reasons import ACCEPTED, REPLACED, typed
from app.returns.ties import Ties

ACKNOWLEDGEMENT = "acknowledgement"  # origin of a row that a recipient's answer opened, not a check
NOT_LOADED = "M01"  # the code of its finding: no rule of ours found it


def settle(db: Session, actor: Actor, return_: Return, assessment: Assessment, family: Sequence[str]) -> None:
    """After a merge: closes what was mended, replaces what was sent back again, opens what is sent back now."""
    good = [one for one in assessment.judged if one.result is not Result.REJECTED]
    bad = [one for one in assessment.judged if one.result is Result.REJECTED and not one.repeat]
    _close(db, actor, return_, _of(db, good, assessment, family), ACCEPTED)
    before = _of(db, bad, assessment, family)
    answers = {row.invoice_number: row.answers for row in before if row.answers}
    _close(db, actor, return_, before, REPLACED)
    open_until = months_later(clock.today(), assessment.context.policy.numbers.open_row_months)
    for one in bad:
        if one.stays_open:
            given = answers.get(one.row.invoice_number, {})
            db.add(_opened(one, return_, assessment, given, open_until))
    db.flush()


def _opened(one: Judged, return_: Return, assessment: Assessment, answers: dict[str, Any], open_until: date) -> OpenRow:
    cells = {key: _jsonable(cell) for key, cell in zip(KEYS, parts.kept_cells(one), strict=True) if cell is not None}
    return OpenRow(
        organisation_code=return_.organisation_code,
        period=return_.period,
        return_id=return_.id,
        row=one.row.number,
        invoice_number=one.row.invoice_number,
        findings=[msgspec.to_builtins(finding) for finding in one.row.findings],
        cells=cells,
        prefilled_at=assessment.rows.filled_at(one.row.number),
        answers=answers,
        has_answers=bool(answers),
        opened_at=clock.now(),
        expires_on=open_until,
    )


def _jsonable(cell: Packed) -> Packed:
    """JSON has no word for infinity and not-a-number."""
    return as_text(cell) if isinstance(cell, float) and cell - cell != 0 else cell


def _of(db: Session, judged: Sequence[Judged], assessment: Assessment, family: Sequence[str]) -> list[OpenRow]:
    """The open rows of the same invoices, and those that rows of a rejection workbook are tied to."""
    numbers = {one.row.invoice_number for one in judged if one.row.invoice_number}
    tied = {assessment.rows.origin[one.row.number][1] for one in judged if one.row.number in assessment.rows.origin}
    found: dict[str, OpenRow] = {}
    if numbers:
        query = select(OpenRow).where(
            among(db, col(OpenRow.invoice_number), numbers), col(OpenRow.organisation_code).in_(family),
            col(OpenRow.closed_at).is_(None),
        )  # fmt: skip
        found = {row.id: row for row in db.execute(query).scalars()}
    return list((found | {row.id: row for row in _standing(db, tied, family)}).values())


def _standing(db: Session, tied: Collection[str], family: Sequence[str]) -> list[OpenRow]:
    """The rows of these ids that are open, and for each that is closed by now the row that stands in its place.

    One workbook may be mended and sent more than once: its rows stay tied to what was open when it was made.
    """
    if not tied:
        return []
    of_family = col(OpenRow.organisation_code).in_(family)
    query = select(OpenRow).where(among(db, col(OpenRow.id), tied), of_family).order_by(col(OpenRow.id))
    rows = db.execute(query).scalars().all()
    standing = [row for row in rows if row.closed_at is None]
    if len(standing) < len(rows):
        ties = Ties(db)
        meant = {id_ for row in rows if row.closed_at is not None for id_ in _meant(ties, row)}
        open_ = db.execute(select(OpenRow).where(of_family, col(OpenRow.closed_at).is_(None))).scalars()
        standing += [row for row in open_.all() if row.id not in tied and not meant.isdisjoint(ties.line(row))]
    return standing


def _meant(ties: Ties, row: OpenRow) -> set[str]:
    """A row that is closed, those whose place it took, and those that took its place when it was sent back again."""
    meant = ties.line(row)
    follow = [row]
    while follow:
        one = follow.pop()
        if one.closed_reason == REPLACED and one.closed_by_return is not None:
            later = [each for each in ties.after(one, one.closed_by_return, meant) if each.id not in meant]
            meant.update(each.id for each in later)
            follow.extend(later)
    return meant


def _close(db: Session, actor: Actor, return_: Return, rows: Sequence[OpenRow], reason: str) -> None:
    for row in rows:
        row.closed_at, row.closed_by, row.closed_reason = clock.now(), actor.id, reason.strip()
        row.closed_by_return = return_.id
        db.add(row)
    db.flush()


def list_open(db: Session, actor: Actor, organisation: str | None, limit: int, cursor: str | None) -> Page[OpenRow]:
    """Rows still to be mended, newest last, of one organisation (with its predecessors) or of all that may be seen."""
    query = select(OpenRow).where(col(OpenRow.closed_at).is_(None), col(OpenRow.expires_on) >= clock.today())
    codes: Collection[str] | None = actor.scope(Permission.OPEN_ROW_READ)
    if organisation is not None:
        if not actor.sees(Permission.OPEN_ROW_READ, organisation):
            raise NotFound
        codes = organisations.family(db, organisation, clock.today())
    if codes is not None:
        query = query.where(col(OpenRow.organisation_code).in_(codes))
    query = query.where(col(OpenRow.id) > from_cursor(cursor, "open-rows")).order_by(col(OpenRow.id)).limit(limit + 1)
    return cut(db.execute(query).scalars().all(), limit, lambda row: row.id, "open-rows")


def get(db: Session, actor: Actor, open_row_id: str) -> OpenRow:
    """An open row to look at. Raises NotFound (404), also for one that is closed or too old."""
    found = db.get(OpenRow, open_row_id)
    if found is None or not actor.sees(Permission.OPEN_ROW_READ, found.organisation_code):
        raise NotFound
    if found.closed_at is not None or found.expires_on < clock.today():
        raise NotFound
    return found


def is_closed(db: Session, actor: Actor, open_row_id: str) -> bool:
    """Whether a row that this person may mend needs nothing more. Raises NotFound (404)."""
    found = db.get(OpenRow, open_row_id)
    if found is None or not actor.sees(Permission.OPEN_ROW_MEND, found.organisation_code):
        raise NotFound
    return found.closed_at is not None


def organisation_of(db: Session, open_row_id: str) -> str:
    """Whose open row it is. Raises NotFound (404)."""
    found = db.get(OpenRow, open_row_id)
    if found is None:
        raise NotFound
    return found.organisation_code


def get_open(db: Session, actor: Actor, open_row_id: str) -> OpenRow:
    """An open row that this person may mend. Raises NotFound (404), Conflict (409) if it is closed already."""
    found = db.get(OpenRow, open_row_id, with_for_update=True)
    if found is None or not actor.sees(Permission.OPEN_ROW_MEND, found.organisation_code):
        raise NotFound
    if found.closed_at is not None:
        raise Conflict("This row is closed already. Open the list again to see what is left.")
    return found


def close(db: Session, actor: Actor, open_row_id: str, reason: str) -> OpenRow:
    """The trust will not mend this row, and says why."""
    if not reason.strip():
        raise Refused("Say in a few words why this row will not be mended.")
    row = get_open(db, actor, open_row_id)
    row.closed_at, row.closed_by, row.closed_reason = clock.now(), actor.id, typed(reason)
    db.add(row)
    record(db, actor, AuditAction.OPEN_ROW_CLOSED, "open-row", row.id, row.organisation_code)
    db.flush()
    return row
