"""A real identity provider as a process of its own, and a browser that goes there and signs in."""

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from pydantic import SecretStr

from app.accounts import providers
from app.connections import Provider
from app.core.db import Database
from app.main import create_app
from app.settings import Settings
from tests.guards.source import PROJECT
from tests.web.conftest import Browser, fill

BASE = "http://testserver"
NODE = [str(PROJECT / ".node/bin/node"), "node"]


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the provider, which runs while the tests do."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = next(one for one in NODE if one == "node" or Path(one).exists())
    said = tmp_path_factory.mktemp("provider") / "said"
    with said.open("wb") as log:
        command = [program, "tests/oidc/provider.mjs", str(port), BASE]
        process = subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address, process, said)
            yield address
        finally:
            process.terminate()
            process.wait(10)


def _wait_for(address: str, process: subprocess.Popen[bytes], said: Path) -> None:
    for _ in range(200):
        assert process.poll() is None, said.read_text()
        try:
            httpx.get(f"{address}/.well-known/openid-configuration", timeout=2)
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(said.read_text())


def provider(issuer: str, key: str = "mail") -> Provider:
    secret = SecretStr({"mail": "secret of mail & more", "other": "secret of other"}[key])
    return Provider(key=key, label=f"NHS {key}", issuer=issuer, client_id=key, client_secret=secret)


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    """What one test's provider said of itself must not answer for another's."""
    providers._kept.clear()


@pytest.fixture
def app(database: Database, settings: Settings, issuer: str):
    """The service with two clients of the provider, one that is down and one that never answers."""
    fill(database)
    with closing(socket.socket()) as silent, closing(socket.socket()) as closed:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        closed.bind(("127.0.0.1", 0))
        spare = {"label": "NHS slow", "key": "slow", "issuer": f"http://127.0.0.1:{silent.getsockname()[1]}"}
        down = {"label": "NHS down", "key": "down", "issuer": f"http://127.0.0.1:{closed.getsockname()[1]}"}
        known = [
            provider(issuer), provider(issuer, "other"), provider(issuer).model_copy(update=spare), provider(issuer).model_copy(update=down),
        ]  # fmt: skip
        yield create_app(settings.model_copy(update={"oidc": known, "base_url": BASE}), database)


@pytest.fixture
def browser(app) -> Browser:
    return Browser(app)


def signed_in_there(address: str, account: str) -> str:
    """Goes to the provider, signs in as this account, and gives the address that it sends the person back to."""
    with httpx.Client(timeout=10) as there:
        for _ in range(10):
            answer = there.get(address)
            while answer.status_code == 200:
                action = re.search(r'action="([^"]+)"', answer.text)[1]
                fields = {"prompt": "login", "login": account, "password": "any"}
                answer = there.post(urljoin(str(answer.url), action), data=fields)
            address = urljoin(str(answer.url), answer.headers["location"])
            if address.startswith(BASE):
                return address
    raise AssertionError(address)
