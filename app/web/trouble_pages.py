"""Every trouble as a page in the usual frame: what happened, what became of the person's work, and where to go on."""

from starlette.responses import Response
from starlette.types import Scope

from app.http.troubles import Trouble
from app.web.render import page
from app.web.visit import Visit

# Heading of each status, and what became of what the person was doing.
_SAID: dict[int, tuple[str, str]] = {
    400: ("That could not be read", "Nothing was changed."),
    403: ("You cannot do this", "Nothing was changed."),
    404: ("Page not found", "Nothing was changed."),
    405: ("This page cannot do that", "Nothing was changed."),
    408: ("Sending took too long", "Nothing was kept. Check your connection and send it again."),
    409: ("That is not possible now", "Nothing was changed."),
    413: ("The file is too large", "Nothing of it was kept. Remove sheets and pictures that the return does not need, "
          "or split the return into two files, and send it again."),
    422: ("That cannot be taken as it is", "Nothing was changed."),
    429: ("Too many requests", "Nothing was changed. Wait a minute and try again."),
    500: ("Something went wrong on our side", "Nothing of your last step was kept. What you had sent before is safe."),
    503: ("The service cannot answer just now", "Nothing of your last step was kept. What you had sent before is safe."),
}  # fmt: skip


def tell(scope: Scope, trouble: Trouble) -> Response:
    """The same bytes for the same person and trouble, so that a page that is not yours looks like one that is not there."""
    heading, consequence = _SAID.get(trouble.status, _SAID[500 if trouble.status >= 500 else 400])
    known = scope.get("state", {}).get("visit")
    visit = known if isinstance(known, Visit) else _nobody(scope)
    response = page(
        visit, "trouble.html", trouble.status, heading=heading, detail=trouble.detail, consequence=consequence
    )
    response.headers.update({name: value for name, value in trouble.headers.items() if name != "WWW-Authenticate"})
    return response


def _nobody(scope: Scope) -> Visit:
    return Visit(settings=scope["app"].state.settings, path="", address="", token="")
