"""How pages name roles, the states of accounts, and what was done to an account or an organisation."""

from collections.abc import Mapping
from typing import Any

from app.accounts.models import RoleGrant
from app.accounts.people import State
from app.accounts.permissions import Role
from app.audit.models import AuditAction, AuditEvent
from app.periods.calendar import Period

A = AuditAction
ROLES: Mapping[Role, tuple[str, str]] = {
    Role.TRUST: ("Overseas visitor manager", "Sends the returns of one organisation. Choose the organisation."),
    Role.DEBTORS_TEAM: ("Debtors Team", "Reads the register of all organisations."),
    Role.LPM: ("Local Partnership Manager", "Looks after organisations. Sees no personal data."),
    Role.BOARD: ("Board", "Sees rates only."),
    Role.ADMIN: ("Administrator", "Manages users and organisations. Sees no personal data of debtors."),
    Role.AUDITOR: ("Auditor", "Reads the audit."),
    Role.HEALTH_DEPARTMENT: ("Health department", "Sees who has submitted in one nation. Choose the nation."),
    Role.BORDER: ("Border", "Asks for urgent status checks only."),
}
_STATES = {
    State.INVITED: ("Invited", "blue"),
    State.ACTIVE: ("Active", "green"),
    State.LOCKED: ("Locked for now", "yellow"),
    State.DISABLED: ("Disabled", "grey"),
}
_ACTIONS: Mapping[str, str] = {
    A.USER_ADDED: "Account added",
    A.USER_INVITED: "Invitation sent",
    A.USER_SIGNED_IN: "Signed in",
    A.USER_SIGNED_OUT: "Signed out",
    A.SESSIONS_ENDED: "Signed out everywhere",
    A.USER_DISABLED: "Account disabled",
    A.USER_ENABLED: "Account enabled",
    A.ROLE_GRANTED: "Role given",
    A.ROLE_REVOKED: "Role taken away",
    A.PORTFOLIO_SET: "Portfolio changed",
    A.PORTFOLIO_TAKEN_OVER: "Portfolio taken over",
    A.PASSWORD_RESET_ASKED: "Link for a new password sent",
    A.PASSWORD_SET: "Password chosen",
    A.SECOND_FACTOR_SET: "Codes set up",
    A.SECOND_FACTOR_REMOVED: "Codes reset",
    A.IDENTITY_BOUND: "Identity provider connected",
    A.IDENTITY_UNBOUND: "Identity provider disconnected",
    A.TOKEN_CREATED: "Token made",
    A.TOKEN_REVOKED: "Token ended",
    A.ORGANISATION_CHANGED: "Facts changed",
    A.OBLIGATION_SET: "Obligation set",
    A.MONTH_EXCUSED: "Month excused",
    A.MONTH_NO_LONGER_EXCUSED: "Month no longer excused",
    A.DUE_DATE_MOVED: "Due date moved",
    A.DUE_DATE_TAKEN_BACK: "Due date as usual again",
    A.CONTACT_ADDED: "Contact added",
    A.CONTACT_CHANGED: "Contact changed",
    A.CONTACT_REMOVED: "Contact removed",
    A.STATUS_CHECKED: "Status check",
    A.COVER_SET: "Cover set",
    A.COVER_ENDED: "Cover ended early",
    A.PHONE_CHANGED: "Phone number changed",
    A.CONTACT_LOGGED: "Entry written",
    A.CONTACT_LOG_CHANGED: "Entry corrected",
    A.NEXT_STEP_DONE: "Next step done",
    A.REMINDER_SENT: "Reminded",
    A.REMINDER_WORDED: "Words of a reminder changed",
}
_DETAILS = {
    "role": "", "nation": "nation", "codes": "organisations", "why": "why", "begins": "from", "ends": "to",
    "reason": "reason", "fields": "", "period": "", "occasion": "", "recipients": "recipients:",
}  # fmt: skip


def role_word(role: str) -> str:
    return ROLES[Role(role)][0]


def grant_words(grant: RoleGrant) -> str:
    """“Overseas visitor manager, RJ1”."""
    place = grant.organisation_code or grant.nation
    return role_word(grant.role) + (f", {place}" if place else "")


def person_tag(state: State) -> dict[str, str]:
    """The parameters of a tag."""
    word, colour = _STATES[state]
    return {"text": word, "classes": f"govuk-tag--{colour}"}


def state_choices() -> list[tuple[str, str]]:
    return [("", "All"), *((state.value, word) for state, (word, _) in _STATES.items())]


def role_choices() -> list[tuple[str, str]]:
    return [("", "All"), *((role.value, word) for role, (word, _) in ROLES.items())]


def event_words(event: AuditEvent) -> str:
    """“Role given: Overseas visitor manager, organisation RJ1”."""
    known = _ACTIONS.get(event.action, event.action) + ("" if event.outcome == "done" else f" – {event.outcome}")
    facts = [
        f"{_DETAILS[key]} {_shown(value)}".strip() for key, value in event.detail.items() if key in _DETAILS and value
    ]
    if event.organisation_code and event.subject_type == "user":
        facts.append(f"organisation {event.organisation_code}")
    return f"{known}: {', '.join(facts)}" if facts else known


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value)
    text = role_word(value) if value in set(Role) else str(value)
    return text if text[:1].isdigit() else text.replace("_", " ").replace("-", " ")


def month(text: str | None) -> str:
    """2026-10 becomes October 2026."""
    return Period.parse(text).label if text else ""


FILTERS = {
    "role_word": role_word, "grant_words": grant_words, "person_tag": person_tag, "event_words": event_words,
    "month": month,
}  # fmt: skip
