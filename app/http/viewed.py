"""What of a request the audit is told at the edge: which pages show people, and what a refused try was about. Pure lists."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from fastapi.routing import APIRoute

from app.accounts.permissions import Permission
from app.audit.models import AuditAction
from app.http.guard import Door, required_by
from app.return_template.choices import Status

P = Permission
# Whatever these permissions open may name debtors: each answer leaves an event, unless it stands below or the service
# has recorded one that says more, as it does of downloads and changes.
OF_PEOPLE: frozenset[Permission] = frozenset({
    P.TEMPLATE_DOWNLOAD, P.RETURN_UPLOAD, P.RETURN_WITHDRAW, P.RETURN_READ, P.RETURN_READ_REJECTED, P.OPEN_ROW_READ,
    P.OPEN_ROW_MEND, P.DEBT_READ, P.DEBT_CHANGE_STATUS, P.DEBT_AMEND, P.DEBT_HOLD, P.DEBTOR_READ, P.MATCH_DECIDE,
    P.DISPUTE_READ, P.DISPUTE_OPEN, P.DISPUTE_ANSWER, P.DISPUTE_SETTLE, P.CORRECTION_PASS_ON, P.ACCESS_REQUEST_ANSWER,
    P.ACCESS_REQUEST_ANSWER_OWN, P.REGISTER_EXPORT, P.RELEASE_READ, P.RELEASE_PREPARE, P.RELEASE_SAMPLE,
    P.RELEASE_APPROVE, P.RELEASE_DOWNLOAD, P.RELEASE_ACKNOWLEDGE, P.WARNINGS_INDEX_READ, P.WARNINGS_INDEX_RETRY,
    P.WARNINGS_INDEX_ACKNOWLEDGE,
})  # fmt: skip
_FORM = "the form alone, before anything is chosen"
_COUNTS = "numbers, codes and times"
NOT_NOTED: Mapping[str, str] = {
    "/returns/upload": _FORM,
    "/returns/nil": _FORM,
    "/releases/prepare": _FORM,
    "/api/v1/returns": _COUNTS,
    "/api/v1/returns/{return_id}": _COUNTS,
    "/api/v1/disputes/by-organisation": _COUNTS,
    "/api/v1/releases": _COUNTS,
    "/api/v1/releases/{release_id}/manifest.json": _COUNTS,
    "/api/v1/releases/{release_id}/funnel": _COUNTS,
    "/returns": _COUNTS,
    "/returns/checking/{waiting_id}": _COUNTS,
    "/returns/{return_id}/receipt": _COUNTS,
    "/releases": _COUNTS,
}
# What stands in an address, by the name of its place there.
_KINDS: Mapping[str, str] = {
    "return_id": "return", "row_id": "open-row", "debt_id": "debt", "debtor_id": "debtor", "match_id": "match",
    "dispute_id": "dispute", "release_id": "release", "user_id": "user", "waiting_id": "waiting-check",
    "code": "organisation", "slug": "report", "period": "period",
}  # fmt: skip
# What such a thing looks like: nothing else that was typed into an address is kept.
_LOOKS = {
    "organisation": re.compile("[A-Z0-9]{3,6}"), "report": re.compile("[a-z-]{1,40}"),
    "period": re.compile("2[01][0-9]{2}-[0-9]{2}"),
}  # fmt: skip
_ID = re.compile("[0-9a-f]{32}")
_PLAIN = re.compile("[0-9a-f]{32}|[A-Z0-9]{3,6}|[0-9]{1,7}|2[01][0-9]{2}-[0-9]{2}(-[0-9]{2})?")
_WORDS = frozenset({*Status, "yes", "no", "true", "false", "open", "waiting", "decided", "refused"})
_FILTERS = frozenset(
    {"organisation", "period", "status", "held", "state", "outcome", "search", "page", "after", "from", "to"}
)
REFUSED = frozenset({401, 403, 404})  # 401: with a token that has ended; of nobody known nothing is kept
REFUSED_CHANGE = frozenset({409, 413, 422})  # of a question that was asked wrongly there is nothing to tell
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Seen:
    """One thing to tell the audit. `detail` holds nothing that somebody typed."""

    action: AuditAction
    outcome: str
    kind: str
    subject: str
    detail: Mapping[str, str] = field(default_factory=dict)


def shows_people(route: APIRoute) -> bool:
    return required_by(route) in OF_PEOPLE and route.path not in NOT_NOTED


def seen(
    route: APIRoute, status: int, given: Mapping[str, str], query: Mapping[str, str], heard: Sequence[str]
) -> Seen | None:
    """What there is to tell of an answer that somebody signed in is about to get; None for what is nobody's data.

    `heard` are the outcomes of what the request has recorded itself. Of a change that is refused only those tell that
    were refused too: any other was undone with the change.
    """
    required = required_by(route)
    if _was_refused(route, status, heard) and required not in (None, Door.OPEN, Door.SIGNING_IN):
        return Seen(AuditAction.TRY_REFUSED, "refused", *_subject(route, given),
                    {"status": str(status), **_told(route)})  # fmt: skip
    if heard or not 200 <= status < 300:
        return None
    if required is P.AUDIT_READ:
        return Seen(AuditAction.AUDIT_READ, "done", "audit", "events", {**_told(route), **_filters(query)})
    if shows_people(route):
        return Seen(AuditAction.VIEWED, "done", *_subject(route, given), {**_told(route), **_filters(query)})
    return None


def shown_too(refused: Seen, page: Seen) -> Seen:
    """One event for both: the try that was refused, and the page of people that came with the answer."""
    return replace(refused, detail={**refused.detail, "shown": page.detail["route"]})


def _was_refused(route: APIRoute, status: int, heard: Sequence[str]) -> bool:
    if status in REFUSED_CHANGE and not _CHANGING.isdisjoint(route.methods or ()):
        return "refused" not in heard
    return status in REFUSED


def _told(route: APIRoute) -> dict[str, str]:
    """The route, as it stands in the program: never the address that was asked for."""
    return {"route": f"{min(route.methods or {'-'})} {route.path}"}


def _subject(route: APIRoute, given: Mapping[str, str]) -> tuple[str, str]:
    """The thing that the address names, else the list."""
    for name, kind in _KINDS.items():
        if name in given:
            return kind, given[name] if _LOOKS.get(kind, _ID).fullmatch(given[name]) else "-"
    return "list", route.path.removeprefix("/api/v1").strip("/").split("/")[0][:40] or "home"


def _filters(query: Mapping[str, str]) -> dict[str, str]:
    """What was chosen from a list, or is a code, a day or an id: addresses carry no names, and this trusts nobody."""
    return {
        f"asked_{name}": text
        for name, text in query.items()
        if name in _FILTERS and (text in _WORDS or _PLAIN.fullmatch(text))
    }  # fmt: skip


def looks_like_a_code(text: str) -> bool:
    return _LOOKS["organisation"].fullmatch(text) is not None
