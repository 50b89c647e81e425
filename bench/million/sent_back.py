"""Rows that went back to their trust: most of them mended meanwhile, those of the last months partly still open."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from app.periods.calendar import months_later
from app.returns.reasons import ACCEPTED, TIME_OVER
from bench.million.months import Sending
from bench.million.shapes import Batch, day, instant

RULES = ("R01", "R02", "R05", "R09", "R10", "R13", "R21")
_STILL_OPEN = datetime(2026, 8, 1, tzinfo=UTC)
_FINDINGS = {
    code: json.dumps([
        {"code": code, "severity": "rejected", "message": "Row 2: something to mend.", "unquoted": "Something to mend.",
         "row": 2, "column": None, "field": None, "cell": None, "your_reference": None, "invoice_number": None}
    ])
    for code in RULES
}  # fmt: skip


def sent_back(
    chance: Random, batch: Batch, sending: Sending, return_id: str, new_id: Callable[[datetime], str]
) -> None:
    """Each stands for itself; how often a rule marked rows is counted for the return."""
    codes = [chance.choice(RULES) for _ in range(sending.sent_back)]
    batch.rows["rule_counts"] += [(return_id, code, rows) for code, rows in Counter(codes).items()]
    opened, until = instant(sending.at), day(months_later(sending.at.date(), 6))
    for row, code in enumerate(codes, start=sending.debts + 2):
        is_open = sending.at > _STILL_OPEN and chance.random() < 0.3
        closed = instant(sending.at + timedelta(days=1 + chance.randrange(40)))
        reason = ACCEPTED if chance.random() < 0.9 else TIME_OVER
        batch.rows["open_rows"].append((
            new_id(sending.at), sending.organisation, str(sending.period), return_id, row,
            f"{sending.organisation}-{return_id[-6:]}-{row}", _FINDINGS[code], "{}", "{}", opened, until,
            *((None, None, None) if is_open else (closed, "command line", reason)),
        ))  # fmt: skip
