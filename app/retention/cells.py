"""The cells of accepted rows live as long as their debt: takes purged debts out of what is kept of the returns."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from app.retention.files import unquoted
from app.returns import parts
from app.returns.models import Lifecycle, Return


def forget(db: Session, organisations: Sequence[str], since: datetime, debt_ids: Collection[str]) -> None:
    """Rewrites what is kept of these organisations' returns without these debts, which were first reported after `since`.

    A check that is not submitted yet keeps its rows for its few hours: it must come out as it was shown, or be refused.
    """
    may_speak_of_them = (
        col(Return.organisation_code).in_(organisations),
        col(Return.lifecycle) != Lifecycle.CHECKED,
        col(Return.submitted_at) >= since,
    )
    for return_id in db.execute(select(col(Return.id)).where(*may_speak_of_them)).scalars().all():
        _rewrite(db, return_id, debt_ids)


def _rewrite(db: Session, return_id: str, debt_ids: Collection[str]) -> None:
    kept = parts.rows(db, return_id, parts.ACCEPTED)
    gone = {row.number for row in kept.rows if row.debt_id in debt_ids}
    if not gone:
        return
    left = [row for row in kept.rows if row.number not in gone]
    findings = unquoted(parts.findings(db, return_id), gone)
    parts.store(
        db,
        return_id,
        {parts.ACCEPTED: parts.pack_rows(kept.place, left), parts.FINDINGS: parts.pack_findings(findings)},
    )
