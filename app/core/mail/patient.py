"""A conversation with an SMTP server that ends after a given time, however slowly the server drips."""

import io
import smtplib
import socket
import ssl
from datetime import datetime, timedelta
from typing import Any

from app.core import clock
from app.mail_settings import SmtpTls

CONNECTING = timedelta(seconds=4)  # for each address of the server


class _Reading(io.RawIOBase):
    """The server's answers, as long as there is time."""

    def __init__(self, talk: "_Timed") -> None:
        super().__init__()
        self._talk = talk

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._talk.timed_socket().recv_into(buffer)


class _Timed:
    """What both kinds of connection have: every read and write gets only what is left of the time."""

    sock: socket.socket | None
    file: Any

    def __init__(self, ends_at: datetime, *args: Any, **more: Any) -> None:
        self._ends_at = ends_at  # first, since the constructor talks already
        super().__init__(*args, **more)

    def timed_socket(self) -> socket.socket:
        left = (self._ends_at - clock.real_now()).total_seconds()
        if left <= 0 or self.sock is None:
            raise TimeoutError
        self.sock.settimeout(left)
        return self.sock

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None:
            self.file = io.BufferedReader(_Reading(self))
        return super().getreply()  # type: ignore[misc,no-any-return]  # of the class that this is mixed into

    def send(self, s: Any) -> None:
        if self.sock is not None:
            self.timed_socket()
        super().send(s)  # type: ignore[misc]


class _Smtp(_Timed, smtplib.SMTP):
    pass


class _SmtpOverTls(_Timed, smtplib.SMTP_SSL):
    pass


def talk_to(host: str, port: int, tls: SmtpTls, ends_at: datetime) -> smtplib.SMTP:
    """Connected and, unless plain is chosen, secret; the certificate must be the host's.

    Raises OSError, which smtplib's own errors are too.
    """
    begin: dict[str, Any] = {
        "host": host,
        "port": port,
        "local_hostname": socket.gethostname(),
        "timeout": min(CONNECTING, ends_at - clock.real_now()).total_seconds(),
    }
    if tls is SmtpTls.TLS:
        return _SmtpOverTls(ends_at, **begin, context=ssl.create_default_context())
    talk = _Smtp(ends_at, **begin)
    if tls is SmtpTls.STARTTLS:
        try:
            talk.starttls(context=ssl.create_default_context())
        except BaseException:
            talk.close()
            raise
    return talk
