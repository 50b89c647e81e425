"""The words of the mails about accounts. They name nobody: whoever reads them has the mailbox."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.accounts.models import Purpose
from app.core import clock
from app.core.mail.channel import SERVICE


@dataclass(frozen=True)
class Letter:
    """A mail in plain text, and the link that stands in it."""

    subject: str
    body: str
    link: str


def invitation(base_url: str, token: str, expires_at: datetime) -> Letter:
    link = f"{base_url}/welcome/{token}"
    return Letter(
        f"You are invited to {SERVICE}",
        f"""Hello

You have been given an account for {SERVICE}, the service in which trusts report the unpaid debts of overseas patients.

Set up your account:
{link}

The link works once, until {when(expires_at)}. If it has run out, ask the administrator who invited you for a new one.

You will choose how to sign in. If you choose a password, have a phone with an authenticator app at hand.

If you did not expect this, do nothing: without the link nobody can use the account. Do not pass the link on.
""",
        link,
    )


def reset(base_url: str, token: str, expires_at: datetime) -> Letter:
    link = f"{base_url}/reset-password/{token}"
    return Letter(
        f"Choose a new password for {SERVICE}",
        f"""Hello

Somebody, we think you, asked to choose a new password for {SERVICE}.

Choose a new password:
{link}

The link works once, until {when(expires_at)}. If it has run out, ask for a new one on the sign-in page.

If you did not ask for this, do nothing: your password stays as it is. If it happens again, tell your administrator.
Do not pass the link on.
""",
        link,
    )


WRITTEN: dict[Purpose, Callable[[str, str, datetime], Letter]] = {Purpose.INVITE: invitation, Purpose.RESET: reset}


def when(moment: datetime) -> str:
    """Such as 14:05 on 3 December 2026, UK time."""
    local = moment.astimezone(clock.UK)
    return f"{local:%H:%M} on {local.day} {local:%B %Y}, UK time"
