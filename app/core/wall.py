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

SETTING = "debtor_returns.scope"  # codes with commas between them; empty or unset binds to nothing
NOBODY = "-"  # no organisation has this code
_BOUND_TO = "bound_to"  # the option of a session's engine
_SET = "SELECT set_config('debtor_returns.scope', %s, true)"  # until the transaction ends


class Across(StrEnum):
    """Why a transaction of one organisation's people must look at others' rows: the only reasons there are."""

    SAME_PERSON = "a debt is grouped with the debts that agree exactly, wherever they were reported"
    PARTED_PERSON = "debts that no longer agree are parted, and compared again, wherever they were reported"


def bound(engine: Engine, codes: Collection[str]) -> Engine:
    """The engine for sessions that see these organisations only."""
    return engine.execution_options(**{_BOUND_TO: ",".join(sorted(codes)) or NOBODY})


def keep(engine: Engine) -> None:
    """Binds each transaction of a bound session as it begins. Only PostgreSQL knows how."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        codes = _codes(connection)
        if codes is not None:
            connection.exec_driver_sql(_SET, (codes,))


@contextmanager
def across(db: Session, _why: Across) -> Iterator[None]:
    """Opens the wall for what stands within."""
    connection = db.connection()
    codes = _codes(connection)
    if codes is None:
        yield
        return
    connection.exec_driver_sql(_SET, ("",))
    try:
        yield
    except SQLAlchemyError:  # the transaction is over, and with it what was set
        raise
    except BaseException:
        connection.exec_driver_sql(_SET, (codes,))
        raise
    connection.exec_driver_sql(_SET, (codes,))


def holds_for(db: Session) -> bool:
    """Whether the wall stands for the user as which this service is known to its database: for a superuser none does."""
    if db.get_bind().dialect.name != "postgresql":
        return False
    rights = "SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user"
    return bool(db.connection().execute(text(rights)).scalar_one())


def _codes(connection: Connection) -> Any:
    return connection.get_execution_options().get(_BOUND_TO) if connection.dialect.name == "postgresql" else None
