"""The same file again: the same return, unless something that it touches has changed since."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlmodel import Session, col

from app.core import clock
from app.core.spreadsheet.packing import as_text, trim
from app.debts import register
from app.periods.calendar import Period
from app.policy.tables import Policy
from app.returns import parts
from app.returns.assessing import ruleset
from app.returns.models import Lifecycle, OpenRow, Return


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
    if counts_only_now(newest, period) or _was_answered(db, newest):
        return None
    invoices = _invoices(db, newest)
    if invoices is None:
        return None
    changed = register.invoices_changed_since(db, family, newest.last_event_id)
    return None if changed & invoices else newest


def counts_only_now(before: Return, period: Period) -> bool:
    """Sent before the period's last day and sent again from that day on: only now does it count."""
    early = before.submitted_at is not None and clock.uk_date(before.submitted_at) < period.last_day
    return early and clock.today() >= period.last_day


def _was_answered(db: Session, known: Return) -> bool:
    """The trust has confirmed an address of this file since, so that its row comes out differently now."""
    answered = select(col(OpenRow.id)).where(col(OpenRow.return_id) == known.id, col(OpenRow.has_answers))
    return db.execute(answered.limit(1)).first() is not None


def _invoices(db: Session, known: Return) -> set[str] | None:
    """The invoices that it spoke of; None when some of its rows are no longer kept, so that nobody can tell."""
    kept = [row for part in (parts.ACCEPTED, parts.REJECTED) for row in parts.rows(db, known.id, part).rows]
    return {trim(as_text(row.cells[0])) for row in kept} if len(kept) == known.read else None
