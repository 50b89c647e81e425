"""Every trouble as a page in the usual frame: what happened, what became of the person's work, and where to go on."""

from starlette.responses import Response
from starlette.types import Scope

from app.http.troubles import Trouble
from app.web.render import page
from app.web.visit import Visit

_SAFE = "What you had sent before is safe."
# Heading of each status, and what became of what the person was doing.
_SAID: dict[int, tuple[str, str]] = {
    400: ("That could not be read", f"Nothing was changed. {_SAFE}"),
    403: ("You cannot do this", f"Nothing was changed. {_SAFE}"),
    404: ("Page not found", f"Nothing was changed. {_SAFE}"),
    405: ("This page cannot do that", f"Nothing was changed. {_SAFE} Open the page again and use its buttons."),
    408: ("Sending took too long", "Nothing of it was kept. Check your connection and send it again."),
    409: ("That is not possible now", f"Nothing was changed. {_SAFE}"),
    410: ("It is not kept any more", f"Nothing was changed. {_SAFE}"),
    413: ("The file is too large", "Nothing of it was kept. Remove sheets and pictures that the return does not need, "
          "or split the return into two files, and send it again."),
    422: ("That cannot be taken as it is", f"Nothing was changed. {_SAFE} Go back and mend it."),
    429: ("Too many requests", f"Nothing was changed. {_SAFE} Wait a minute and try again."),
    500: ("Something went wrong on our side", f"Nothing of your last step was kept. {_SAFE} If it happens again, tell the "
          "service desk when it was and what you were doing."),
    503: ("The service cannot answer just now", f"Nothing of your last step was kept. {_SAFE} Try again in a minute."),
}  # fmt: skip
# What the framework says of a call is not for a page: the heading and what follows say it.
_FOR_PROGRAMS = frozenset({405, 408, 500})


def tell(scope: Scope, trouble: Trouble) -> Response:
    """The same bytes for the same person and trouble, so that a page that is not yours looks like one that is not there."""
    heading, consequence = _SAID.get(trouble.status, _SAID[500 if trouble.status >= 500 else 400])
    known = scope.get("state", {}).get("visit")
    visit = known if isinstance(known, Visit) else _nobody(scope)
    detail = "" if trouble.status in _FOR_PROGRAMS else trouble.detail
    if "errors" in trouble.more:  # a value in the address, which no link of ours has
        detail = "The address of this page holds something that the page does not know."
    if scope["method"] == "GET" and trouble.status < 500:
        consequence = ""
    response = page(visit, "trouble.html", trouble.status, heading=heading, detail=detail, consequence=consequence)
    response.headers.update({name: value for name, value in trouble.headers.items() if name != "WWW-Authenticate"})
    return response


def _nobody(scope: Scope) -> Visit:
    return Visit(settings=scope["app"].state.settings, path="", address="", token="")
