"""The key that backups are encrypted with, from the settings."""

from app.core.errors import Refused
from app.settings import Settings, is_guessable


def backup_key(settings: Settings) -> str | None:
    """None where backups are not encrypted. Raises Refused (422) for a key that is easy to guess or a file without one."""
    if settings.backup_key and settings.backup_key_file:
        raise Refused("DEBTOR_RETURNS_BACKUP_KEY and DEBTOR_RETURNS_BACKUP_KEY_FILE are both set. Unset one of them.")
    key = settings.backup_key
    if settings.backup_key_file:
        key = (settings.backup_key_file.read_text().splitlines() or [""])[0].strip()
    elif not key:
        return None
    if is_guessable(key):
        raise Refused(
            "The key for backups is missing, shorter than 32 characters or easy to guess. Make one with: "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return key
