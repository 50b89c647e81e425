"""A PostgreSQL that takes what we say and never answers: frozen, or behind a network that swallows everything.

The kernel gives up a connection only when the other machine's kernel is silent; here the answer itself is waited for.
"""

from collections.abc import Generator
from typing import Any

import psycopg
from sqlalchemy import Engine, event

SIGN_OF_LIFE = 1.5  # seconds; asked of each connection when it is taken
AND_THEN = 5  # seconds after which PostgreSQL itself should have ended a statement
# A machine that is off or unreachable: the kernel's own patience would be two hours for an idle connection. libpq counts a
# new connection in whole seconds, two at least.
UNREACHABLE = {
    "connect_timeout": 2,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}


class Watched(psycopg.Connection[Any]):
    """Is closed when an answer takes longer than its `patience`, in seconds; then whatever was asked is given up."""

    patience: float | None = None

    def wait(self, gen: Generator[Any, Any, Any], interval: float = 0.1, timeout: float | None = None) -> Any:
        patience = self.patience if timeout is None else timeout
        try:
            return super().wait(gen, interval, timeout=patience)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE and patience is not None:
                self.pgconn.finish()
            raise


def watch(engine: Engine, patience: float | None) -> None:
    """From here on connections are watched: `patience` for whatever is asked, a moment for the sign of life of one that
    rested. One that gives none is replaced, and so is every other that rested.
    """

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: Any, _record: Any, args: Any, options: Any) -> Watched:
        made = Watched.connect(*args, **options)
        made.patience = patience
        return made

    usual = engine.dialect.do_ping

    def do_ping(connection: Any) -> bool:
        connection.patience = SIGN_OF_LIFE
        try:
            return usual(connection)
        finally:
            connection.patience = patience

    setattr(engine.dialect, "do_ping", do_ping)  # noqa: B010 - it stands in the class, and is ours alone here
