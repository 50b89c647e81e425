"""Every trouble as application/problem+json (RFC 9457): what is wrong and the way out, without what was sent."""

from collections.abc import Mapping
from typing import Any

from fastapi.responses import JSONResponse

from app.core.errors import (
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    NotSignedIn,
    Refused,
    ServiceError,
    TooLarge,
    TooMany,
    Unavailable,
)
from app.http.troubles import Trouble

# What kind of trouble a status is: the end of `type`, and its title. Clients may rely on both.
_KINDS = {
    400: ("unreadable", "Not readable"),
    401: ("not-signed-in", NotSignedIn.title),
    403: ("forbidden", Forbidden.title),
    404: ("not-found", NotFound.title),
    405: ("method-not-allowed", "Not offered here"),
    408: ("too-slow", "Too slow"),
    409: ("conflict", Conflict.title),
    410: ("gone", Gone.title),
    413: ("too-large", TooLarge.title),
    422: ("refused", Refused.title),
    429: ("too-many", TooMany.title),
    431: ("too-long", "Too long"),
    500: ("our-fault", ServiceError.title),
    501: ("other-encoding", "Not offered here"),
    503: ("unavailable", Unavailable.title),
    505: ("other-version", "Another version of HTTP"),
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


def tell(trouble: Trouble) -> ProblemResponse:
    return problem(trouble.status, trouble.detail, headers=trouble.headers, code=trouble.code, **trouble.more)
