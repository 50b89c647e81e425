"""Every error as application/problem+json (RFC 9457): what is wrong and the way out, without what was sent."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.core.errors import Conflict, Forbidden, NotFound, NotSignedIn, Refused, ServiceError, TooLarge, Unavailable
from app.core.logs import describe

RETRY_AFTER_SECONDS = "5"
log = structlog.get_logger(__name__)

# What kind of trouble a status is: the end of `type`, and its title. Clients may rely on both.
_KINDS = {
    400: ("unreadable", "Not readable"),
    401: ("not-signed-in", NotSignedIn.title),
    403: ("forbidden", Forbidden.title),
    404: ("not-found", NotFound.title),
    405: ("method-not-allowed", "Not offered here"),
    408: ("too-slow", "Too slow"),
    409: ("conflict", Conflict.title),
    413: ("too-large", TooLarge.title),
    422: ("refused", Refused.title),
    500: ("our-fault", ServiceError.title),
    503: ("unavailable", Unavailable.title),
}
_WORDS_BY_STATUS = {
    400: "The request could not be read. Check how it is put together.",
    404: NotFound().detail,
    405: "This address does not take that method.",
    408: "The request took too long to arrive. Send it again.",
    413: "The request is larger than the service takes.",
}


class ProblemResponse(JSONResponse):
    media_type = "application/problem+json"


def problem(status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> ProblemResponse:
    """`more` are further members such as `code` and `findings`; those that are None are left out."""
    kind, title = _KINDS.get(status, ("error", ServiceError.title))
    body = {
        "type": f"urn:debtor-returns:problem:{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        **{key: value for key, value in more.items() if value is not None},
    }
    return ProblemResponse(body, status_code=status, headers=dict(headers or {}))


def from_error(error: ServiceError) -> ProblemResponse:
    headers = {}
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Unavailable):
        headers["Retry-After"] = RETRY_AFTER_SECONDS
    return problem(error.status, error.detail, headers=headers, code=error.code)


def unexpected(error: BaseException, **context: Any) -> ProblemResponse:
    """A fault of ours: written to the log without its words, told without its details."""
    log.error("unexpected error", **context, **describe(error))
    return problem(500, "Something went wrong on our side. Nothing was changed: try again, then tell the service desk.")


def install(app: FastAPI) -> None:
    app.add_exception_handler(ServiceError, _service_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_exception)


async def _service_error(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, ServiceError)
    if error.status >= 500:
        log.warning("cannot serve", **describe(error.__cause__ or error))
    return from_error(error)


async def _http_exception(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return from_error(NotFound())
    said = error.detail if error.detail != HTTPStatus(error.status_code).phrase else None
    words = _WORDS_BY_STATUS.get(error.status_code) or said or "The request cannot be answered."
    if error.status_code == 400 and said and said.startswith(("Too many", "Part exceeded", "Field")):
        words = "The form has more than this call takes. Send one file and each field once."
    code = "F03" if error.status_code == 413 else None
    return problem(error.status_code, words, headers=error.headers, code=code)


async def _validation_error(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    if any(fault["loc"][:1] == ("path",) for fault in faults):
        return from_error(NotFound())  # an address that cannot be one is not there
    errors = [{"field": _field(fault["loc"]), "problem": _words(fault)} for fault in faults[:20]]
    detail = " ".join(f"{each['field']} {each['problem']}." for each in errors)
    return problem(422, detail, errors=errors)


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
