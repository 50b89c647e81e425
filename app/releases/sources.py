"""Where the lines of a release come from: the row of the return or of the old register, its cells as they were read.

The cells that never leave (the hospital's site, the trust's own reference) are not among them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from app.core.db import among
from app.core.spreadsheet.packing import Packed, as_text
from app.debts import imports
from app.debts.models import RegisterImportPart
from app.releases.lines import Line
from app.return_template.columns import BY_KEY
from app.returns import parts
from app.returns.parts import KeptRow
from app.returns.queries import references


@dataclass(frozen=True)
class Source:
    """`cells` by key, as text; empty where the row is no longer kept."""

    reference: str
    row: int | None
    cells: Mapping[str, str]

    @property
    def by_heading(self) -> dict[str, str]:
        return {BY_KEY[key].heading: text for key, text in self.cells.items()}


def sources(db: Session, lines: Iterable[Line]) -> dict[int, Source]:
    """By the lines' numbers; a line whose source is not known has none. Each return is unpacked once."""
    by_return: dict[str, list[Line]] = defaultdict(list)
    by_import: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.return_id is not None:
            by_return[line.return_id].append(line)
        elif line.import_id is not None:
            by_import[line.import_id].append(line)
    named = references(db, by_return) | imports.references(db, by_import)
    found: dict[int, Source] = {}
    for return_id, its in by_return.items():
        rows = {row.number: row for row in parts.rows(db, return_id, parts.ACCEPTED).rows}
        found |= {line.line: _source(named[return_id], line.row, rows.get(line.row or 0)) for line in its}
    for import_id, its in by_import.items():
        kept = _imported(db, import_id, its)
        found |= {line.line: _source(named[import_id], line.row, kept.get(line.debt_id)) for line in its}
    return found


def _imported(db: Session, import_id: str, lines: list[Line]) -> dict[str, KeptRow]:
    """The rows of the old register from which these debts were loaded."""
    ids = {line.debt_id for line in lines}
    spans = select(
        col(RegisterImportPart.id), col(RegisterImportPart.first_debt_id), col(RegisterImportPart.last_debt_id)
    )
    reaching = [
        part for part, first, last in db.execute(spans.where(col(RegisterImportPart.import_id) == import_id))
        if any(first <= id_ <= last for id_ in ids)
    ]  # fmt: skip
    query = select(col(RegisterImportPart.content)).where(among(db, col(RegisterImportPart.id), reaching))
    contents = db.execute(query).scalars() if reaching else ()
    rows = (row for content in contents for row in parts.unpack_rows(content).rows)
    return {row.debt_id: row for row in rows if row.debt_id in ids}


def _source(reference: str | None, number: int | None, row: KeptRow | None) -> Source:
    return Source(reference or "", number, _cells(row.by_key()) if row is not None else {})


def _cells(cells: Mapping[str, Packed]) -> dict[str, str]:
    return {key: as_text(cell) for key, cell in cells.items() if BY_KEY[key].leaves}
