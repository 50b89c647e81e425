"""deploy/nginx.conf with a real nginx before the real service: nothing is lost, doubled or believed on the way."""

import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx2
import pytest

from app.core.db import Database
from tests.cli.test_stopping import free_port, serving, until
from tests.guards.source import PROJECT

pytestmark = pytest.mark.soak
PRODUCTION = {
    "environment": "production",
    "base_url": "https://returns.example",
    "trusted_proxy": "127.0.0.1",
    "today": "",
}


@contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[tuple[str, int]]:
    """Gives the address of the proxy, and the port that leads there."""
    assert shutil.which("nginx"), "This run needs nginx: apt-get install nginx-light"
    plain, secret = free_port(), free_port()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=returns.example",
         "-keyout", folder / "tls_key", "-out", folder / "tls_certificate"], check=True, capture_output=True,
    )  # fmt: skip
    text = (PROJECT / "deploy" / "nginx.conf").read_text()
    for ours, here in {
        "web:8000": f"127.0.0.1:{upstream}", "listen 8080": f"listen 127.0.0.1:{plain}",
        "listen 8443": f"listen {secret}", " /tmp/": f" {folder}/", "/run/secrets/": f"{folder}/",
        "/dev/stdout": f"{folder}/access", "/dev/stderr": f"{folder}/errors",
    }.items():  # fmt: skip
        assert ours in text
        text = text.replace(ours, here)
    (folder / "nginx.conf").write_text(f"daemon off; master_process off;\n{text}")
    folder.chmod(0o755)
    running = subprocess.Popen(["nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "errors"])
    try:
        until(lambda: httpx2.get(f"http://127.0.0.1:{plain}/").status_code == 308, 20)
        yield f"https://127.0.0.1:{secret}", plain
    finally:
        running.terminate()
        running.wait(20)


def asking(address: str, local: str = "127.0.0.1") -> httpx2.Client:
    anyone = ssl.create_default_context()
    anyone.check_hostname, anyone.verify_mode = False, ssl.CERT_NONE
    way = httpx2.HTTPTransport(verify=anyone, local_address=local)
    return httpx2.Client(base_url=address, transport=way, headers={"Host": "returns.example"}, timeout=60)


def promising(address: str, size: int) -> bytes:
    """The first bytes of the answer to whoever says how much will come and sends none of it."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    port = int(address.rpartition(":")[2])
    head = f"POST /api/v1/returns HTTP/1.1\r\nHost: returns.example\r\nContent-Length: {size}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line, context.wrap_socket(line) as secret:
        secret.sendall(head.encode())
        return secret.recv(100)


def test_the_service_behind_its_proxy(_sqlite, tmp_path, monkeypatch):
    monkeypatch.delenv("DEBTOR_RETURNS_TODAY")
    database: Database = _sqlite.database
    settings = {name: value for name, value in PRODUCTION.items() if value}
    with (
        serving(database, tmp_path / "log", **settings) as (_, port),
        nginx(tmp_path, port) as (address, plain),
        asking(address) as client,
    ):
        page = client.get("/sign-in?email=Okonkwo", headers={"X-Request-ID": "claimed-by-the-client"})
        assert page.status_code == 200
        names = [name.lower() for name, _ in page.headers.multi_items() if name.lower() != "set-cookie"]
        assert sorted(names) == sorted(set(names))
        assert {"strict-transport-security", "content-security-policy", "x-request-id"} <= set(names)
        assert page.headers["server"] == "nginx"  # without its version

        followed = page.headers["x-request-id"]
        until(lambda: followed in (tmp_path / "log").read_text(), 10)
        told = [json.loads(line) for line in (tmp_path / "access").read_text().splitlines()]
        ours = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
        assert followed in [line["request_id"] for line in told]
        assert followed in [line.get("request_id") for line in ours if line["event"] == "request"]
        assert "Okonkwo" not in (tmp_path / "access").read_text() + (tmp_path / "log").read_text()

        assert client.get("/health/live").status_code == 200
        assert client.get("/health/ready").status_code == 404
        elsewhere = client.get("/", headers={"Host": "evil.example"})
        assert (elsewhere.status_code, "location" in elsewhere.headers) == (400, False)
        assert httpx2.get(f"http://127.0.0.1:{plain}/x?y=1").headers["location"].startswith("https://")

        large = client.post("/api/v1/returns", files={"file": b"x" * (12 << 20)})
        assert (large.status_code, large.headers["content-type"]) in {
            (413, "application/problem+json"), (401, "application/problem+json"),
        }  # fmt: skip
        assert promising(address, 500 << 20).startswith(b"HTTP/1.1 413 ")


def test_who_asks_is_the_proxys_word_and_not_the_clients(tmp_path):
    seen: list[dict[str, str]] = []

    class Upstream(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append({name.lower(): value for name, value in self.headers.items()})
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Upstream) as upstream:
        Thread(target=upstream.serve_forever, daemon=True).start()
        with nginx(tmp_path, upstream.server_port) as (address, _), asking(address, "127.0.0.2") as client:
            claimed = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "http", "X-Request-ID": "a" * 32}
            assert client.get("/", headers=claimed).status_code == 204
        upstream.shutdown()
    assert (seen[0]["x-forwarded-for"], seen[0]["x-forwarded-proto"]) == ("127.0.0.2", "https")
    assert seen[0]["x-request-id"] != "a" * 32
    assert seen[0]["host"] == "returns.example"
