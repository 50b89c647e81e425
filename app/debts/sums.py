"""What the debts of each organisation add up to by status, kept as they change, so that a whole register is added up at once.

Triggers of the database (migrations) put a line behind the others for whatever changes; lines of one organisation are
folded into one for each status by each return, and mean the same before and after. Nothing here says anything of a person.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    CompoundSelect,
    Connection,
    Select,
    String,
    TableClause,
    column,
    except_,
    func,
    or_,
    select,
    table,
    text,
    union,
)
from sqlmodel import Session, col

from app.core.db import among
from app.organisations.models import Organisation

_LINES = table(
    "sums_of_debts", column("organisation_code", String), column("status", String), column("held", Boolean),
    column("number"), column("pence"),
)  # fmt: skip
_DEBTS = table(
    "debts", column("organisation_code", String), column("status", String), column("held", Boolean),
    column("amount_outstanding"),
)  # fmt: skip
_INSERT = "INSERT INTO sums_of_debts (organisation_code, status, held, number, pence) "
_AFRESH = "SELECT organisation_code, status, held, count(*), sum(amount_outstanding) FROM debts GROUP BY 1, 2, 3"


@dataclass(frozen=True)
class Sum:
    """How many debts, and the pence outstanding on them."""

    count: int
    outstanding: int


def of_register(
    db: Session, codes: Collection[str] | None = None, region: str | None = None, held: bool | None = None
) -> dict[str, Sum]:
    """By status, of all debts or of those of some organisations, of a region, held or not. For who may see every debt."""
    query: Select[Any] = select(_LINES.c.status, func.sum(_LINES.c.number), func.sum(_LINES.c.pence))
    query = query.group_by(_LINES.c.status).having(func.sum(_LINES.c.number) != 0)
    query = _narrowed(query, codes, region)
    if held is not None:
        query = query.where(_LINES.c.held == held)
    return {status: Sum(int(count), int(pence)) for status, count, pence in db.execute(query)}


def _narrowed(query: Select[Any], codes: Collection[str] | None, region: str | None) -> Select[Any]:
    if codes is not None:
        query = query.where(_LINES.c.organisation_code.in_(codes))
    if region is not None:
        of_region = select(col(Organisation.code)).where(col(Organisation.region) == region)
        query = query.where(_LINES.c.organisation_code.in_(of_region))
    return query


def fold(db: Session, codes: Collection[str]) -> None:
    """One line for each status instead of many, for these organisations. Two at once never count a line twice: only who
    has deleted it adds it up.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.connection().execute(text("SELECT fold_sums_of_debts(CAST(:codes AS text[]))"), {"codes": list(codes)})
        return
    mine = among(db, _LINES.c.organisation_code, codes)
    folded = db.execute(
        select(
            _LINES.c.organisation_code, _LINES.c.status, _LINES.c.held,
            func.sum(_LINES.c.number).label("number"), func.sum(_LINES.c.pence).label("pence"),
        ).where(mine).group_by(_LINES.c.organisation_code, _LINES.c.status, _LINES.c.held)
    ).mappings().all()  # fmt: skip
    db.execute(_LINES.delete().where(mine))
    if lines := [dict(line) for line in folded if line["number"]]:
        db.execute(_LINES.insert(), lines)


def rebuild(connection: Connection) -> None:
    """Makes them anew from the debts."""
    connection.execute(_LINES.delete())
    connection.exec_driver_sql(_INSERT + _AFRESH)


def differing(db: Session) -> int:
    """How many sums are not as the debts add up: 0 unless somebody wrote past the triggers."""
    kept = _summed(_LINES, func.sum(_LINES.c.number), func.sum(_LINES.c.pence))
    kept = kept.having(or_(func.sum(_LINES.c.number) != 0, func.sum(_LINES.c.pence) != 0))
    found = _summed(_DEBTS, func.count(), func.sum(_DEBTS.c.amount_outstanding))
    wrong = union(*(_whose(except_(one, other)) for one, other in ((kept, found), (found, kept)))).subquery()
    return int(db.execute(select(func.count()).select_from(wrong)).scalar_one())


def _summed(of: TableClause, number: Any, pence: Any) -> Select[Any]:
    by = (of.c.organisation_code, of.c.status, of.c.held)
    return select(*by, number.label("number"), pence.label("pence")).group_by(*by)


def _whose(sums_: CompoundSelect[Any]) -> Select[Any]:
    of = sums_.subquery().c
    return select(of.organisation_code, of.status, of.held)
