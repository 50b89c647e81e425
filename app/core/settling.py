"""How each database's connections are settled: what is said to them first, who writes, and what a given back one leaves."""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

from app.core import stalled
from app.core.database_errors import code_of
from app.core.patience import Patience, Turns, insist


def _leave_nothing_open(connection: Any, _record: Any) -> None:
    """A COMMIT that fails (disk full, a deferred constraint) leaves SQLite in its transaction, with the write lock."""
    if connection is not None:
        connection.rollback()


def settle_postgresql(engine: Engine, patience: Patience) -> None:
    event.listen(engine, "checkin", _leave_nothing_open)
    stalled.watch(engine, patience.statement + stalled.AND_THEN if patience.statement else None)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        with connection.transaction():
            connection.execute(patience.for_postgresql())


def settle_sqlite(engine: Engine, patience: Patience) -> None:
    turns = Turns()
    usual_wait = f"PRAGMA busy_timeout={round(patience.locked * 1000)}"

    @event.listens_for(engine, "do_connect")
    def _make(_dialect: Any, _record: Any, address: Sequence[str], _options: Any) -> None:
        """A new file of people is opened by nobody else's account; one that stands keeps the rights it was given."""
        with suppress(OSError):  # connecting says it better
            os.close(os.open(address[0], os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        connection.execute(usual_wait)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        connection.exec_driver_sql(f"PRAGMA query_only={int(options.get('for_reading', False))}")
        # A statement with triggers notes what it changes: in memory for a fifth of the price. What sorts much uses the disk.
        connection.exec_driver_sql(f"PRAGMA temp_store={options.get('notes_in', 'FILE')}")
        if options.get("for_writing"):
            _take_turn(connection, turns, patience)
            connection.exec_driver_sql(usual_wait)
        else:
            connection.exec_driver_sql("BEGIN")

    @event.listens_for(engine, "checkin")
    def _checkin(connection: Any, record: Any) -> None:
        try:
            _leave_nothing_open(connection, record)
        finally:
            if record.info.pop(turns, False):
                turns.pass_on()


def _take_turn(connection: Connection, turns: Turns, patience: Patience) -> None:
    """The only transaction of this process that writes, then the only one of all. Its turn ends at the checkin."""
    if turns in connection.info:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    own = connection.get_execution_options().get("seconds")
    turns.take(patience.turn if own is None else own)
    try:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        seconds = patience.locked if own is None else own
        insist(lambda: connection.exec_driver_sql("BEGIN IMMEDIATE"), _is_locked, seconds)
    except BaseException as error:
        in_vain = _is_locked(error) and seconds >= patience.locked
        (turns.send_away if in_vain else turns.pass_on)()
        raise
    connection.info[turns] = True


def _is_locked(error: BaseException) -> bool:
    return isinstance(error, DBAPIError) and code_of(error).startswith("SQLITE_BUSY")
