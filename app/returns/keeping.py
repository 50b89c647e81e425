"""Keeps what was read and judged: rows' cells, findings and the numbers on the return."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert
from sqlmodel import Session, col

from app.returns import parts
from app.returns.assessing import Assessment
from app.returns.judging import Judged, Result
from app.returns.models import Return, RuleCount


def keep(db: Session, return_: Return, assessment: Assessment, opened: Mapping[int, str]) -> None:
    """Stores rows and findings and writes the numbers. `opened` gives the ids of debts newly opened, by row number."""
    for name, number in assessment.counts().items():
        setattr(return_, name, number)
    return_.outcome, return_.ruleset = assessment.outcome, assessment.ruleset
    db.add(return_)
    db.flush()
    accepted: list[parts.KeptRow] = []
    rejected: list[parts.KeptRow] = []
    for one in assessment.judged:
        row = _kept(one, assessment, opened)
        (rejected if one.result is Result.REJECTED else accepted).append(row)
    place = assessment.rows.place
    parts.store(
        db,
        return_.id,
        {
            parts.ACCEPTED: parts.pack_rows(place, accepted),
            parts.REJECTED: parts.pack_rows(place, rejected),
            parts.FINDINGS: parts.pack_findings(assessment.findings()),
        },
    )


def count_rules(db: Session, return_: Return, assessment: Assessment) -> None:
    """How many rows each rule marked, without persons: what may be shown to those who see no personal data."""
    db.execute(delete(RuleCount).where(col(RuleCount.return_id) == return_.id))
    counted = Counter(code for one in assessment.judged for code in one.row.codes())
    counted.update({finding.code for finding in assessment.rows.file_findings})
    rows: list[dict[str, Any]] = [
        {"return_id": return_.id, "code": code, "rows": number} for code, number in counted.items()
    ]
    if rows:
        db.execute(insert(RuleCount), rows)


def _kept(one: Judged, assessment: Assessment, opened: Mapping[int, str]) -> parts.KeptRow:
    number = one.row.number
    debt_id = one.statement.held.id if one.statement else opened.get(number)
    original_row, open_row = assessment.rows.origin.get(number, (None, None))
    codes = sorted(one.row.codes()) if one.row.findings else []
    return parts.KeptRow(number, one.result.value, debt_id, codes, parts.kept_cells(one), original_row, open_row)
