"""Which version's shape the database has, and whether this version can serve with it. docs/decisions/0044 says the rule.

A database that is ahead of this version has been migrated by a newer one, while this one still serves. It can, unless one
of the steps that the newer one took needs a version that knows more (`needs` in a migration).
"""

import re
from enum import StrEnum
from functools import lru_cache

from sqlalchemy import inspect, text
from sqlmodel import Field, SQLModel, col, select

from app.core.database_file import file_of
from app.core.db import Database, Session
from app.core.errors import Refused
from app.settings import PROJECT

STEPS = PROJECT / "migrations" / "versions"
_NAMED = re.compile(r"""^(revision|down_revision)\b[^=\n]*= ["']([^"'\n]+)["']""", re.MULTILINE)
BEHIND = "The database is not at this version. Run: debtor-returns migrate"
BEYOND = "The database is of a newer version, which has taken away what this one uses. Start the newer version."
AHEAD = "The database is of a newer version. This one serves with it meanwhile: finish the upgrade."


class ContractStep(SQLModel, table=True):
    """A migration with which only versions may serve that know the revision `needs`."""

    __tablename__ = "contract_steps"

    revision: str = Field(primary_key=True, max_length=32)
    needs: str = Field(max_length=32)


class IndexToBuild(SQLModel, table=True):
    """An index of a large table that a migration asks for: it is built after it, while everybody works."""

    __tablename__ = "indexes_to_build"

    name: str = Field(primary_key=True, max_length=63)
    on_what: str = Field(max_length=500)


class Shape(StrEnum):
    """`ahead`: of a newer version, and this one can serve with it. `beyond`: it cannot."""

    SAME = "same"
    BEHIND = "behind"
    AHEAD = "ahead"
    BEYOND = "beyond"


@lru_cache(maxsize=1)
def known() -> frozenset[str]:
    """Every revision of this version."""
    return frozenset(revision for revision, _ in _chain())


@lru_cache(maxsize=1)
def head() -> str:
    """The newest revision of this version: read from the files' own words, which takes a hundredth of Alembic's time."""
    followed = {before for _, before in _chain()}
    (newest,) = (revision for revision, _ in _chain() if revision not in followed)
    return newest


def shape(store: Database) -> Shape:
    """Raises Unavailable when the database does not answer."""
    with store.reading() as db:
        current = _current(db)
        if current == head():
            return Shape.SAME
        if not current or current in known():
            return Shape.BEHIND
        if not inspect(db.connection()).has_table(ContractStep.__tablename__):
            return Shape.BEYOND
        needed = db.exec(select(col(ContractStep.needs))).all()
    return Shape.AHEAD if known().issuperset(needed) else Shape.BEYOND


def may_serve(store: Database) -> None:
    """Raises Refused when this version cannot serve with the database, Unavailable when the database does not answer."""
    match shape(store):
        case Shape.BEHIND:
            file = file_of(store.url)
            raise Refused(BEHIND.replace("The database", f"The database {file}") if file else BEHIND)
        case Shape.BEYOND:
            raise Refused(BEYOND)


def may_migrate(store: Database) -> None:
    """Raises Refused for a database that a newer version has migrated, Unavailable when the database does not answer."""
    match shape(store):
        case Shape.AHEAD:
            raise Refused(AHEAD)
        case Shape.BEYOND:
            raise Refused(BEYOND)


def _current(db: Session) -> str:
    """Empty where nobody has migrated yet."""
    connection = db.connection()
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _chain() -> list[tuple[str, str]]:
    """Each revision with the one before it, which is empty for the first."""
    named = [dict(_NAMED.findall(file.read_text())) for file in sorted(STEPS.glob("*.py"))]
    return [(one["revision"], one.get("down_revision", "")) for one in named]
