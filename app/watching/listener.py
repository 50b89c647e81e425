"""The listener that tells metrics, apart from the service's own port, so that they never stand open to its users."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, start_http_server
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from app.core.errors import Unavailable

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def of_one_process() -> CollectorRegistry:
    """What this process has counted."""
    return REGISTRY


def of_several_processes() -> CollectorRegistry:
    """What the processes that this one will start have counted together, those that ended too."""
    folder = tempfile.mkdtemp(prefix="debtor-returns-metrics-")
    os.environ[_FOLDER] = folder
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=folder)  # type: ignore[no-untyped-call]
    return registry


def listen(host: str, port: int, registry: CollectorRegistry, *more: Collector) -> Callable[[], None]:
    """Tells metrics at /metrics from now on. Gives what ends it. Raises Unavailable where nobody could listen."""
    for collector in more:
        registry.register(collector)
    try:
        server, thread = start_http_server(port, host, registry)
    except OSError as error:
        words = f"Cannot listen for metrics on {host}, port {port}: {(error.strerror or 'it cannot be used').lower()}."
        raise Unavailable(f"{words} Choose another port in the settings.") from error

    def end() -> None:
        server.shutdown()
        thread.join()
        server.server_close()
        for collector in more:
            registry.unregister(collector)
        clear()

    return end


def clear() -> None:
    """The files of several processes are of no use after them."""
    if folder := os.environ.pop(_FOLDER, None):
        for file in Path(folder).glob("*.db"):
            file.unlink(missing_ok=True)
        Path(folder).rmdir()
