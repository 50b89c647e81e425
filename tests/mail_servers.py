"""Recipients of mail: a real SMTP server on this machine, and a stand-in that speaks GOV.UK Notify's API and checks the key."""

import json
import logging
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import jwt
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.core import clock

logging.getLogger("mail.log").setLevel(logging.ERROR)  # the server's own words are not the service's
SERVICE_ID, SECRET = "11111111-2222-4333-8444-555555555555", "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
KEY, TEMPLATE = f"test_key-{SERVICE_ID}-{SECRET}", "99999999-8888-4777-8666-555555555555"


@dataclass
class Mailbox:
    """What came in. `answers` are given to RCPT and `after` to the mail itself, one after another, then 250."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    signed_in: list[str] = field(default_factory=list)
    were_secret: list[bool] = field(default_factory=list)
    answers: deque[str] = field(default_factory=deque)
    after: deque[str] = field(default_factory=deque)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.popleft() if self.answers else "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self.after.popleft() if self.after else "250 OK"
        if answer.startswith("250") or answer == "dies":
            self.taken.append(message_from_bytes(envelope.content, policy=default))
            self.were_secret.append(session.ssl is not None)
        if answer == "dies":
            server.transport.abort()
        return answer

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.signed_in.append(data.login.decode())
        return AuthResult(success=data.password == b"right", handled=False)


Box = TypeVar("Box", bound=Mailbox)


@contextmanager
def smtp_server(**more: Any) -> Iterator[Mailbox]:
    with serving(Mailbox, **more) as box:
        yield box


@contextmanager
def serving(kind: type[Box], **more: Any) -> Iterator[Box]:
    """A server with a mailbox of this kind."""
    box = kind(free_port())
    running = Controller(
        box, hostname="127.0.0.1", port=box.port, authenticator=box.authenticate, enable_SMTPUTF8=False, **more
    )
    running.start()
    try:
        yield box
    finally:
        running.stop()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def slow_server(says: Callable[[socket.socket, threading.Event], object]) -> Iterator[int]:
    """A server that does what the test says with each connection, until the test is over. Gives its port."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)

        def serve() -> None:
            while not over.is_set():
                try:
                    taken, _ = listening.accept()
                except TimeoutError:
                    continue
                with taken, suppress(OSError):
                    says(taken, over)

        running = threading.Thread(target=serve)
        running.start()
        try:
            yield listening.getsockname()[1]
        finally:
            over.set()
            running.join()


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A certificate of 127.0.0.1 that signs itself, as a file to trust and as what a server shows."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]),
    )
    now = clock.real_now()
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    file = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context


@dataclass
class Desk:
    """The stand-in for GOV.UK Notify. `answers` are given one after another, then 201 for each mail: a status with what
    it says, or what to do with the request.
    """

    url: str = ""
    taken: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: deque[Any] = field(default_factory=deque)

    def known(self, reference: str) -> list[dict[str, Any]]:
        return [{"id": id_of(one), "status": "delivered"} for one in self.taken if one["reference"] == reference]


def id_of(sent: dict[str, Any]) -> str:
    return f"notify-{sent['reference']}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        desk: Desk = self.server.desk  # type: ignore[attr-defined]
        sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
        desk.asked.append(f"POST {self.path}")
        answer = desk.answers.popleft() if desk.answers else (201, {})
        if callable(answer):
            answer(self)
            return
        status, said, *headers = answer
        if not self._is_genuine():
            status, said = 403, {"errors": [{"error": "AuthError", "message": "the key is not right"}]}
        if status == 201:
            desk.taken.append(sent)
            said = said or {"id": id_of(sent), "reference": sent["reference"]}
        self._say(status, said, *headers)

    def do_GET(self) -> None:
        desk: Desk = self.server.desk  # type: ignore[attr-defined]
        desk.asked.append(f"GET {urlsplit(self.path).path}")
        reference = parse_qs(urlsplit(self.path).query).get("reference", [""])[0]
        self._say(200, {"notifications": desk.known(reference), "links": {}})

    def _is_genuine(self) -> bool:
        """As Notify checks it: signed with the secret, by the service, within half a minute."""
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(
                token, SECRET, algorithms=["HS256"], issuer=SERVICE_ID, options={"require": ["iss", "iat"]}
            )
        except jwt.InvalidTokenError:
            return False
        return abs(claims["iat"] - clock.real_now().timestamp()) <= 30

    def _say(self, status: int, said: Any, headers: dict[str, str] | None = None) -> None:
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def notify_desk() -> Iterator[Desk]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    desk = Desk(f"http://127.0.0.1:{server.server_address[1]}")
    server.desk = desk  # type: ignore[attr-defined]
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
        serving.join()
