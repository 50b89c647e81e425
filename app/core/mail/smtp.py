"""Mail through an SMTP server: one connection for each, plain text, and refusals told apart from bad luck."""

import re
import smtplib
import socket
import ssl
from contextlib import suppress
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from app.core import clock
from app.core.mail.channel import SERVICE, Mail, Outcome, Result
from app.core.mail.patient import talk_to
from app.mail_settings import ADDRESS, MailSettings

PATIENCE = timedelta(seconds=10)  # for one mail
TWICE = "An earlier attempt was cut off, so this mail may have arrived twice."
_DONE, _TAKEN, _CLOSING = 250, (250, 251), 421

_TROUBLES: tuple[tuple[type[OSError] | tuple[type[OSError], ...], str], ...] = (  # the first that fits
    (smtplib.SMTPAuthenticationError, "The mail server does not accept the user and password ({code})."),
    (smtplib.SMTPSenderRefused, "The mail server does not accept the address that mails come from ({code})."),
    (smtplib.SMTPResponseException, "The mail server answered {code}."),
    (smtplib.SMTPNotSupportedError,
     "The mail server does not offer what is set: STARTTLS, or signing in. Check DEBTOR_RETURNS_SMTP_TLS."),
    (ssl.SSLCertVerificationError,
     "The mail server’s certificate is not accepted. Check the host’s name and the certificate."),
    (ssl.SSLError, "The mail server does not speak TLS as it is set. Check DEBTOR_RETURNS_SMTP_TLS and the port."),
    ((ConnectionRefusedError, socket.gaierror),
     "The mail server could not be reached. Check the host, the port and the network between."),
)  # fmt: skip


class Smtp:
    name = "smtp"

    def __init__(self, settings: MailSettings, patience: timedelta = PATIENCE) -> None:
        self._settings, self._patience = settings, patience

    def send(self, mail: Mail) -> Outcome:
        if not re.fullmatch(ADDRESS, mail.to):
            return Outcome(Result.FAILED, "Mail cannot be sent to this address. Correct the address of the account.")
        ends_at = clock.real_now() + self._patience
        try:
            talk = self._begin(ends_at)
        except OSError as error:
            return Outcome(Result.TRY_AGAIN, _words(error, ends_at), is_down=True)
        try:
            return self._hand_over(talk, mail, ends_at)
        finally:
            with suppress(OSError):
                talk.quit()
            talk.close()

    def _begin(self, ends_at: datetime) -> smtplib.SMTP:
        """A connection on which our own address was accepted. Whatever goes wrong until then is not about this mail."""
        settings = self._settings
        talk = talk_to(settings.smtp_host, settings.smtp_port, settings.smtp_tls, ends_at)
        try:
            if settings.smtp_user:
                talk.login(settings.smtp_user, settings.smtp_password.get_secret_value())
            talk.ehlo_or_helo_if_needed()
            code, words = talk.mail(settings.mail_from)
            if code != _DONE:
                raise smtplib.SMTPSenderRefused(code, words, settings.mail_from)
        except BaseException:
            talk.close()
            raise
        return talk

    def _hand_over(self, talk: smtplib.SMTP, mail: Mail, ends_at: datetime) -> Outcome:
        sender = self._settings.mail_from
        try:
            code, _ = talk.rcpt(mail.to)
        except OSError as error:
            return Outcome(Result.TRY_AGAIN, _words(error, ends_at))
        if code not in _TAKEN:
            return _refused(code, "The mail server does not take mail for this address")
        try:
            code, _ = talk.data(written(mail, sender))
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
        except OSError as error:  # it has the mail, or not: the answer did not come
            return Outcome(Result.TRY_AGAIN, _words(error, ends_at), is_unsure=True)
        if code == _DONE:
            return Outcome(Result.SENT, TWICE if mail.is_unsure else "", message_id(mail, sender))
        return _refused(code, "The mail server does not take this mail")


def written(mail: Mail, sender: str) -> bytes:
    """The mail as it travels. A line break in a heading could start another one, so a subject is one line."""
    made = EmailMessage(policy=SMTP)
    made["From"] = Address(SERVICE, addr_spec=sender)
    made["To"] = mail.to
    made["Subject"] = " ".join(mail.subject.split())
    made["Date"] = format_datetime(clock.real_now())
    made["Message-ID"] = message_id(mail, sender)
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(mail.body, cte="quoted-printable")
    return made.as_bytes()


def message_id(mail: Mail, sender: str) -> str:
    """The same at every attempt: a mailbox that gets the mail twice can tell."""
    return f"<{mail.id}@{sender.partition('@')[2]}>"


def _refused(code: int, words: str) -> Outcome:
    """5xx is for good, anything else for now."""
    if 500 <= code < 600:
        return Outcome(Result.FAILED, f"{words} ({code}).")
    odd = not 400 <= code < 500
    return Outcome(Result.TRY_AGAIN, f"{words} now ({code}).", is_unsure=odd, is_down=code == _CLOSING)


def _words(error: OSError, ends_at: datetime) -> str:
    known = next((words for kind, words in _TROUBLES if isinstance(error, kind)), "")
    if known:
        return known.format(code=getattr(error, "smtp_code", ""))
    if isinstance(error, TimeoutError) or clock.real_now() >= ends_at:
        return "The mail server did not answer in time."
    return "The connection to the mail server broke."
