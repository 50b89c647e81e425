"""The second wall: on PostgreSQL a transaction may be bound to some organisations, and the database then keeps all other
rows of the walled tables (`app/walled.py`) from it, whatever a query forgets. Unbound, everything is seen.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

ROLE = (
    "debtor_returns_bound"  # whom the policies hold for; the owner of the tables, as which the service comes, is free
)
_BOUND_TO = "bound_to"  # the option of a session's engine: codes with commas between them
# Both until the transaction ends. Who takes the role without a scope sees no row at all.
_BIND = "SELECT set_config('debtor_returns.scope', %s, true), set_config('role', 'debtor_returns_bound', true)"
_FREE = "SELECT set_config('role', 'none', true)"


class Across(StrEnum):
    """Why a transaction of one organisation's people must look at others' rows: the only reasons there are."""

    SAME_PERSON = "a debt is grouped with the debts that agree exactly, wherever they were reported"
    NEXT_OF_THE_FEED = "the feed of all organisations has one count"
    PARTED_PERSON = "debts that no longer agree are parted, and compared again, wherever they were reported"


def bound(engine: Engine, codes: Collection[str]) -> Engine:
    """The engine for sessions that see these organisations only."""
    return engine.execution_options(**{_BOUND_TO: ",".join(sorted(codes))})


def keep(engine: Engine) -> None:
    """Binds each transaction of a bound session as it begins. Only PostgreSQL knows how."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        codes = _codes(connection)
        if codes is not None:
            connection.exec_driver_sql(_BIND, (codes,))


@contextmanager
def across(db: Session, _why: Across) -> Iterator[None]:
    """Opens the wall for what stands within."""
    connection = db.connection()
    codes = _codes(connection)
    if codes is None:
        yield
        return
    connection.exec_driver_sql(_FREE)
    try:
        yield
    except SQLAlchemyError:  # the transaction is over, and with it what was set
        raise
    except BaseException:
        connection.exec_driver_sql(_BIND, (codes,))
        raise
    connection.exec_driver_sql(_BIND, (codes,))


def can_be_bound(db: Session) -> bool:
    """Whether this service may take the role on which the wall rests. A migration sees to it; a database that was restored
    elsewhere may lack it. SQLite has no wall that could be missing.
    """
    if db.get_bind().dialect.name != "postgresql":
        return True
    query = text("SELECT pg_has_role(current_user, oid, 'MEMBER') FROM pg_roles WHERE rolname = :role")
    return bool(db.connection().execute(query, {"role": ROLE}).scalar())


def _codes(connection: Connection) -> Any:
    return connection.get_execution_options().get(_BOUND_TO) if connection.dialect.name == "postgresql" else None
