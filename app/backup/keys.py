"""The key that backups are encrypted with, from the settings."""

from app.core.errors import Refused
from app.settings import Settings, is_guessable


def backup_key(settings: Settings) -> str | None:
    """None where backups are not encrypted. Raises Refused (422) for a key that is easy to guess."""
    key = settings.backup_key.get_secret_value()
    if not key:
        return None
    if is_guessable(key):
        raise Refused(
            "The key for backups is shorter than 32 characters or easy to guess. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return key
