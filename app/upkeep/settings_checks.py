"""What the settings and this machine's account say about safety. A new check is one function and its line in CHECKS."""

import os
import re

from app.core.errors import ServiceError
from app.mail_settings import Mail, SmtpTls
from app.policy.in_force import policy_in_force
from app.secret_files import secrets_among, variable
from app.settings import LOOPBACK, Settings, is_in_environment
from app.upkeep.check import SettingsCheck, Told, decide, is_production, safe, unsafe


def environment(settings: Settings) -> Told:
    if is_production(settings):
        return safe("This is production.")
    return decide(f"This is {settings.environment}: its safeguards are lower. No real person may be in it.")


def secret_key(settings: Settings) -> Told:
    """Production has refused one that is short or easy to guess before anybody could ask."""
    if not is_production(settings):
        return decide("The key that signs may be the demo's, which everybody knows.")
    return safe("The key that signs is long enough. Keep it apart from the backups: both together open second factors.")


def secrets_in_files(settings: Settings) -> Told:
    held = [variable(name) for name in secrets_among(type(settings).model_fields) if is_in_environment(name)]
    held = [name for name in held if name != variable("database_url") or _has_password(settings)]
    if held:
        return decide(
            f"Secrets stand in the environment, which other tools list: {', '.join(held)}. A file is safer: put its path "
            "into the same name with _FILE at the end."
        )
    return safe("No secret stands in the environment.")


def address(settings: Settings) -> Told:
    if settings.base_url.startswith("https://"):
        return safe("People reach the service by https.")
    if re.match(LOOPBACK, settings.base_url):
        return decide(
            "The service answers to this machine only, without https. Set DEBTOR_RETURNS_BASE_URL for others."
        )
    return unsafe("DEBTOR_RETURNS_BASE_URL is not an https:// address: passwords would travel in plain text.")


def proxy(settings: Settings) -> Told:
    if settings.trusted_proxy:
        return safe("The addresses of people are taken from the reverse proxy that is named.")
    return decide(
        "No reverse proxy is named. If there is one, name it in DEBTOR_RETURNS_TRUSTED_PROXY: without it wrong passwords "
        "of one person lock out everybody."
    )


def second_factor(settings: Settings) -> Told:
    if settings.second_factor == "required":
        return safe("Everybody who signs in with a password needs one-time codes.")
    return decide("One-time codes are offered, not required: one stolen password opens an account.")


def mail(settings: Settings) -> Told:
    if settings.mail is Mail.OUTBOX:
        return decide("Mails do not leave: nobody is invited or reminded unless an administrator passes mails on.")
    if settings.mail is Mail.SMTP and settings.smtp_tls is SmtpTls.PLAIN:
        return decide("Mails leave in plain text. That is for a mail server on this machine only.")
    return safe("Mails leave by a secret connection.")


def policy_folder(settings: Settings) -> Told:
    """Read as the rules read it."""
    try:
        policy_in_force()
    except (ServiceError, OSError, ValueError):
        return unsafe("The policy tables cannot be read. Mend the folder that DEBTOR_RETURNS_POLICY_FOLDER names.")
    if settings.policy_folder is None:
        return safe("The shipped policy tables are in force.")
    return decide("Your own policy tables are in force. Check after each update that they still say what you decided.")


def virus_scanner(settings: Settings) -> Told:
    if settings.virus_scanner:
        return safe("Each uploaded file is searched for viruses. While the scanner is away, none is taken.")
    return decide(
        "Uploaded files are not searched for viruses. Their formats are checked, and macros and links refused."
    )


def account(_settings: Settings) -> Told:
    if os.getuid() == 0:
        return decide("The service runs as the machine's administrator (root). Run it as an account of its own.")
    return safe("The service runs as an ordinary account of the machine.")


def backups(settings: Settings) -> Told:
    """What lies elsewhere cannot be seen from here, so this is never called safe."""
    if not settings.backup_key:
        return decide("No key for backups is set, so they are not encrypted. Set DEBTOR_RETURNS_BACKUP_KEY.")
    return decide(
        "The service cannot see whether its backups are kept elsewhere and were ever restored. Try it each quarter."
    )


CHECKS: tuple[SettingsCheck, ...] = (
    SettingsCheck("Environment", environment),
    SettingsCheck("Secret key", secret_key),
    SettingsCheck("Secrets", secrets_in_files),
    SettingsCheck("Address", address),
    SettingsCheck("Reverse proxy", proxy),
    SettingsCheck("Second factor", second_factor),
    SettingsCheck("Mail", mail),
    SettingsCheck("Policy tables", policy_folder),
    SettingsCheck("Virus scanner", virus_scanner),
    SettingsCheck("Account of the machine", account),
    SettingsCheck("Backups", backups),
)


def _has_password(settings: Settings) -> bool:
    return bool(re.search(r"//[^/@]*:[^/@]+@", settings.database_url))
