"""How pages name the kinds of mail, and what became of one."""

from collections.abc import Mapping

from app.core.outbox import Message, State
from app.mail_settings import Mail
from app.settings import Settings

KINDS: Mapping[str, str] = {
    "invite": "Invitation",
    "reset": "Link for a new password",
    "receipt": "Receipt of a return",
    "rows": "Rows to mend",
    "release-rows": "Debts that were not loaded",
    "dispute": "Dispute",
    "reminder": "Reminder",
}
_STATES: Mapping[State, tuple[str, str]] = {
    State.WAITING: ("Waiting", "blue"),
    State.SENT: ("Sent", "green"),
    State.FAILED: ("Given up", "red"),
    State.KEPT: ("Only here", "grey"),
    State.OVER: ("Called back", "grey"),
}


def mail_tag(message: Message) -> dict[str, str]:
    """The parameters of a tag."""
    word, colour = _STATES[State(message.state)]
    return {"text": word, "classes": f"govuk-tag--{colour}"}


def mail_kind(message: Message) -> str:
    return KINDS.get(message.kind, message.kind.capitalize())


def state_choices() -> list[tuple[str, str]]:
    return [("", "All"), *((state.value, word) for state, (word, _) in _STATES.items())]


def kind_choices() -> list[tuple[str, str]]:
    return [("", "All"), *KINDS.items()]


def way_out(settings: Settings) -> str:
    """By which way mails leave; empty when they do not."""
    return {Mail.OUTBOX: "", Mail.SMTP: f"the mail server {settings.smtp_host}", Mail.NOTIFY: "GOV.UK Notify"}[
        settings.mail
    ]


FILTERS = {"mail_tag": mail_tag, "mail_kind": mail_kind}
