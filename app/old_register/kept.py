"""The cells of imported rows as read: kept as long as their debts, as one compressed value for some thousands."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from app.debts.models import Debt, RegisterImportPart
from app.old_register.rules.understanding import Verdict
from app.returns import parts
from app.returns.judging import Judged, Result
from app.returns.parts import KeptRow


def store(db: Session, import_id: str, place: Mapping[str, str], loaded: Sequence[tuple[str, Verdict]]) -> None:
    """Keeps the rows of these debts (by id). Behind the cells of our columns stand those that only the old register has."""
    rows = [_kept(debt_id, verdict) for debt_id, verdict in loaded]
    ids = [debt_id for debt_id, _ in loaded]
    content = parts.pack_rows(dict(place), rows)
    db.add(RegisterImportPart(import_id=import_id, first_debt_id=min(ids), last_debt_id=max(ids), content=content))
    db.flush()


def source_row(db: Session, debt: Debt) -> KeptRow | None:
    """The row from which a debt was imported, as it was read; none for other debts."""
    query = select(col(RegisterImportPart.content)).where(
        col(RegisterImportPart.import_id) == debt.import_id,
        col(RegisterImportPart.first_debt_id) <= debt.id,
        col(RegisterImportPart.last_debt_id) >= debt.id,
    )
    kept = (row for content in db.execute(query).scalars() for row in parts.unpack_rows(content).rows)
    return next((row for row in kept if row.debt_id == debt.id), None)


def forget(db: Session, debts: Iterable[Debt]) -> None:
    """The rows of these debts go with them."""
    gone: dict[str, set[str]] = {}
    for debt in debts:
        if debt.import_id is not None:
            gone.setdefault(debt.import_id, set()).add(debt.id)
    for import_id, ids in gone.items():
        reaching = select(RegisterImportPart).where(
            col(RegisterImportPart.import_id) == import_id,
            col(RegisterImportPart.first_debt_id) <= max(ids),
            col(RegisterImportPart.last_debt_id) >= min(ids),
        )
        for part in db.execute(reaching).scalars().all():
            _take_out(db, part, ids)
    db.flush()


def _take_out(db: Session, part: RegisterImportPart, ids: Collection[str]) -> None:
    kept = parts.unpack_rows(part.content)
    left = [row for row in kept.rows if row.debt_id not in ids]
    if not left:
        db.delete(part)
    elif len(left) < len(kept.rows):
        part.content = parts.pack_rows(kept.place, left)
        db.add(part)


def _kept(debt_id: str, verdict: Verdict) -> KeptRow:
    row, entry = verdict.row, verdict.entry
    cells = parts.kept_cells(Judged(row, Result.NEW))
    old = [entry.organisation, entry.first_reported, entry.on_the_index]
    return KeptRow(row.number, verdict.fate.value, debt_id, sorted(row.codes()), [*cells, *old])
