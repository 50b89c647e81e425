"""Reads returns and what is kept of them, for those who may see them."""

from collections.abc import Collection, Sequence
from datetime import date

import msgspec
from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from app.accounts.access import Actor
from app.accounts.permissions import Permission
from app.core import clock
from app.core.errors import NotFound
from app.core.paging import Numbered, Page, cut, from_cursor, offset_of
from app.organisations import service as organisations
from app.periods import service as periods
from app.periods.calendar import Period
from app.return_template.stamp import TEMPLATE_VERSION, Stamp
from app.returns import parts
from app.returns.checks import is_shown
from app.returns.models import Lifecycle, OpenRow, Return
from app.returns.once import each_once
from app.returns.rejection_workbook import RejectedRow
from app.returns.rules.engine import Finding


def get_return(db: Session, actor: Actor, return_id: str) -> Return:
    """A return that this person may see; a checked one only its uploader. Raises NotFound (404)."""
    found = db.get(Return, return_id)
    if found is None or not actor.sees(Permission.RETURN_READ, found.organisation_code):
        raise NotFound
    if found.lifecycle == Lifecycle.CHECKED and not is_shown(found, actor):
        raise NotFound
    return found


def list_returns(
    db: Session, actor: Actor, organisation: str | None, period: Period | None, outcome: str | None, limit: int,
    cursor: str | None,
) -> Page[Return]:  # fmt: skip
    """Submitted and withdrawn returns, and one's own checks, in the order in which they came."""
    query = select(Return).where(or_(col(Return.lifecycle) != Lifecycle.CHECKED, col(Return.checked_by) == actor.id))
    if (codes := codes_for(db, actor, organisation, Permission.RETURN_READ)) is not None:
        query = query.where(col(Return.organisation_code).in_(codes))
    if period is not None:
        query = query.where(col(Return.period) == str(period))
    if outcome is not None:
        query = query.where(col(Return.outcome) == outcome)
    query = query.where(col(Return.id) > from_cursor(cursor, "returns")).order_by(col(Return.id)).limit(limit + 1)
    return cut(db.execute(query).scalars().all(), limit, lambda found: found.id, "returns")


def history(db: Session, actor: Actor, organisation: str | None, number: int, size: int = 25) -> Numbered[Return]:
    """The same returns without checks, newest first, in numbered pages for people. Raises Refused (422), NotFound (404)."""
    skipped = offset_of(number, size)
    query = select(Return).where(col(Return.lifecycle) != Lifecycle.CHECKED)
    if (codes := codes_for(db, actor, organisation, Permission.RETURN_READ)) is not None:
        query = query.where(col(Return.organisation_code).in_(codes))
    total = db.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    newest_first = query.order_by(col(Return.submitted_at).desc(), col(Return.id).desc())
    shown = db.execute(newest_first.offset(skipped).limit(size)).scalars().all()
    return Numbered(shown, number, size, total)


def codes_for(db: Session, actor: Actor, organisation: str | None, permission: Permission) -> Sequence[str] | None:
    """The organisations to list: one with its predecessors, or all that may be seen (None: every one)."""
    if organisation is None:
        scope = actor.scope(permission)
        return None if scope is None else sorted(scope)
    if not actor.sees(permission, organisation) or organisations.organisation(db, organisation) is None:
        raise NotFound
    return organisations.family(db, organisation, clock.today())


def findings(db: Session, actor: Actor, return_: Return) -> list[Finding]:
    """What was found, in the order of the rows; without any value of the file for those outside the trust."""
    found = parts.findings(db, return_.id)
    found.sort(key=lambda finding: finding.row or 0)
    if not sees_values(actor, return_):
        return [without_values(finding) for finding in found]
    return found


def sees_values(actor: Actor, return_: Return) -> bool:
    """The trust's own people, and whoever sent this file."""
    own = actor.sees(Permission.RETURN_READ_REJECTED, return_.organisation_code)
    return own or actor.id in {return_.submitted_by, return_.checked_by}


def without_values(finding: Finding) -> Finding:
    """A column that has no field is not ours: what stands there is what the file said."""
    column = finding.column if finding.field is not None else None
    return msgspec.structs.replace(
        finding, message=finding.unquoted, column=column, your_reference=None, invoice_number=None
    )


def rejected_rows(db: Session, return_: Return) -> list[RejectedRow]:
    """The rows that were sent back, with their cells as read and what was found in them."""
    by_row: dict[int, list[Finding]] = {}
    for finding in parts.findings(db, return_.id):
        if finding.row is not None:
            by_row.setdefault(finding.row, []).append(finding)
    kept = parts.rows(db, return_.id, parts.REJECTED)
    return [RejectedRow(row.number, row.by_key(), by_row.get(row.number, [])) for row in kept.rows]


def rejection_stamp(db: Session, return_: Return) -> Stamp:
    """The About sheet of the return's rejection workbook: which open row each of its rows belongs to."""
    query = select(col(OpenRow.row), col(OpenRow.id)).where(
        col(OpenRow.return_id) == return_.id, col(OpenRow.closed_at).is_(None)
    )
    return Stamp(
        kind="rejection",
        organisation=return_.organisation_code,
        period=return_.period,
        template_version=TEMPLATE_VERSION,
        downloaded_at=return_.prefilled_at,
        open_rows={row: id_ for row, id_ in db.execute(query)},
    )


def open_rows_workbook(db: Session, actor: Actor, organisation: str) -> tuple[Stamp, list[RejectedRow]]:
    """Every row that an organisation still has to mend, from whichever return, to mend in one workbook; each invoice once.

    The rows are numbered anew, so that each number ties to one open row. Raises NotFound (404).
    """
    if not actor.sees(Permission.RETURN_READ_REJECTED, organisation):
        raise NotFound
    codes = organisations.family(db, organisation, clock.today())
    query = (
        select(OpenRow)
        .where(
            col(OpenRow.organisation_code).in_(codes),
            col(OpenRow.closed_at).is_(None),
            col(OpenRow.expires_on) >= clock.today(),
        )
        .order_by(col(OpenRow.id))
    )
    found = list(enumerate(each_once(db.execute(query).scalars().all()), start=2))
    rows = [RejectedRow(number, row.cells, findings) for number, (row, findings) in found]
    ties = {number: row.id for number, (row, _) in found}
    stamp = Stamp("rejection", organisation, None, TEMPLATE_VERSION, None, open_rows=ties)
    return stamp, rows


def original(db: Session, return_: Return) -> bytes | None:
    """The bytes as uploaded, unless they held something that must not be kept (W04, R17)."""
    return parts.content(db, return_.id, parts.ORIGINAL)


def due(db: Session, return_: Return) -> tuple[date, bool]:
    """The day on which the period's return is due, and whether this one came, or would come now, later."""
    period = Period.parse(return_.period)
    late = periods.is_late(db, period, return_.submitted_at or clock.now())
    return periods.due_on(db, period), late


def references(db: Session, ids: Collection[str]) -> dict[str, str | None]:
    """The references of these returns, by id."""
    query = select(col(Return.id), col(Return.reference)).where(col(Return.id).in_(ids))
    return {id_: reference for id_, reference in db.execute(query)}


def all_references(db: Session) -> dict[str, str]:
    """The reference of every return, by id: for an output that names thousands of them."""
    query = select(col(Return.id), col(Return.reference)).where(col(Return.reference).is_not(None))
    return {id_: reference for id_, reference in db.execute(query) if reference}
