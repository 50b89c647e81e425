"""The same file again: the same return, unless something that it touches has changed since."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlmodel import Session, col

from app.core import clock
from app.core.spreadsheet.packing import as_text, is_withheld, trim
from app.debts import register
from app.periods.calendar import Period
from app.policy.tables import Policy
from app.returns import parts
from app.returns.assessing import confirmed_addresses, held_by_number, persons, ruleset
from app.returns.models import Lifecycle, Return
from app.returns.parsing import parse
from app.returns.parts import KeptRow
from app.returns.rules.context import context_for


def submitted(organisation: str, period: Period) -> Select[Return]:
    """Returns there that are submitted and not withdrawn, newest first."""
    return (
        select(Return)
        .where(
            col(Return.organisation_code) == organisation,
            col(Return.period) == str(period),
            col(Return.lifecycle) == Lifecycle.SUBMITTED,
        )
        .order_by(col(Return.submitted_at).desc(), col(Return.reference).desc())
    )


def same_return(
    db: Session, organisation: str, period: Period, sha256: str, family: Sequence[str], policy: Policy
) -> Return | None:
    """The return that these bytes gave before, if giving it again says nothing untrue."""
    newest = db.execute(submitted(organisation, period).limit(1)).scalar_one_or_none()
    if newest is None or newest.sha256 != sha256 or newest.ruleset != ruleset(policy):
        return None
    if counts_only_now(newest, period):
        return None
    rows = _rows(db, newest)
    if rows is None or _was_answered(db, rows, family):
        return None
    invoices, people = register.changed_since(db, family, newest.last_event_id)
    if any(trim(as_text(row.cells[0])) in invoices for row in rows):
        return None
    small = [row for row in rows if "R09" in row.codes]
    return None if people and small and people & _persons(db, small, family, period, policy) else newest


def counts_only_now(before: Return, period: Period) -> bool:
    """Sent before the period's last day and sent again from that day on: only now does it count."""
    early = before.submitted_at is not None and clock.uk_date(before.submitted_at) < period.last_day
    return early and clock.today() >= period.last_day


def _rows(db: Session, known: Return) -> list[KeptRow] | None:
    """What was said in it; None when some of its rows are no longer kept, so that nobody can tell."""
    kept = [row for part in (parts.ACCEPTED, parts.REJECTED) for row in parts.rows(db, known.id, part).rows]
    return kept if len(kept) == known.read else None


def _was_answered(db: Session, rows: Sequence[KeptRow], family: Sequence[str]) -> bool:
    """The trust has confirmed since that what was withheld is an address, so that a row comes out differently now."""
    withheld = {cell for row in rows if "R17" in row.codes for cell in row.cells if is_withheld(cell)}
    return bool(withheld) and not withheld.isdisjoint(confirmed_addresses(db, family))


def _persons(db: Session, rows: Sequence[KeptRow], family: Sequence[str], period: Period, policy: Policy) -> set[str]:
    """The digests of whoever owed too little: what they owe besides may have changed, though no invoice of these rows did."""
    context = context_for(policy, str(period), period.last_day, clock.today())
    found = parse(((row.number, row.cells) for row in rows), {}, context)
    names, passports = persons(found, held_by_number(db, found, family), {})
    return names | passports
