"""Organisations as others ask for them: by code, with those that went before them, and loading those shipped."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from sqlalchemy import or_, select
from sqlmodel import Session, col

from app.organisations import importing
from app.organisations.importing import Report
from app.organisations.models import Organisation

SHIPPED = Path(__file__).parent / "reference" / "organisations.csv"


def organisation(db: Session, code: str) -> Organisation | None:
    return db.get(Organisation, code)


def is_empty(db: Session) -> bool:
    return db.execute(select(col(Organisation.code)).limit(1)).first() is None


def names(db: Session, codes: Iterable[str] | None = None) -> dict[str, str]:
    """Names by code, of these organisations or of all."""
    query = select(col(Organisation.code), col(Organisation.name))
    if codes is not None:
        query = query.where(col(Organisation.code).in_(list(codes)))
    return {code: name for code, name in db.execute(query)}


def regions(db: Session) -> list[str]:
    return list(db.execute(select(col(Organisation.region)).distinct().order_by(col(Organisation.region))).scalars())


def predecessors(db: Session, code: str, on: date) -> list[str]:
    """Codes of the organisations that this one had taken over by that day, also through others."""
    taken_over = col(Organisation.successor_from) <= on
    found = (
        select(col(Organisation.code).label("code"))
        .where(col(Organisation.successor_code) == code, taken_over)
        .cte("earlier", recursive=True)
    )
    found = found.union(  # not union_all: a circle, which an import refuses, would never end
        select(col(Organisation.code)).where(col(Organisation.successor_code) == found.c.code, taken_over)
    )
    return [earlier for earlier in db.execute(select(found.c.code).order_by(found.c.code)).scalars() if earlier != code]


def successor(db: Session, code: str, on: date) -> str | None:
    """The organisation that has taken this one over by that day, if one has."""
    query = select(col(Organisation.successor_code)).where(
        col(Organisation.code) == code, col(Organisation.successor_from) <= on
    )
    return db.execute(query).scalar_one_or_none()


def lines(db: Session, codes: Iterable[str], on: date) -> dict[str, list[str]]:
    """For several at once: each, then whoever has taken it over by that day, and so on. The last answers for it."""
    query = select(col(Organisation.code), col(Organisation.successor_code)).where(
        col(Organisation.successor_from) <= on
    )
    after = {code: later for code, later in db.execute(query) if later is not None}
    found: dict[str, list[str]] = {}
    for code in codes:
        line = found[code] = [code]
        while (later := after.get(line[-1])) is not None and later not in line:
            line.append(later)
    return found


def family(db: Session, code: str, on: date) -> list[str]:
    """The organisation, then its predecessors: whose debts it sees and reports on that day."""
    return [code, *predecessors(db, code, on)]


def relatives(db: Session, code: str, on: date) -> list[str]:
    """Everybody whose returns may speak of this organisation's debts: the family of the last that took it over by that day."""
    seen = {code}
    while (after := successor(db, code, on)) is not None and after not in seen:
        code = after
        seen.add(after)
    return family(db, code, on)


def counted_together(db: Session, code: str) -> set[str]:
    """All whose debts are summed for the threshold with those of this organisation, as they were counted last."""
    pairs = db.execute(
        select(col(Organisation.code), col(Organisation.counted_with)).where(
            col(Organisation.counted_with).is_not(None)
        )
    ).all()
    found, size = {code}, 0
    while len(found) > size:
        size = len(found)
        found.update(each for pair in pairs if not found.isdisjoint(pair) for each in pair)
    return found


def not_counted_yet(db: Session, on: date) -> list[Organisation]:
    """Those whose successor has begun, or is another one or none any more, since debts were counted last."""
    either = or_(col(Organisation.successor_code).is_not(None), col(Organisation.counted_with).is_not(None))
    found = db.execute(select(Organisation).where(either).order_by(col(Organisation.code))).scalars()
    return [each for each in found if each.counted_with != each.successor_on(on)]


def families(db: Session, codes: Iterable[str], on: date) -> dict[str, frozenset[str]]:
    """The same for several at once: who is asked on every page may hold a portfolio."""
    wanted = set(codes)
    if not wanted:
        return {}
    taken_over = col(Organisation.successor_from) <= on
    found = (
        select(col(Organisation.successor_code).label("root"), col(Organisation.code).label("code"))
        .where(col(Organisation.successor_code).in_(wanted), taken_over)
        .cte("earlier", recursive=True)
    )
    found = found.union(  # not union_all: see above
        select(found.c.root, col(Organisation.code)).where(col(Organisation.successor_code) == found.c.code, taken_over)
    )
    pairs = db.execute(select(found.c.root, found.c.code)).all()
    return {code: frozenset({code, *(earlier for root, earlier in pairs if root == code)}) for code in wanted}


def load_shipped(db: Session, actor: object) -> int:
    """Fills an empty table with the organisations that come with the service; gives how many."""
    return len(import_csv(db, actor, SHIPPED.read_text(encoding="utf-8")).added)


def everyone(db: Session, scope: frozenset[str] | None) -> list[Organisation]:
    """The organisations in scope (None: all) by name."""
    query = select(Organisation).order_by(col(Organisation.name), col(Organisation.code))
    if scope is not None:
        query = query.where(col(Organisation.code).in_(scope))
    return list(db.execute(query).scalars())


def import_csv(db: Session, _actor: object, text: str) -> Report:
    """Takes a CSV of organisations: new ones, openings, closings, renamings, successors. All of it or nothing.

    Raises Refused (422) naming each faulty line. The caller records the import with the report's counts.
    """
    return importing.take(db, text)
