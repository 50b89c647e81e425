"""The navigation: every place a signed-in person may go to, by permission, declared once."""

from dataclasses import dataclass

from app.accounts.permissions import Permission
from app.web.visit import Visit

P = Permission


@dataclass(frozen=True)
class Place:
    """One entry. It is shown to whoever holds one of the permissions; without any, to everybody who is signed in."""

    text: str
    path: str
    permissions: tuple[Permission, ...] = ()


PLACES: tuple[Place, ...] = (
    Place("Home", "/"),
    Place("Returns", "/returns", (P.RETURN_READ,)),
    Place("Rows to mend", "/open-rows", (P.OPEN_ROW_READ,)),
    Place("Debts", "/debts", (P.DEBT_READ,)),
    Place("Possible matches", "/matches", (P.MATCH_DECIDE,)),
    Place("Disputes", "/disputes", (P.DISPUTE_READ,)),
    Place("Releases", "/releases", (P.RELEASE_READ,)),
    Place("Warnings Index", "/warnings-index", (P.WARNINGS_INDEX_READ,)),
    Place("Who has submitted", "/submissions", (P.SUBMISSION_READ,)),
    Place("Reminders", "/reminders", (P.REMINDER_READ,)),
    Place("Reports", "/reports", (P.REPORT_READ,)),
    Place("Data sharing", "/data-sharing", (P.SHARING_READ,)),
    Place("Organisations", "/organisations", (P.ORGANISATION_MANAGE,)),
    Place("Obligations", "/obligations", (P.OBLIGATION_MANAGE,)),
    Place("Due dates", "/periods", (P.PERIOD_MANAGE,)),
    Place("Users", "/users", (P.USER_MANAGE,)),
    Place("Mail", "/outbox", (P.USER_MANAGE,)),
    Place("This service", "/service", (P.SERVICE_READ,)),
    Place("Check a debt", "/status-checks", (P.STATUS_CHECK,)),
    Place("Audit", "/audit", (P.AUDIT_READ,)),
    Place("Guidance", "/guidance"),
)


def items(visit: Visit) -> list[dict[str, object]]:
    """The parameters of the design system's service navigation."""
    if not visit.is_signed_in:
        return []
    return [
        {
            "text": place.text,
            "href": place.path,
            "current": _is_here(visit.path, place),
            "active": _is_here(visit.path, place),
        }
        for place in PLACES
        if not place.permissions or any(visit.may(permission) for permission in place.permissions)
    ]


def _is_here(path: str, place: Place) -> bool:
    return path == place.path or (place.path != "/" and path.startswith(place.path + "/"))
