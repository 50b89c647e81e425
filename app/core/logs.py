"""Logs: one JSON object a line in production, plain lines elsewhere, and never an exception's own words.

A database error quotes the person's row, a parser's error the cell: so an exception is logged by its class, the place
in the code, and what the database names without quoting (SQLSTATE and constraint).
"""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

_PROJECT = str(Path(__file__).resolve().parents[2])


def set_up(*, json_lines: bool) -> None:
    """Sends our events and the libraries' own log lines to stderr in one form."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exception_without_its_words,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    last = structlog.processors.JSONRenderer() if json_lines else structlog.dev.ConsoleRenderer(colors=False)
    form = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        use_get_message=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(form)
    handler.setLevel(logging.INFO)  # a library that is told to say more would write rows and addresses
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = name != "uvicorn.access"  # its lines would hold query strings; we write our own
    for name in ("httpx", "httpx2", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)  # they write whole addresses, or two lines at each look


def describe(error: BaseException) -> dict[str, Any]:
    """What may be written down of an exception: class, place in our code, SQLSTATE, constraint."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith(_PROJECT) and "site-packages" not in frame.filename
    ]
    place = [f"{frame.filename[len(_PROJECT) + 1 :]}:{frame.lineno} {frame.name}" for frame in frames[-3:]]
    told: dict[str, Any] = {"error": type(error).__name__, "at": place}
    driver = getattr(error, "orig", None) or getattr(error.__cause__, "orig", None)
    if driver is not None:
        told["sqlstate"] = getattr(driver, "sqlstate", None) or getattr(driver, "sqlite_errorname", None)
        told["constraint"] = getattr(getattr(driver, "diag", None), "constraint_name", None)
    return told


def _exception_without_its_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Replaces a traceback (ours or a library's) by its description."""
    info = event.pop("exc_info", None)
    record = event.get("_record")
    if isinstance(record, logging.LogRecord) and record.exc_info:
        info, record.exc_info, record.exc_text = record.exc_info, None, None
    error = info[1] if isinstance(info, tuple) else info
    if info is True:
        error = sys.exc_info()[1]
    if isinstance(error, BaseException):
        event.update(describe(error))
    return event
