"""The rows that an organisation still has to mend as lines of one workbook, which holds no invoice twice (R12)."""

from collections.abc import Iterable, Sequence

import msgspec

from app.returns.models import OpenRow
from app.returns.open_rows import ACKNOWLEDGEMENT
from app.returns.rules.engine import Finding


def each_once(rows: Sequence[OpenRow]) -> list[tuple[OpenRow, list[Finding]]]:
    """The rows that give a line their cells, each with what was found in all rows of its invoice; oldest first.

    What recipients sent back of an invoice stands in the line of the row that the trust itself sent and that came back, so
    that its own cells are not lost; where there is none, in that of the newest. An invoice that a file held twice keeps
    both its lines: which is right, the trust has to say.
    """
    leading: dict[str, OpenRow] = {}
    for row in rows:
        before = leading.get(row.invoice_number or "")
        if before is None or row.origin != ACKNOWLEDGEMENT or before.origin == ACKNOWLEDGEMENT:
            leading[row.invoice_number or ""] = row
    found: dict[str, tuple[OpenRow, list[Finding]]] = {}
    for row in rows:
        leads = leading[row.invoice_number] if row.invoice_number and row.origin == ACKNOWLEDGEMENT else row
        _, told = found.setdefault(leads.id, (leads, []))
        told += _findings(row) if row is not leads else ()
    return [(row, [*_findings(row), *told]) for row, told in found.values()]


def _findings(row: OpenRow) -> Iterable[Finding]:
    return [msgspec.convert(finding, Finding) for finding in row.findings]
