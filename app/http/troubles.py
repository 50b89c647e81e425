"""Every error as one trouble: a status and our own words, from which each face makes its answer. Never what was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.core import metrics
from app.core.errors import NotFound, NotSignedIn, ServiceError, TooMany, Unavailable
from app.core.logs import describe

log = structlog.get_logger(__name__)

WORDS_BY_STATUS = {
    400: "The request could not be read. Check how it is put together.",
    404: NotFound().detail,
    405: "This address does not take that method.",
    408: "The request took too long to arrive. Send it again.",
    413: "The request is larger than the service takes.",
    431: "The address or the headers of the request are longer than the service takes.",
    501: "The request comes in an encoding that the service does not take. Send it whole, or chunked.",
    503: "The service has more to do than it can at this moment. Try again in a minute.",
    505: "The service speaks HTTP/1.1.",
}


@dataclass(frozen=True)
class Trouble:
    """`more` are further members of a problem, such as `errors`: which field of the call was wrong."""

    status: int
    detail: str
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


def of(error: Exception) -> Trouble:
    """What there is to tell of an error that the framework or the domain raised."""
    trouble = _of(error)
    metrics.TROUBLES.labels(str(trouble.status), trouble.code or "").inc()
    return trouble


def _of(error: Exception) -> Trouble:
    if isinstance(error, ServiceError):
        return _service_error(error)
    if isinstance(error, RequestValidationError):
        return _validation_error(error)
    assert isinstance(error, HTTPException)
    return _http_exception(error)


def unexpected(error: BaseException, **context: Any) -> Trouble:
    """A fault of ours: written to the log without its words, told without its details."""
    log.error("unexpected error", **context, **describe(error))
    metrics.TROUBLES.labels("500", "").inc()
    return Trouble(500, "Something went wrong on our side. Nothing was changed: try again, then tell the service desk.")


def _service_error(error: ServiceError) -> Trouble:
    if error.status >= 500:
        log.warning("cannot serve", **describe(error.__cause__ or error))
    headers = {}
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooMany | Unavailable):
        headers["Retry-After"] = str(error.retry_after)
    return Trouble(error.status, error.detail, error.code, headers)


def _http_exception(error: HTTPException) -> Trouble:
    if error.status_code == 404:
        return _service_error(NotFound())
    if isinstance(error.__cause__, ServiceError):
        # Raised while the body was read, of which the framework makes a fault in the body.
        return _service_error(error.__cause__)
    said = error.detail if error.detail != HTTPStatus(error.status_code).phrase else None
    words = WORDS_BY_STATUS.get(error.status_code) or said or "The request cannot be answered."
    if error.status_code == 400 and said and said.startswith(("Too many", "Part exceeded", "Field")):
        words = "The form has more than this call takes. Send one file and each field once."
    code = "F03" if error.status_code == 413 else None
    return Trouble(error.status_code, words, code, error.headers or {})


def _validation_error(error: RequestValidationError) -> Trouble:
    faults = error.errors()
    if any(fault["loc"][:1] == ("path",) for fault in faults):
        return _service_error(NotFound())  # an address that cannot be one is not there
    errors = [{"field": _field(fault["loc"]), "problem": _words(fault)} for fault in faults[:20]]
    detail = " ".join(f"{each['field']} {each['problem']}." for each in errors)
    return Trouble(422, detail, more={"errors": errors})


def _field(loc: Sequence[Any]) -> str:
    names = [str(part) for part in loc[1:] if isinstance(part, str)]
    return ".".join(name[:40] for name in names if name.isprintable()) or "What was sent"


def _words(fault: Mapping[str, Any]) -> str:
    """Our words for a fault that pydantic found; its own would quote what was sent or speak its jargon."""
    kind, context = fault["type"], fault.get("ctx", {})
    said = {
        "missing": "is missing",
        "extra_forbidden": "is not a field of this call",
        "greater_than_equal": f"is less than {context.get('ge')}",
        "less_than_equal": f"is more than {context.get('le')}",
        "string_too_long": f"is longer than {context.get('max_length')} characters",
        "string_too_short": "is empty",
        "string_pattern_mismatch": "is not written as this call needs it",
        "enum": f"is not one of {context.get('expected')}",
        "literal_error": f"is not one of {context.get('expected')}",
        "json_invalid": "is not JSON",
    }.get(kind)
    if kind == "value_error" and "UploadFile" in str(context.get("error", "")):
        return "is not a file. Send one file in this field"
    if said is None and kind == "value_error":
        said = str(context.get("error", ""))
    if said is None:
        said = next((words for prefix, words in _BY_PREFIX if kind.startswith(prefix)), None)
    return said or "is not of the kind this call needs"


_BY_PREFIX = (
    ("int", "is not a whole number"),
    ("bool", "is neither true nor false"),
    ("date", "is not a date such as 2026-10-31"),
    ("string", "is not a text"),
    ("model", "is not a JSON object"),
    ("dict", "is not a JSON object"),
)
