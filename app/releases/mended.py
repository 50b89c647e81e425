"""What became of the lines that a recipient rejected: mended, still to mend, or ended; read from the rows opened for them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from app.core import clock
from app.core.db import among
from app.debts.models import Debt, DebtEvent
from app.organisations import service as organisations
from app.releases.answer_reading import Result
from app.releases.models import Release, ReleaseLine
from app.return_template.choices import OPEN_STATUSES, Status
from app.returns.models import OpenRow
from app.returns.open_rows import ACKNOWLEDGEMENT
from app.returns.reasons import MENDING, REPLACED

Rejected = tuple[ReleaseLine, datetime | None]


class Fate(Enum):
    """MENDED: its trust has put it right, or said that it is right. TO_MEND: that is awaited. ENDED: nothing is awaited,
    because its row was closed for another reason, ran out or was never opened, or the debt is gone.
    """

    MENDED = auto()
    TO_MEND = auto()
    ENDED = auto()


@dataclass(frozen=True)
class Fated:
    """`at` is when a mended line was mended."""

    line: ReleaseLine
    fate: Fate
    at: datetime | None = None


def fates(db: Session, rejected: Sequence[Rejected]) -> list[Fated]:
    """One for each. `rejected` are rejected lines with the moments at which they were released.

    A row that was opened for the line may be replaced by one of a later return that came back too, or by the one of a new
    rejection by the same recipient: it tells as well.
    Nothing is written here when a row closes, so that a return that is taken back, and opens its rows again, needs no
    undoing.
    """
    debts = _debts(db, {line.debt_id for line, _ in rejected})
    rows = _rows(db, {debt.invoice_number for debt in debts.values()})
    recipients = _recipients(db, rows)
    related = _related(db, {row.organisation_code for each in rows.values() for row in each})
    spoken_of = _spoken_of(db, debts)
    found = []
    for line, released_at in rejected:
        debt = debts.get(line.debt_id)
        if line.mended_at is not None:
            found.append(Fated(line, Fate.MENDED, line.mended_at))
        elif debt is None or released_at is None:
            found.append(Fated(line, Fate.ENDED))
        else:
            own = [row for row in rows.get(debt.invoice_number, ())
                   if row.opened_at >= released_at and _may_be_of(row, debt, related)]  # fmt: skip
            chain, spoken = _chain(own, line.release_id, recipients), spoken_of.get(debt.id)
            found.append(_of_chain(line, chain) if chain else _without_row(line, debt, released_at, spoken))
    return found


def note(db: Session, *among_lines: ColumnElement[bool]) -> None:
    """Keeps on the lines which of them are mended, before the rows or debts that tell it are forgotten."""
    query = (
        select(ReleaseLine, col(Release.released_at))
        .join(Release, col(Release.id) == col(ReleaseLine.release_id))
        .where(col(ReleaseLine.result) == Result.REJECTED, col(ReleaseLine.mended_at).is_(None), *among_lines)
    )
    for one in fates(db, [(line, released_at) for line, released_at in db.execute(query)]):
        if one.fate is Fate.MENDED:
            one.line.mended_at = one.at
            db.add(one.line)
    db.flush()


def _may_be_of(row: OpenRow, debt: Debt, related: Mapping[str, set[str]]) -> bool:
    """A row that came back from a return says no debt, nor does one of a version before: their number has to do."""
    return row.debt_id == debt.id if row.debt_id else debt.organisation_code in related[row.organisation_code]


def _chain(rows: Sequence[OpenRow], release_id: str, recipients: Mapping[str, str]) -> Sequence[OpenRow]:
    """The row that was opened for a line of this release, and those that took its place when it came back wrong again or
    was rejected anew. Of several of one release the last: the ones before it were loaded after all.
    """
    recipient = recipients.get(release_id)
    anew = [row for row in rows if row.origin == ACKNOWLEDGEMENT and recipients.get(row.origin_id or "") == recipient]
    by_return = {row.return_id: row for row in rows if row.origin != ACKNOWLEDGEMENT}
    chain = [row for row in anew if row.origin_id == release_id][-1:]
    while chain and chain[-1].closed_reason == REPLACED:
        last = chain[-1]
        follows = by_return.pop(last.closed_by_return, None) if last.closed_by_return else _after(last, anew)
        if follows is None:
            break
        chain.append(follows)
    return chain


def _after(row: OpenRow, rows: Sequence[OpenRow]) -> OpenRow | None:
    ids = [each.id for each in rows]
    return next(iter(rows[ids.index(row.id) + 1 :]), None) if row.id in ids else None


def _of_chain(line: ReleaseLine, chain: Sequence[OpenRow]) -> Fated:
    for row in chain:
        if row.closed_reason in MENDING:
            return Fated(line, Fate.MENDED, row.closed_at)
    waits = any(row.closed_at is None and row.expires_on >= clock.today() for row in chain)
    return Fated(line, Fate.TO_MEND if waits else Fate.ENDED)


def _without_row(line: ReleaseLine, debt: Debt, released_at: datetime, spoken_of: datetime | None) -> Fated:
    """A debt of the old register, for which no row could be opened, is mended when its trust says something new of it."""
    if debt.import_id is None:
        return Fated(line, Fate.ENDED)
    if debt.return_id is not None and debt.changed_at > released_at:
        return Fated(line, Fate.MENDED, debt.changed_at)
    if spoken_of is not None and spoken_of > released_at:
        return Fated(line, Fate.MENDED, spoken_of)
    return Fated(line, Fate.ENDED if debt.status == Status.WITHDRAWN else Fate.TO_MEND)


def _spoken_of(db: Session, debts: Mapping[str, Debt]) -> dict[str, datetime]:
    """When particulars or the end of debts of the old register were last recorded."""
    imported = [debt.id for debt in debts.values() if debt.import_id is not None]
    if not imported:
        return {}
    ended = col(DebtEvent.status).is_not(None) & col(DebtEvent.status).not_in([each.value for each in OPEN_STATUSES])
    query = (
        select(col(DebtEvent.debt_id), col(DebtEvent.at))
        .where(among(db, col(DebtEvent.debt_id), imported), col(DebtEvent.import_id).is_(None))
        .where(col(DebtEvent.particulars).is_not(None) | ended)
    )
    return {debt_id: at for debt_id, at in db.execute(query.order_by(col(DebtEvent.id)))}


def _debts(db: Session, ids: set[str]) -> dict[str, Debt]:
    if not ids:
        return {}
    return {debt.id: debt for debt in db.execute(select(Debt).where(among(db, col(Debt.id), ids))).scalars()}


def _rows(db: Session, numbers: set[str]) -> Mapping[str, list[OpenRow]]:
    """By invoice number, in the order in which they were opened."""
    found: dict[str, list[OpenRow]] = defaultdict(list)
    if numbers:
        query = select(OpenRow).where(among(db, col(OpenRow.invoice_number), numbers))
        for row in db.execute(query.order_by(col(OpenRow.opened_at), col(OpenRow.id))).scalars():
            found[row.invoice_number or ""].append(row)
    return found


def _recipients(db: Session, rows: Mapping[str, list[OpenRow]]) -> dict[str, str]:
    """By release, who was sent it, of the releases that sent these rows back."""
    ids = {row.origin_id for each in rows.values() for row in each if row.origin == ACKNOWLEDGEMENT and row.origin_id}
    if not ids:
        return {}
    query = select(col(Release.id), col(Release.recipient_key)).where(among(db, col(Release.id), ids))
    return {id_: recipient_key for id_, recipient_key in db.execute(query)}


def _related(db: Session, codes: set[str]) -> dict[str, set[str]]:
    """For each organisation, all whose debts its returns may speak of, and all that may speak of its own."""
    return {code: set(organisations.relatives(db, code, clock.today())) for code in codes}
