"""The loadings of the register of the time before this service: which there were, and how a debt's source is told."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlmodel import Session, col

from app.debts.models import Debt, RegisterImport
from app.periods.calendar import Period


def of_file(db: Session, sha256: str) -> RegisterImport | None:
    """The loading of exactly these bytes, if they were loaded."""
    return db.execute(select(RegisterImport).where(col(RegisterImport.sha256) == sha256)).scalar_one_or_none()


def newest(db: Session) -> RegisterImport | None:
    return db.execute(select(RegisterImport).order_by(col(RegisterImport.id).desc()).limit(1)).scalar_one_or_none()


def next_reference(db: Session, month: Period) -> str:
    """IMP-2026-11-01, -02 and so on. Whoever writes to the register takes turns, so no number is given twice."""
    prefix = f"IMP-{month}-"
    query = select(func.count()).where(col(RegisterImport.reference).startswith(prefix, autoescape=True))
    return f"{prefix}{db.execute(query).scalar_one() + 1:02d}"


def loading_of(db: Session, debt: Debt) -> RegisterImport | None:
    """The loading by which a debt came, as long as no return has said anything new of it."""
    return db.get(RegisterImport, debt.import_id) if debt.import_id and debt.return_id is None else None


def references(db: Session, ids: Collection[str]) -> dict[str, str]:
    """The references of these loadings, by id."""
    if not ids:
        return {}
    query = select(col(RegisterImport.id), col(RegisterImport.reference)).where(col(RegisterImport.id).in_(ids))
    return {id_: reference for id_, reference in db.execute(query)}


def all_references(db: Session) -> dict[str, str]:
    """The reference of every loading, by id; there are few."""
    return {
        id_: reference for id_, reference in db.execute(select(col(RegisterImport.id), col(RegisterImport.reference)))
    }


def told(reference: str, row: int | None) -> str:
    """How a source is told: the loading, and the row of the file."""
    return f"Imported register {reference}" + (f", row {row}" if row else "")
