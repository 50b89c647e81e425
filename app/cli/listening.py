"""Serving, and telling the metrics of all that serve: one process, or several and the one that watches over them."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from app.core.db import Database
from app.settings import Settings
from app.watching import listener
from app.watching.gauges import Gauges

HUNG_SECONDS = 30  # a process that does not answer its parent for so long is replaced


def listen(settings: Settings, host: str, port: int, workers: int) -> None:
    """Until it is told to stop. Then it ends with 0 if all that was under way has ended."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))  # the server raises it again when all is done
    with _metrics(settings, workers):
        uvicorn.run(
            "app.served:served",
            factory=True,
            http="app.edge.wire:Wire",
            ws="none",
            host=host,
            port=port,
            workers=workers,
            log_config=None,
            access_log=False,  # its lines hold query strings; the service writes its own
            proxy_headers=bool(settings.trusted_proxy),
            forwarded_allow_ips=settings.trusted_proxy or None,
            server_header=False,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=settings.shutdown_seconds,
            timeout_worker_healthcheck=HUNG_SECONDS,
        )


@contextmanager
def _metrics(settings: Settings, workers: int) -> Iterator[None]:
    if not settings.metrics_port:
        yield
        return
    registry = listener.of_several_processes() if workers > 1 else listener.of_one_process()
    store = Database(settings.database_url)
    end = listener.listen(settings.metrics_host, settings.metrics_port, registry, Gauges(store))
    try:
        yield
    finally:
        end()
        store.close()
