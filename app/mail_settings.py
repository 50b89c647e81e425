"""The settings of mail, and what is missing or does not go together among them."""

import re
from enum import StrEnum
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from app.secret_files import SECRET

ADDRESS = r"[!#-'*+\-./0-9=?A-Z^_`a-z{|}~]+@[A-Za-z0-9.-]+"  # as every mail server takes it
_ORIGIN = r"https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/?"
_OWN_MACHINE = ("127.0.0.1", "::1", "localhost")
_UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class Mail(StrEnum):
    """How mails leave: not at all, by an SMTP server, or through GOV.UK Notify."""

    OUTBOX = "outbox"
    SMTP = "smtp"
    NOTIFY = "notify"


class SmtpTls(StrEnum):
    """How the connection to the SMTP server is kept secret: begun in plain text, from the start, or not at all."""

    STARTTLS = "starttls"
    TLS = "tls"
    PLAIN = "plain"


class MailSettings(BaseSettings):
    """A part of `Settings`: one field per setting, as there."""

    mail: Mail = Field(
        Mail.OUTBOX,
        description="How mails leave: outbox (they do not; an administrator reads them on /outbox), smtp, or notify for "
        "GOV.UK Notify. `debtor-returns worker` sends them. See docs/mail.md.",
    )
    mail_from: str = Field("", description="The address that mails come from. Needed with smtp.")
    smtp_host: str = Field("", description="The SMTP server. Needed with smtp.")
    smtp_port: int = Field(587, ge=1, le=65535, description="Its port.")
    smtp_tls: SmtpTls = Field(
        SmtpTls.STARTTLS,
        description="starttls, tls (from the start, usually port 465) or plain, for a server on this machine.",
    )
    smtp_user: str = Field("", description="The account at the SMTP server, if it asks for one.")
    smtp_password: SecretStr = Field(SecretStr(""), json_schema_extra=SECRET, description="Its password.")
    notify_api_key: SecretStr = Field(
        SecretStr(""), json_schema_extra=SECRET, description="The API key of GOV.UK Notify. Needed with notify."
    )
    notify_template_id: str = Field(
        "",
        description="The e-mail template at GOV.UK Notify, whose subject is ((subject)) and whose message is ((body)). "
        "Needed with notify.",
    )
    notify_url: str = Field(
        "https://api.notifications.service.gov.uk", description="Where GOV.UK Notify answers: https, without a path."
    )

    @model_validator(mode="after")
    def _mail_is_complete(self) -> Self:
        wrong = {Mail.OUTBOX: [], Mail.SMTP: self._wrong_with_smtp(), Mail.NOTIFY: self._wrong_with_notify()}[self.mail]
        if wrong:
            raise ValueError(" ".join(wrong))
        return self

    def _wrong_with_smtp(self) -> list[str]:
        wrong = []
        if not self.smtp_host:
            wrong.append("DEBTOR_RETURNS_SMTP_HOST is missing: name the SMTP server.")
        if not re.fullmatch(ADDRESS, self.mail_from):
            wrong.append(
                "DEBTOR_RETURNS_MAIL_FROM is missing or not an address. Write it like returns@hospital.example."
            )
        if bool(self.smtp_user) != bool(self.smtp_password):
            wrong.append(
                "DEBTOR_RETURNS_SMTP_USER and DEBTOR_RETURNS_SMTP_PASSWORD go together: set both or neither of them."
            )
        if self.smtp_tls is SmtpTls.PLAIN and self.smtp_user and self.smtp_host not in _OWN_MACHINE:
            wrong.append(
                "DEBTOR_RETURNS_SMTP_TLS=plain would send the password in plain text to another machine. Use starttls or "
                "tls."
            )
        return wrong

    def _wrong_with_notify(self) -> list[str]:
        wrong = []
        if not re.fullmatch(rf".+-{_UUID}-{_UUID}", self.notify_api_key.get_secret_value()):
            wrong.append(
                "DEBTOR_RETURNS_NOTIFY_API_KEY is missing or not whole: copy it from GOV.UK Notify as it stands."
            )
        if not re.fullmatch(_UUID, self.notify_template_id):
            wrong.append("DEBTOR_RETURNS_NOTIFY_TEMPLATE_ID is missing or not the id of a template.")
        if not re.fullmatch(_ORIGIN, self.notify_url):
            wrong.append("DEBTOR_RETURNS_NOTIFY_URL is not an address without a path, such as https://notify.example.")
        elif not self.notify_url.startswith("https://") and not _is_own_machine(self.notify_url):
            wrong.append("DEBTOR_RETURNS_NOTIFY_URL is not an https:// address.")
        return wrong


def _is_own_machine(url: str) -> bool:
    return bool(re.match(r"http://(127\.0\.0\.1|localhost|\[::1\])(:|/|$)", url))
